import { bytesOf, marshal, peer } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type ChaincodeExecutor } from './connection';
import { type Invocation, type TransactionContext } from './transaction-context';

/** Chaincode as one peer sees it: what is installed, and what its organisation has approved. */
interface ChaincodeHost {
  executor(channel: EmbeddedChannel, chaincode: string): ChaincodeExecutor | undefined;
  isApproved(channel: EmbeddedChannel, chaincode: string): boolean;
  /** System chaincode called by chaincode, e.g. qscc; `undefined` for any other name. */
  callSystemChaincode(name: string, invocation: Invocation, input: peer.ChaincodeInput): peer.Response | undefined;
  /** Runs chaincode of another channel in a simulator of its own; throws Fabric's refusal when the creator may not. */
  invokeOnChannel(channelId: string, invocation: Invocation, chaincode: string, input: Buffer): Promise<peer.ChaincodeMessage>;
}

/** @remarks Source: core/chaincode/chaincode_support.go InitializedKeyName; the character is utf8.MaxRune. */
const initializedKey = '\u0000\u{10FFFF}initialized';

/**
 * Runs chaincode of one channel and the chaincode it calls.
 * @remarks Source: core/chaincode/chaincode_support.go and handler.go HandleInvokeChaincode; the texts are theirs.
 */
export class ChaincodeSupport {
  constructor(
    private readonly channel: EmbeddedChannel,
    private readonly host: ChaincodeHost,
  ) {}

  /** Answers COMPLETED or ERROR of the chaincode; throws when it could not be executed. */
  async invoke(invocation: Invocation, chaincode: string, input: Buffer): Promise<peer.ChaincodeMessage> {
    invocation.simulator.readSequence(chaincode);
    const executor = this.#findExecutor(chaincode);
    const context: TransactionContext = {
      invocation,
      namespace: chaincode,
      isInit: this.#checkInit(invocation, chaincode, peer.ChaincodeInput.deserializeBinary(input).getIsInit()),
      queries: new Map(),
      invokeChaincode: (target, targetInput) => this.#callFromChaincode(invocation, target, targetInput),
    };
    return executor.execute(context, input);
  }

  #findExecutor(chaincode: string): ChaincodeExecutor {
    const { name } = this.channel;
    const prefix = `invalid invocation: [channel ${name}] failed to get chaincode container info for ${chaincode}: `;
    const definition = this.channel.definitions.get(chaincode);
    if (definition === undefined) throw new Error(`${prefix}chaincode ${chaincode} not found`);
    if (!this.host.isApproved(this.channel, chaincode)) {
      throw new Error(
        `${prefix}chaincode definition for '${chaincode}' at sequence ${definition.sequence} on channel '${name}' has not yet been approved by this org`,
      );
    }
    const executor = this.host.executor(this.channel, chaincode);
    if (executor === undefined) throw new Error(`${prefix}chaincode definition for '${chaincode}' exists, but chaincode is not installed`);
    return executor;
  }

  /** Init happens exactly once per version, if the definition asks for it. */
  #checkInit({ simulator }: Invocation, chaincode: string, isInit: boolean): boolean {
    const definition = this.channel.definitions.get(chaincode);
    const required = definition?.initRequired === true;
    const isDone = required && simulator.getState(chaincode, initializedKey)?.toString() === definition.version;
    const refuse = (reason: string): never => {
      throw new Error(`invalid invocation: chaincode '${chaincode}' ${reason}`);
    };
    if (!isInit) return required && !isDone ? refuse('has not been initialized for this version, must call as init first') : false;
    if (!required) return refuse('does not require initialization but called as init');
    if (isDone) return refuse('is already initialized but called as init');
    simulator.setState(chaincode, initializedKey, Buffer.from(definition.version));
    return true;
  }

  /** `target` may be `chaincode:version/channel`; the version does not count. */
  async #callFromChaincode(invocation: Invocation, target: string, input: Buffer): Promise<Buffer> {
    const [nameAndVersion = '', namedChannel = ''] = splitOnce(target, '/');
    const channelId = namedChannel === '' ? this.channel.name : namedChannel;
    const [name = ''] = splitOnce(nameAndVersion, ':');
    const answer = this.host.callSystemChaincode(name, invocation, peer.ChaincodeInput.deserializeBinary(input));
    if (answer !== undefined) return marshal(completed(invocation, answer));
    if (channelId !== this.channel.name) return marshal(await this.host.invokeOnChannel(channelId, invocation, name, input));
    return marshal(await executed(() => this.invoke(invocation, name, input)));
  }
}

/** How an execution that failed is told to the calling chaincode. */
export async function executed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`execute failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function completed({ txId, channelId }: Invocation, response: peer.Response): peer.ChaincodeMessage {
  const message = new peer.ChaincodeMessage();
  message.setType(peer.ChaincodeMessage.Type.COMPLETED);
  message.setTxid(txId);
  message.setChannelId(channelId);
  message.setPayload(bytesOf(response.serializeBinary()));
  return message;
}
