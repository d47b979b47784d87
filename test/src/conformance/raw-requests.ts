import { type Client, type ServiceError } from '@grpc/grpc-js';
import { type common, gateway, google, marshal } from '@lianyi/fabric-protocol';
import { craftProposal, type Craftsman } from './craft';

type SignedProposal = ReturnType<typeof craftProposal>;
type Envelope = common.Envelope;

/** A failed call without the stock client in between. */
export class RawServiceError extends Error {
  override readonly name = 'RawServiceError';

  constructor(
    readonly code: number,
    message: string,
    readonly details: readonly { readonly mspId: string; readonly message: string }[],
  ) {
    super(message);
  }
}

function rawError(error: ServiceError): RawServiceError {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const list = bytes === undefined ? [] : google.rpc.Status.deserializeBinary(Buffer.from(bytes)).getDetailsList();
  const details = list
    .map((any) => gateway.ErrorDetail.deserializeBinary(any.getValue_asU8()))
    .map((detail) => ({ mspId: detail.getMspId(), message: detail.getMessage() }));
  return new RawServiceError(error.code, error.message, details);
}

interface Message {
  serializeBinary(): Uint8Array;
}

/** When a call is given up. */
export interface CallLimits {
  readonly deadlineMillis?: number;
  readonly signal?: AbortSignal;
}

/** Calls a method of the gateway service with any message, good or bad. */
function callRaw<T>(
  client: Client,
  method: string,
  request: Message,
  type: { deserializeBinary(bytes: Uint8Array): T },
  { deadlineMillis = 20_000, signal }: CallLimits = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      `/gateway.Gateway/${method}`,
      (message: Message) => Buffer.from(message.serializeBinary()),
      (bytes: Buffer) => type.deserializeBinary(bytes),
      request,
      { deadline: Date.now() + deadlineMillis },
      (error: ServiceError | null, response?: T) => {
        if (error !== null) reject(rawError(error));
        else if (response === undefined) reject(new Error('no response'));
        else resolve(response);
      },
    );
    signal?.addEventListener('abort', () => {
      call.cancel();
    });
  });
}

export async function evaluateRaw(client: Client, proposal: SignedProposal | undefined): Promise<string> {
  const request = new gateway.EvaluateRequest();
  request.setChannelId('emr');
  if (proposal !== undefined) request.setProposedTransaction(proposal);
  await callRaw(client, 'Evaluate', request, gateway.EvaluateResponse);
  return 'ok';
}

export async function endorseRaw(client: Client, proposal: SignedProposal | undefined): Promise<string> {
  const request = new gateway.EndorseRequest();
  request.setChannelId('emr');
  if (proposal !== undefined) request.setProposedTransaction(proposal);
  await callRaw(client, 'Endorse', request, gateway.EndorseResponse);
  return 'ok';
}

/** The transaction the gateway makes of a proposal, unsigned. */
export async function prepareRaw(client: Client, proposal: SignedProposal): Promise<Envelope> {
  const endorse = new gateway.EndorseRequest();
  endorse.setChannelId('emr');
  endorse.setProposedTransaction(proposal);
  const envelope = (await callRaw(client, 'Endorse', endorse, gateway.EndorseResponse)).getPreparedTransaction();
  if (envelope === undefined) throw new Error('no transaction was prepared');
  return envelope;
}

/** Endorses a good proposal, then submits the transaction signed by `signature`. */
export async function submitRaw(
  client: Client,
  craftsman: Craftsman,
  signature: (payload: Buffer) => Buffer,
  channelId = 'emr',
): Promise<string> {
  const envelope = await prepareRaw(client, craftProposal(craftsman, { args: ['put', `crafted-${Date.now()}`, 'x'] }));
  envelope.setSignature(signature(Buffer.from(envelope.getPayload_asU8())));
  await submitEnvelope(client, envelope, channelId);
  return 'ok';
}

export async function commitStatusRaw(
  client: Client,
  craftsman: Craftsman,
  channelId: string,
  { txId = 'f'.repeat(64), ...limits }: CallLimits & { readonly txId?: string } = {},
): Promise<string> {
  const request = new gateway.CommitStatusRequest();
  request.setChannelId(channelId);
  request.setTransactionId(txId);
  request.setIdentity(craftsman.creator);
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(marshal(request));
  signed.setSignature(craftsman.sign(marshal(request)));
  await callRaw(client, 'CommitStatus', signed, gateway.CommitStatusResponse, limits);
  return 'ok';
}

/** Sends an envelope as it is through the gateway. */
export async function submitEnvelope(client: Client, envelope: Envelope, channelId = 'emr'): Promise<void> {
  const request = new gateway.SubmitRequest();
  request.setChannelId(channelId);
  request.setPreparedTransaction(envelope);
  await callRaw(client, 'Submit', request, gateway.SubmitResponse);
}
