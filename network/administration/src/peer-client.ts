import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type requestCallback, type ServiceError, status } from '@grpc/grpc-js';
import {
  assembleTransaction,
  bytesOf,
  type common,
  gateway,
  type LifecyclePeer,
  marshal,
  type NewProposal,
  peer,
  signedProposalMessage,
  type Signer,
} from '@lianyi/fabric-protocol';
import { ADMIN_USER, loadSigner, OperatorError, organizationPaths, type PeerEndpoint, type Sentence } from '@lianyi/network-model';
import { signCall, type SignedCall } from './transaction';
import { LOOPBACK, loopbackAddress, nodeTls } from './node-connection';

const CALL_MILLIS = 60_000;
/** How long a transaction whose submit failed may take to show up all the same. */
const DOUBT_MILLIS = 1_500;
const OK = 200;

type TransactionName = Pick<SignedCall, 'channelId' | 'transactionId'>;

interface Connections {
  readonly endorser: peer.EndorserClient;
  readonly gateway: gateway.GatewayClient;
}

/** One organisation's administrator at its own peer. Connects at the first call, and again at the next one after a close. */
export class PeerClient implements LifecyclePeer {
  readonly signer: Signer;
  readonly #tlsCa: Buffer;
  #connections: Connections | undefined;

  constructor(
    readonly node: PeerEndpoint,
    dataDir: string,
  ) {
    const paths = organizationPaths(dataDir, node.organization);
    this.#tlsCa = readFileSync(join(paths.node('peer', node.index).tls, 'ca.crt'));
    this.signer = loadSigner(paths.user(ADMIN_USER).msp, node.organization.mspId);
  }

  close(): void {
    this.#connections?.endorser.close();
    this.#connections?.gateway.close();
    this.#connections = undefined;
  }

  #connected(): Connections {
    if (this.#connections) return this.#connections;
    const tls = nodeTls(this.#tlsCa);
    const options = { ...LOOPBACK, 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
    const address = loopbackAddress(this.node.port);
    this.#connections = {
      endorser: new peer.EndorserClient(address, tls, options),
      gateway: new gateway.GatewayClient(address, tls, options),
    };
    return this.#connections;
  }

  get mspId(): string {
    return this.node.organization.mspId;
  }

  /** Sends a signed call; a refusal by the peer becomes an {@link OperatorError} with the peer's own words. */
  async propose(call: SignedCall, timeoutMillis = CALL_MILLIS): Promise<peer.ProposalResponse> {
    const { value, error } = await unary<peer.ProposalResponse>((done) => {
      this.#connected().endorser.processProposal(signedProposalMessage(call), deadline(timeoutMillis), done);
    });
    if (!value) throw this.#refusal({ en: 'was asked', zh: '收到询问' }, error);
    const response = value.getResponse();
    if (response?.getStatus() !== OK)
      throw new OperatorError('FABRIC_REFUSED', {
        en: `${this.node.name} refused: ${response?.getMessage() ?? 'no response'}`,
        zh: `${this.node.name} 拒绝了：${response?.getMessage() ?? '无应答'}`,
      });
    return value;
  }

  /** Signs and sends a call that only reads, or that changes the peer itself; answers its payload. */
  async query(call: NewProposal, timeoutMillis = CALL_MILLIS): Promise<Buffer> {
    const answer = await this.propose(signCall(call, this.signer), timeoutMillis);
    return bytesOf(answer.getResponse()?.getPayload_asU8() ?? new Uint8Array());
  }

  /** Endorses at the given peers, orders, and waits until this peer has committed it as valid. */
  async submit(call: NewProposal, endorsers: readonly PeerClient[]): Promise<void> {
    const signed = signCall(call, this.signer);
    const responses = await Promise.all(endorsers.map((endorser) => endorser.propose(signed)));
    const endorsed = responses.map((response) => ({ payload: response.getPayload_asU8(), endorsement: response.getEndorsement() }));
    const envelope = assembleTransaction(signed, endorsed, this.signer);
    const until = Date.now() + CALL_MILLIS;
    for (;;) {
      const failure = await this.#order(signed, envelope);
      // Under BFT a submit can be called failed although the transaction is on its way: the ledger
      // is asked first, and then the very same envelope is sent again, which can take effect only once.
      const code = await this.#committedCode(signed, failure ? DOUBT_MILLIS : CALL_MILLIS);
      if (code === peer.TxValidationCode.VALID) return;
      if (code !== undefined)
        throw new OperatorError('FABRIC_REFUSED', {
          en: `transaction ${signed.transactionId} was committed as invalid: ${codeName(code)}`,
          zh: `交易 ${signed.transactionId} 提交后被判无效：${codeName(code)}`,
        });
      if (failure?.code !== status.UNAVAILABLE || Date.now() >= until)
        throw this.#refusal({ en: 'was given a transaction', zh: '收到交易' }, failure);
    }
  }

  async #order(call: SignedCall, envelope: common.Envelope): Promise<ServiceError | undefined> {
    const request = new gateway.SubmitRequest();
    request.setChannelId(call.channelId);
    request.setTransactionId(call.transactionId);
    request.setPreparedTransaction(envelope);
    const { error } = await unary<gateway.SubmitResponse>((done) => {
      this.#connected().gateway.submit(request, deadline(CALL_MILLIS), done);
    });
    return error;
  }

  /**
   * Waits until this peer has committed a transaction of a channel, whoever sent it.
   * @returns the name of its validation code, `VALID` if it took effect; `undefined`: not within the time
   * @throws {@link OperatorError} `NOT_RUNNING`, `FABRIC_REFUSED`
   */
  async validationOf(transaction: TransactionName, timeoutMillis: number): Promise<string | undefined> {
    const code = await this.#committedCode(transaction, timeoutMillis);
    return code === undefined ? undefined : codeName(code);
  }

  /** Validation code of the transaction once this peer has committed it; `undefined` if it has not within the time. */
  async #committedCode({ channelId, transactionId }: TransactionName, timeoutMillis: number): Promise<number | undefined> {
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(channelId);
    request.setTransactionId(transactionId);
    request.setIdentity(this.signer.serializedIdentity);
    const signed = new gateway.SignedCommitStatusRequest();
    const bytes = marshal(request);
    signed.setRequest(bytes);
    signed.setSignature(this.signer.sign(bytes));
    const { value, error } = await unary<gateway.CommitStatusResponse>((done) => {
      this.#connected().gateway.commitStatus(signed, deadline(timeoutMillis), done);
    });
    if (error && error.code !== status.DEADLINE_EXCEEDED)
      throw this.#refusal({ en: 'was asked for a commit', zh: '被询问提交结果' }, error);
    return value?.getResult();
  }

  #refusal(event: Sentence, error: ServiceError | undefined): OperatorError {
    // grpc-js's own words, with the resolver's notes behind them
    if (error?.details.startsWith('No connection established') === true) {
      const { name } = this.node;
      return new OperatorError(
        'NOT_RUNNING',
        {
          en: `${name} does not answer; 'status' tells whether it runs, 'node start ${name}' starts it`,
          zh: `${name} 没有应答；用 status 查看它是否运行，用 node start ${name} 启动它`,
        },
        {
          cause: error,
        },
      );
    }
    return new OperatorError(
      'FABRIC_REFUSED',
      {
        en: `${this.node.name} ${event.en}: ${error?.details ?? 'no answer in time'}`,
        zh: `${this.node.name} ${event.zh}：${error?.details ?? '没有及时应答'}`,
      },
      { cause: error },
    );
  }
}

function codeName(code: number): string {
  return Object.entries(peer.TxValidationCode).find(([, value]) => value === code)?.[0] ?? String(code);
}

function deadline(millis: number): { readonly deadline: number } {
  return { deadline: Date.now() + millis };
}

interface Answer<T> {
  readonly value?: T;
  readonly error?: ServiceError;
}

async function unary<T>(send: (done: requestCallback<T>) => void): Promise<Answer<T>> {
  return new Promise((resolve) => {
    send((error, value) => {
      resolve({ ...(value !== undefined && { value }), ...(error && { error }) });
    });
  });
}
