import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type requestCallback, type ServiceError } from '@grpc/grpc-js';
import {
  assembleTransaction,
  bytesOf,
  type common,
  type Endorsed,
  endorsedIn,
  gateway,
  google,
  MalformedMessage,
  marshal,
  newSignedProposal,
  peer,
  resultOfPayload,
  type SignedBytes,
  signedProposalMessage,
  type Signer,
} from '@lianyi/fabric-protocol';
import { loadSigner, OperatorError, organizationPaths, userNames, sentenceOf, verbatim } from '@lianyi/network-model';
import { type ChannelHandle } from '../session/channel-handle';
import { LOOPBACK, loopbackAddress, nodeTls } from '../node-connection';

export interface ChaincodeRequest {
  readonly chaincode: string;
  readonly args: readonly string[];
  /** Who asks, at the organisation's own peer. */
  readonly organization: string;
  readonly user: string;
  /** Organisations that must endorse; chosen by the peer if empty. */
  readonly endorsers: readonly string[];
  readonly transient: ReadonlyMap<string, Buffer>;
  readonly isInit: boolean;
}
interface Invoked {
  readonly transactionId: string;
  readonly blockNumber: number;
  readonly result: string;
}

const CALL_MILLIS = 30_000;

class Caller {
  readonly #client: gateway.GatewayClient;
  readonly #signer: Signer;

  constructor(
    private readonly channel: ChannelHandle,
    private readonly call: ChaincodeRequest,
  ) {
    const organization = channel.organization(call.organization);
    if (!userNames(organization).includes(call.user)) {
      throw new OperatorError('UNKNOWN_NAME', {
        en: `${organization.mspId} has no user ${call.user}; there are ${userNames(organization).join(', ')}`,
        zh: `${organization.mspId} 没有用户 ${call.user}；现有 ${userNames(organization).join('、')}`,
      });
    }
    const paths = organizationPaths(channel.dataDir, organization);
    const { node } = channel.peerOf(organization);
    this.#client = new gateway.GatewayClient(
      loopbackAddress(node.port),
      nodeTls(readFileSync(join(paths.node('peer', node.index).tls, 'ca.crt'))),
      LOOPBACK,
    );
    this.#signer = loadSigner(paths.user(call.user).msp, organization.mspId);
  }

  close(): void {
    this.#client.close();
  }

  #propose(): { readonly txId: string; readonly proposal: SignedBytes; readonly signed: peer.SignedProposal } {
    const { chaincode, args, transient, isInit } = this.call;
    const proposal = newSignedProposal(
      { channelId: this.channel.name, chaincode, args: args.map((argument) => Buffer.from(argument)), transient, isInit },
      this.#signer,
      Date.now(),
    );
    return { txId: proposal.txId, proposal, signed: signedProposalMessage(proposal) };
  }

  get #endorsers(): string[] {
    return this.call.endorsers.map((name) => this.channel.organization(name).mspId);
  }

  async evaluate(): Promise<string> {
    const { txId, signed } = this.#propose();
    const request = new gateway.EvaluateRequest();
    request.setTransactionId(txId);
    request.setChannelId(this.channel.name);
    request.setProposedTransaction(signed);
    request.setTargetOrganizationsList(this.#endorsers);
    const answer = await unary<gateway.EvaluateResponse>((deadline, done) => this.#client.evaluate(request, deadline, done));
    return Buffer.from(answer.getResult()?.getPayload_asU8() ?? []).toString('utf8');
  }

  async submit(): Promise<Invoked> {
    const { txId, proposal, signed } = this.#propose();
    const endorse = new gateway.EndorseRequest();
    endorse.setTransactionId(txId);
    endorse.setChannelId(this.channel.name);
    endorse.setProposedTransaction(signed);
    endorse.setEndorsingOrganizationsList(this.#endorsers);
    const endorsed = await unary<gateway.EndorseResponse>((deadline, done) => this.#client.endorse(endorse, deadline, done));
    const answers = answersIn(endorsed, proposal);
    await this.#order(txId, assembleTransaction(proposal, answers, this.#signer));
    const status = await this.#commitStatus(txId);
    if (status.getResult() !== peer.TxValidationCode.VALID) {
      const name = Object.entries(peer.TxValidationCode).find(([, code]) => code === status.getResult())?.[0] ?? String(status.getResult());
      throw new OperatorError('FABRIC_REFUSED', {
        en: `transaction ${txId} was committed as invalid: ${name}`,
        zh: `交易 ${txId} 提交后被判无效：${name}`,
      });
    }
    return { transactionId: txId, blockNumber: status.getBlockNumber(), result: resultOf(answers) };
  }

  async #order(txId: string, envelope: common.Envelope): Promise<void> {
    const submit = new gateway.SubmitRequest();
    submit.setTransactionId(txId);
    submit.setChannelId(this.channel.name);
    submit.setPreparedTransaction(envelope);
    await unary<gateway.SubmitResponse>((deadline, done) => this.#client.submit(submit, deadline, done));
  }

  async #commitStatus(txId: string): Promise<gateway.CommitStatusResponse> {
    const request = new gateway.CommitStatusRequest();
    request.setTransactionId(txId);
    request.setChannelId(this.channel.name);
    request.setIdentity(this.#signer.serializedIdentity);
    const bytes = marshal(request);
    const signed = new gateway.SignedCommitStatusRequest();
    signed.setRequest(bytes);
    signed.setSignature(this.#signer.sign(bytes));
    return unary<gateway.CommitStatusResponse>((deadline, done) => this.#client.commitStatus(signed, deadline, done));
  }
}

/**
 * What the endorsers said of the proposal. The transaction that the peer put around it is not used: what is signed is only what was
 * proposed.
 * @throws {@link OperatorError} `FABRIC_REFUSED` — the peer answered with something else.
 */
function answersIn(response: gateway.EndorseResponse, proposal: SignedBytes): readonly Endorsed[] {
  const prepared = response.getPreparedTransaction();
  if (!prepared)
    throw new OperatorError('FABRIC_REFUSED', { en: 'the peer answered without a transaction', zh: 'peer 节点的应答中没有交易' });
  try {
    return endorsedIn(prepared, proposal);
  } catch (cause) {
    if (!(cause instanceof MalformedMessage)) throw cause;
    throw new OperatorError(
      'FABRIC_REFUSED',
      {
        en: `the peer answered with another transaction than proposed: ${sentenceOf(cause).en}`,
        zh: `peer 节点应答的交易与提案不同：${sentenceOf(cause).zh}`,
      },
      { cause },
    );
  }
}

function resultOf([answer]: readonly Endorsed[]): string {
  return answer ? resultOfPayload(bytesOf(answer.payload)).toString('utf8') : '';
}

/** @throws {@link OperatorError} `FABRIC_REFUSED` in the peer's words, with those of each endorser. */
async function unary<T>(send: (deadline: { deadline: number }, done: requestCallback<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send({ deadline: Date.now() + CALL_MILLIS }, (error, value) => {
      if (value !== undefined) resolve(value);
      else reject(new OperatorError('FABRIC_REFUSED', verbatim(wordsOf(error)), { cause: error }));
    });
  });
}

function wordsOf(error: ServiceError | null): string {
  const [trailer] = error?.metadata.get('grpc-status-details-bin') ?? [];
  return refusalWords(error?.details ?? 'no answer', Buffer.isBuffer(trailer) ? detailsOf(trailer) : []);
}

/** What one endorser answered. */
interface EndorserWords {
  readonly mspId: string;
  readonly message: string;
}

/** Each thing once: who said the same is named together, and the summary goes where it only repeats them. */
export function refusalWords(summary: string, endorsers: readonly EndorserWords[]): string {
  const said = [...Map.groupBy(endorsers, ({ message }) => message)].map(
    ([message, who]) => `${[...new Set(who.map(({ mspId }) => mspId))].join(', ')}: ${message}`,
  );
  const isRepeated = endorsers.some(({ message }) => message !== '' && summary.endsWith(message));
  return [...(isRepeated ? [] : [summary]), ...said].join('; ');
}

/** @remarks Source: google.rpc.Status of gateway.ErrorDetail (internal/pkg/gateway/apiutils.go). */
function detailsOf(trailer: Buffer): readonly EndorserWords[] {
  return google.rpc.Status.deserializeBinary(trailer)
    .getDetailsList()
    .map((detail) => {
      const { mspId, message } = gateway.ErrorDetail.deserializeBinary(detail.getValue_asU8()).toObject();
      return { mspId, message };
    });
}

/** Reads the chaincode's answer without changing anything. */
export async function queryChaincode(channel: ChannelHandle, call: ChaincodeRequest): Promise<string> {
  const caller = new Caller(channel, call);
  try {
    return await caller.evaluate();
  } finally {
    caller.close();
  }
}

/** Endorses, orders and waits for the commit. */
export async function invokeChaincode(channel: ChannelHandle, call: ChaincodeRequest): Promise<Invoked> {
  const caller = new Caller(channel, call);
  try {
    return await caller.submit();
  } finally {
    caller.close();
  }
}
