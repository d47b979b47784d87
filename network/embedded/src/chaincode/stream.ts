import { type ClientDuplexStream } from '@grpc/grpc-js';
import { MalformedText, marshal, peer, signedProposalMessage } from '@lianyi/fabric-protocol';
import { handlers } from './handlers';
import { closeQueries, type TransactionContext } from './transaction-context';

type Message = peer.ChaincodeMessage;
type Call = ClientDuplexStream<Message, Message>;
const { Type } = peer.ChaincodeMessage;

/** Texts of core/chaincode/handler.go; the gateway recognises the second by its ending. */
const timeoutText = 'timeout expired while executing transaction';
const terminatedText = 'chaincode stream terminated';

interface Execution {
  readonly context: TransactionContext;
  readonly finish: (message: Message) => void;
  readonly fail: (error: Error) => void;
  busy: boolean;
}

/** Peer's side of one chaincode stream: hands over transactions and answers what the chaincode asks meanwhile. */
export class ChaincodeStream {
  readonly #executions = new Map<string, Execution>();
  #ended = false;

  private constructor(
    private readonly call: Call,
    private readonly log: (line: string) => void,
    private readonly onEnd: () => void,
  ) {}

  /**
   * Speaks the handshake: the chaincode registers under its package id, gets REGISTERED and READY.
   * @remarks READY announces batched writes and reads as a v3.1 peer with `chaincode.runtimeParams` does; the stock shim
   * ignores them. KEEPALIVE is never sent; real peers are configured so, too.
   */
  static open(call: Call, packageId: string, log: (line: string) => void, onEnd: () => void): Promise<ChaincodeStream> {
    const stream = new ChaincodeStream(call, log, onEnd);
    return new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        stream.#end();
        reject(error);
      };
      call.on('error', end);
      call.on('end', () => {
        end(new Error(terminatedText));
      });
      call.once('data', (message: Message) => {
        const registered =
          message.getType() === Type.REGISTER ? peer.ChaincodeID.deserializeBinary(message.getPayload_asU8()).getName() : '';
        if (registered !== packageId) {
          call.cancel();
          end(new Error(`chaincode registered as '${registered}', expected '${packageId}'`));
          return;
        }
        call.write(newMessage(Type.REGISTERED));
        call.write(newMessage(Type.READY, readyPayload()));
        call.on('data', (next: Message) => {
          stream.#receive(next);
        });
        resolve(stream);
      });
    });
  }

  /** Fails with Fabric's text on a second execution of the same transaction, on timeout and when the stream ends. */
  execute(context: TransactionContext, input: Buffer, timeoutMillis: number): Promise<Message> {
    const { channelId, txId, signed } = context.invocation;
    const identity = identityOf(channelId, txId);
    if (this.#ended) return Promise.reject(new Error(terminatedText));
    if (this.#executions.has(identity)) return Promise.reject(new Error(`txid: ${txId}(${channelId}) exists`));
    const message = newMessage(context.isInit === true ? Type.INIT : Type.TRANSACTION, input, txId, channelId);
    message.setProposal(signedProposalMessage(signed));
    let timer: NodeJS.Timeout | undefined;
    const execution = new Promise<Message>((resolve, reject) => {
      this.#executions.set(identity, { context, finish: resolve, fail: reject, busy: false });
      timer = setTimeout(() => {
        reject(new Error(timeoutText));
      }, timeoutMillis);
      this.call.write(message);
    });
    return execution.finally(() => {
      clearTimeout(timer);
      closeQueries(context);
      this.#executions.delete(identity);
    });
  }

  close(): void {
    this.call.end();
    this.call.cancel();
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { fail } of this.#executions.values()) fail(new Error(terminatedText));
    this.onEnd();
  }

  #receive(message: Message): void {
    const execution = this.#executions.get(identityOf(message.getChannelId(), message.getTxid()));
    const type = message.getType();
    if (type === Type.COMPLETED || type === Type.ERROR) {
      execution?.finish(message);
    } else if (type !== Type.KEEPALIVE) {
      void this.#answer(message, execution);
    }
  }

  async #answer(message: Message, execution: Execution | undefined): Promise<void> {
    const typeName = nameOf(message.getType());
    if (execution?.busy === true) {
      this.log(`dropped ${typeName}: another request of transaction ${message.getTxid()} is pending`);
      return;
    }
    const handler = handlers.get(message.getType());
    if (handler === undefined) {
      this.log(`unknown message ${typeName} from chaincode; closing its stream`);
      this.close();
      return;
    }
    if (execution !== undefined) execution.busy = true;
    const reply = await settle(async () => {
      if (execution === undefined) throw new Error('no ledger context');
      return await handler(message.getPayload_asU8(), execution.context);
    });
    if (execution !== undefined) execution.busy = false;
    if (this.#ended) return;
    this.call.write(
      reply instanceof Error
        ? newMessage(
            Type.ERROR,
            Buffer.from(`${typeName} failed: transaction ID: ${message.getTxid()}: ${reply.message}`),
            message.getTxid(),
            message.getChannelId(),
          )
        : newMessage(Type.RESPONSE, reply, message.getTxid(), message.getChannelId()),
    );
  }
}

async function settle(work: () => Promise<Buffer>): Promise<Buffer | Error> {
  try {
    return await work();
  } catch (error) {
    // core/chaincode/handler.go: what chaincode sent could not be decoded
    if (error instanceof MalformedText) return new Error(`unmarshal failed: ${error.message}`);
    return error instanceof Error ? error : new Error(String(error));
  }
}

const identityOf = (channelId: string, txId: string): string => `${channelId}\n${txId}`;

function nameOf(type: number): string {
  return Object.entries(Type).find(([, value]) => value === type)?.[0] ?? String(type);
}

/** @remarks Source: seen on a v3.1.5 peer: {true, 1000, true, 1000}. */
function readyPayload(): Buffer {
  const capabilities = new peer.ChaincodeAdditionalParams();
  capabilities.setUseWriteBatch(true);
  capabilities.setMaxSizeWriteBatch(1000);
  capabilities.setUseGetMultipleKeys(true);
  capabilities.setMaxSizeGetMultipleKeys(1000);
  return marshal(capabilities);
}

/** Replies must repeat transaction and channel: the shim finds the waiting request by them. */
function newMessage(
  type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap],
  payload: Buffer = Buffer.alloc(0),
  txId = '',
  channelId = '',
): Message {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setPayload(payload);
  message.setTxid(txId);
  message.setChannelId(channelId);
  return message;
}
