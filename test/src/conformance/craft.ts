import { createHash, randomBytes } from 'node:crypto';
import { type Client, type ServiceError } from '@grpc/grpc-js';
import { internals } from '@lianyi/network';

const { common, gateway, google, marshal, peer, Timestamp } = { ...internals.proto, marshal: internals.proto.marshal };

/** Who signs and as whom; a test may join a certificate and a key that do not belong together. */
export interface Craftsman {
  readonly creator: Buffer;
  readonly sign: (bytes: Buffer) => Buffer;
}

/** What of a proposal a test wants different from a good one. */
export interface Twist {
  readonly type?: number;
  readonly epoch?: number;
  readonly nonce?: Buffer;
  readonly creator?: Buffer;
  readonly txId?: string;
  /** Milliseconds beside the clock; `null` = no timestamp at all. */
  readonly skewMillis?: number | null;
  readonly extension?: Buffer;
  readonly payload?: Buffer;
  readonly signature?: Buffer;
  readonly channelId?: string;
  readonly args?: readonly string[];
}

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

/** Calls a method of the gateway service with any message, good or bad. */
export function callRaw<T>(
  client: Client,
  method: string,
  request: Message,
  type: { deserializeBinary(bytes: Uint8Array): T },
  deadlineMillis = 20_000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
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
  });
}

export function craftProposal(craftsman: Craftsman, twist: Twist = {}): InstanceType<typeof peer.SignedProposal> {
  const nonce = twist.nonce ?? randomBytes(24);
  const creator = twist.creator ?? craftsman.creator;
  const header = new common.Header();
  header.setChannelHeader(channelHeader(twist, twist.txId ?? createHash('sha256').update(nonce).update(creator).digest('hex')));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(nonce);
  header.setSignatureHeader(marshal(signatureHeader));
  const proposal = new peer.Proposal();
  proposal.setHeader(marshal(header));
  proposal.setPayload(twist.payload ?? chaincodePayload(twist.args ?? ['get', 'crafted']));
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(marshal(proposal));
  signed.setSignature(twist.signature ?? craftsman.sign(marshal(proposal)));
  return signed;
}

function channelHeader(twist: Twist, txId: string): Buffer {
  const header = new common.ChannelHeader();
  header.setType(twist.type ?? 3);
  header.setTxId(txId);
  header.setChannelId(twist.channelId ?? 'emr');
  header.setEpoch(twist.epoch ?? 0);
  if (twist.skewMillis !== null) {
    const timestamp = new Timestamp();
    timestamp.fromDate(new Date(Date.now() + (twist.skewMillis ?? 0)));
    header.setTimestamp(timestamp);
  }
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId());
  header.setExtension$(twist.extension ?? marshal(extension));
  return marshal(header);
}

function chaincodePayload(args: readonly string[]): Buffer {
  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((arg) => Buffer.from(arg)));
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId());
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(marshal(invocation));
  return marshal(payload);
}

function chaincodeId(): InstanceType<typeof peer.ChaincodeID> {
  const id = new peer.ChaincodeID();
  id.setName('t');
  return id;
}

/** A certificate a test made up: of a real authority unless `ca` is foreign, of any role, age and MSP. */
export async function issueCraftsman(
  ca: internals.CertificateAuthority,
  mspId: string,
  { units = ['client'], notAfter }: { readonly units?: readonly string[]; readonly notAfter?: Date } = {},
): Promise<Craftsman> {
  const identity = await internals.issueIdentity(ca, {
    commonName: 'crafted',
    organization: 'hospital-a.example',
    organizationalUnits: units,
    ...(notAfter === undefined ? {} : { notAfter }),
  });
  const signer = internals.createSigner(mspId, identity.certificatePem, identity.privateKeyPem);
  return { creator: signer.serializedIdentity, sign: (bytes) => signer.sign(bytes) };
}

export async function evaluateRaw(client: Client, proposal: InstanceType<typeof peer.SignedProposal> | undefined): Promise<string> {
  const request = new gateway.EvaluateRequest();
  request.setChannelId('emr');
  if (proposal !== undefined) request.setProposedTransaction(proposal);
  await callRaw(client, 'Evaluate', request, gateway.EvaluateResponse);
  return 'ok';
}

export async function endorseRaw(client: Client, proposal: InstanceType<typeof peer.SignedProposal> | undefined): Promise<string> {
  const request = new gateway.EndorseRequest();
  request.setChannelId('emr');
  if (proposal !== undefined) request.setProposedTransaction(proposal);
  await callRaw(client, 'Endorse', request, gateway.EndorseResponse);
  return 'ok';
}

/** Endorses a good proposal, then submits the transaction signed by `signature`. */
export async function submitRaw(
  client: Client,
  craftsman: Craftsman,
  signature: (payload: Buffer) => Buffer,
  channelId = 'emr',
): Promise<string> {
  const endorse = new gateway.EndorseRequest();
  endorse.setChannelId('emr');
  endorse.setProposedTransaction(craftProposal(craftsman, { args: ['put', `crafted-${Date.now()}`, 'x'] }));
  const endorsed = await callRaw(client, 'Endorse', endorse, gateway.EndorseResponse);
  const envelope = endorsed.getPreparedTransaction();
  if (envelope === undefined) throw new Error('no transaction was prepared');
  envelope.setSignature(signature(Buffer.from(envelope.getPayload_asU8())));
  const submit = new gateway.SubmitRequest();
  submit.setChannelId(channelId);
  submit.setPreparedTransaction(envelope);
  await callRaw(client, 'Submit', submit, gateway.SubmitResponse);
  return 'ok';
}

export async function commitStatusRaw(client: Client, craftsman: Craftsman, channelId: string, deadlineMillis?: number): Promise<string> {
  const request = new gateway.CommitStatusRequest();
  request.setChannelId(channelId);
  request.setTransactionId('f'.repeat(64));
  request.setIdentity(craftsman.creator);
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(marshal(request));
  signed.setSignature(craftsman.sign(marshal(request)));
  await callRaw(client, 'CommitStatus', signed, gateway.CommitStatusResponse, deadlineMillis);
  return 'ok';
}
