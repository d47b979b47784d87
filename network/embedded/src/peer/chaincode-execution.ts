import { bytesOf, decodeOr, marshal, peer, type SignedData, type UnpackedProposal, unpackProposal } from '@lianyi/fabric-protocol';
import { CollectionPermissions } from '../chaincode/collection-permissions';
import { type ChaincodeExecutor } from '../chaincode/connection';
import { ChaincodeSupport, executed } from '../chaincode/support';
import { type Invocation } from '../chaincode/transaction-context';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type ChaincodeDefinition } from '../ledger/chaincode-definition';
import { Simulator } from '../sim/simulator';
import { refuseAccess, unknownAtPeer, writersPath } from './access';
import { isApproved } from './approvals';
import { type FindChannel, type SystemCall, type SystemChaincode } from './system-chaincode';

export interface ExecutionParts {
  readonly mspId: string;
  /** The peer's name as keeper of private data. */
  readonly holder: string;
  readonly findChannel: FindChannel;
  /** The chaincode installed at the peer that a channel's definition means. */
  readonly findExecutor: (channel: EmbeddedChannel, chaincode: string) => ChaincodeExecutor | undefined;
  readonly systemChaincodes: ReadonlyMap<string, SystemChaincode>;
}

export interface Execution {
  readonly response: peer.Response;
  /** Marshalled ChaincodeEvent; empty if none. */
  readonly event: Buffer;
  readonly version: string;
}

/** From this response status on nothing is endorsed (shim.ERRORTHRESHOLD). */
export const errorThreshold = 400;

/** Executes chaincode for one peer on any channel it has joined. @remarks Source: core/endorser/endorser.go; the texts are its. */
export class ChaincodeExecution {
  /** An approval of a committed definition is never taken back, so only its absence is looked up again. */
  readonly #approved = new WeakSet<ChaincodeDefinition>();
  readonly #supports = new WeakMap<EmbeddedChannel, ChaincodeSupport>();

  constructor(private readonly parts: ExecutionParts) {}

  /** What this peer would tell others it runs: approved by its organisation and installed, or part of the peer. */
  runs(channel: EmbeddedChannel, chaincode: string): boolean {
    if (this.parts.systemChaincodes.has(chaincode)) return true;
    return this.#isApproved(channel, chaincode) && this.parts.findExecutor(channel, chaincode) !== undefined;
  }

  newSimulator(channel: EmbeddedChannel, txId: string): Simulator {
    return new Simulator({ state: channel.state, definitions: channel.definitions, holder: this.parts.holder }, txId);
  }

  async execute(channel: EmbeddedChannel, proposal: UnpackedProposal, simulator: Simulator): Promise<Execution> {
    const { chaincodeName, txId } = proposal;
    const definition = channel.definitions.get(chaincodeName);
    if (definition === undefined) {
      throw new Error(
        `make sure the chaincode ${chaincodeName} has been successfully defined on channel ${channel.name} and try again: chaincode ${chaincodeName} not found`,
      );
    }
    const invocation = newInvocation(channel, proposal, simulator);
    try {
      const message = await this.#support(channel).invoke(invocation, chaincodeName, marshal(proposal.input));
      return { ...readExecution(message, chaincodeName, txId), version: definition.version };
    } catch (error) {
      if (error instanceof ChaincodeFailure) throw new Error(`error in simulation: ${error.message}`, { cause: error });
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`error in simulation: failed to execute transaction ${txId}: ${text}`, { cause: error });
    }
  }

  #isApproved(channel: EmbeddedChannel, chaincode: string): boolean {
    const definition = channel.definitions.get(chaincode);
    if (definition === undefined) return false;
    if (this.#approved.has(definition)) return true;
    const found = isApproved(channel, this.parts.mspId, definition);
    if (found) this.#approved.add(definition);
    return found;
  }

  #support(channel: EmbeddedChannel): ChaincodeSupport {
    const found = this.#supports.get(channel) ?? this.#newSupport(channel);
    this.#supports.set(channel, found);
    return found;
  }

  #newSupport(channel: EmbeddedChannel): ChaincodeSupport {
    return new ChaincodeSupport(channel, {
      executor: this.parts.findExecutor,
      isApproved: (where, chaincode) => this.#isApproved(where, chaincode),
      callSystemChaincode: (name, { signed, simulator }, input) => {
        const system = this.parts.systemChaincodes.get(name);
        return system?.invoke({ ...systemCall(unpackProposal(signed), channel), args: argsOf(input) }, simulator);
      },
      invokeOnChannel: (channelId, invocation, chaincode, input) => this.#invokeOnChannel(channelId, invocation, chaincode, input),
    });
  }

  /** The other channel's simulator is thrown away: what it wrote is in no transaction. */
  async #invokeOnChannel(
    channelId: string,
    { signed, txId }: Invocation,
    chaincode: string,
    input: Buffer,
  ): Promise<peer.ChaincodeMessage> {
    const proposal = unpackProposal(signed);
    const channel = this.parts.findChannel(channelId);
    const refusal = channel === undefined ? unknownAtPeer(channelId) : refuseAccess(channel, writersPath, signedDataOf(proposal));
    if (channel === undefined || refusal !== undefined) throw new Error(refusal);
    const release = await channel.acquireReadLock();
    const simulator = this.newSimulator(channel, txId);
    try {
      return await executed(() => this.#support(channel).invoke(newInvocation(channel, proposal, simulator), chaincode, input));
    } finally {
      simulator.close();
      release();
    }
  }
}

/** The chaincode answered ERROR instead of a response, or what is none. */
class ChaincodeFailure extends Error {}

function readExecution(message: peer.ChaincodeMessage, chaincode: string, txId: string): Omit<Execution, 'version'> {
  if (message.getType() === peer.ChaincodeMessage.Type.ERROR) {
    throw new ChaincodeFailure(`transaction returned with failure: ${bytesOf(message.getPayload_asU8()).toString()}`);
  }
  const reading = decodeOr(peer.Response, message.getPayload_asU8());
  if ('fault' in reading) throw new ChaincodeFailure(`failed to unmarshal response for transaction ${txId}: ${reading.fault}`);
  const response = reading.message;
  const event = message.getChaincodeEvent();
  if (event === undefined || response.getStatus() >= errorThreshold) return { response, event: Buffer.alloc(0) };
  // the chaincode gives name and payload; the peer says whose event it is
  event.setChaincodeId(chaincode);
  event.setTxId(txId);
  return { response, event: marshal(event) };
}

function newInvocation(channel: EmbeddedChannel, proposal: UnpackedProposal, simulator: Simulator): Invocation {
  const { name, definitions, policies } = channel;
  const permissions = new CollectionPermissions(name, definitions, policies, signedDataOf(proposal), simulator);
  return { channelId: name, txId: proposal.txId, signed: proposal.signed, simulator, permissions };
}

export function systemCall(proposal: UnpackedProposal, channel: EmbeddedChannel | undefined): SystemCall {
  return {
    args: argsOf(proposal.input),
    creator: signedDataOf(proposal),
    proposedChaincode: proposal.chaincodeName,
    ...(channel === undefined ? {} : { channel }),
  };
}

function argsOf(input: peer.ChaincodeInput): Buffer[] {
  return input.getArgsList_asU8().map(bytesOf);
}

export function signedDataOf({ signed, creator }: UnpackedProposal): SignedData {
  return { data: signed.proposalBytes, identity: creator, signature: signed.signature };
}
