import { bytesOf, marshal, peer } from '../../wire/proto';
import { type ChaincodeDefinitions } from '../ports';
import { type ChaincodeRuntime } from './runtime';
import { type Invocation, type TransactionContext } from './transaction-context';

/** Chaincode as one peer sees it: what is installed, and what its organisation has approved. */
export interface ChaincodeHost {
  readonly definitions: ChaincodeDefinitions;
  runtime(chaincode: string): ChaincodeRuntime | undefined;
  isApproved(chaincode: string): boolean;
  /** System chaincode called by chaincode, e.g. qscc; `undefined` for any other name. */
  callSystemChaincode(name: string, invocation: Invocation, input: peer.ChaincodeInput): peer.Response | undefined;
  /** Fabric's refusal when the creator may not call chaincode of that channel. */
  checkChannel(channelId: string): void;
}

/** Runs chaincode and the chaincode it calls. @remarks Source: core/chaincode/chaincode_support.go; the texts are its. */
export class ChaincodeSupport {
  constructor(
    private readonly channelName: string,
    private readonly host: ChaincodeHost,
  ) {}

  /** Answers COMPLETED or ERROR of the chaincode; throws when it could not be executed. */
  async invoke(invocation: Invocation, chaincode: string, input: Buffer): Promise<peer.ChaincodeMessage> {
    invocation.simulator.readSequence(chaincode);
    const runtime = this.findRuntime(chaincode);
    const context: TransactionContext = {
      invocation,
      namespace: chaincode,
      queries: new Map(),
      invokeChaincode: (target, targetInput) => this.callFromChaincode(invocation, target, targetInput),
    };
    return runtime.execute(context, input);
  }

  private findRuntime(chaincode: string): ChaincodeRuntime {
    const prefix = `invalid invocation: [channel ${this.channelName}] failed to get chaincode container info for ${chaincode}: `;
    const definition = this.host.definitions.get(chaincode);
    if (definition === undefined) throw new Error(`${prefix}chaincode ${chaincode} not found`);
    if (!this.host.isApproved(chaincode)) {
      throw new Error(
        `${prefix}chaincode definition for '${chaincode}' at sequence ${definition.sequence} on channel '${this.channelName}' has not yet been approved by this org`,
      );
    }
    const runtime = this.host.runtime(chaincode);
    if (runtime === undefined) throw new Error(`${prefix}chaincode definition for '${chaincode}' exists, but chaincode is not installed`);
    return runtime;
  }

  /** `target` may be `chaincode/channel`; another channel's chaincode could only be read, and there is only this channel. */
  private async callFromChaincode(invocation: Invocation, target: string, input: Buffer): Promise<Buffer> {
    const [nameAndVersion = '', channelId = this.channelName] = splitOnce(target, '/');
    const [name = ''] = splitOnce(nameAndVersion, ':');
    const answer = this.host.callSystemChaincode(name, invocation, peer.ChaincodeInput.deserializeBinary(input));
    if (answer !== undefined) return marshal(completed(invocation, answer));
    this.host.checkChannel(channelId);
    try {
      return marshal(await this.invoke(invocation, name, input));
    } catch (error) {
      throw new Error(`execute failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
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
