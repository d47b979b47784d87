import { bytesOf, marshal, peer } from '../../wire/proto';
import { computeTxId, MalformedMessage, type SignedBytes, type UnpackedProposal, unpackProposal } from '../../wire/proposal';
import { proposalResponsePayload } from '../../wire/transaction';
import { CollectionPermissions } from '../chaincode/collection-permissions';
import { ChaincodeSupport } from '../chaincode/support';
import { type ChaincodeRuntime } from '../chaincode/runtime';
import { type Invocation } from '../chaincode/transaction-context';
import { type ChaincodeDefinition, type EmbeddedChannel, type SignedData, type Signer } from '../ports';
import { Simulator } from '../sim/simulator';
import { refuseAccess, unknownChannel, writersPath } from './access';
import { refuseUnauthenticated } from './auth-filter';
import { distributePrivateData } from './dissemination';
import { buildInterest, type ChaincodeCall } from './interest';
import { isApproved } from './lifecycle';
import { type SystemChaincode, systemVersion } from './system-chaincode';

export interface ProposalResponse {
  readonly response: peer.Response;
  /** Marshalled ProposalResponsePayload; absent when the peer, not the chaincode, failed. */
  readonly payload?: Buffer;
  readonly endorsement?: peer.Endorsement;
  readonly interest: readonly ChaincodeCall[];
}

/** What calling an endorser comes to; the gateway treats the three differently (internal/pkg/gateway/apiutils.go). */
export type EndorserAnswer =
  | { readonly kind: 'response'; readonly response: ProposalResponse }
  /** The proposal itself is at fault: no use to ask another peer. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody there, as far as the gateway can tell; the peer's auth filters end like that too. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface EndorserParts {
  readonly signer: Signer;
  readonly channel: EmbeddedChannel;
  readonly systemChaincodes: ReadonlyMap<string, SystemChaincode>;
  readonly runtimes: ReadonlyMap<string, ChaincodeRuntime>;
  /** Organisations that run a peer. */
  readonly peerMspIds: readonly string[];
  readonly now: () => number;
}

const errorThreshold = 400;
const errorStatus = 500;

interface Execution {
  readonly response: peer.Response;
  /** Marshalled ChaincodeEvent; empty if none. */
  readonly event: Buffer;
  readonly version: string;
}

/** Checks, executes and signs proposals for one organisation. @remarks Source: core/endorser/endorser.go; the texts are its. */
export class Endorser {
  private readonly support: ChaincodeSupport;
  /** An approval of a committed definition is never taken back, so only its absence is looked up again. */
  private readonly approved = new WeakSet<ChaincodeDefinition>();

  constructor(private readonly parts: EndorserParts) {
    const { channel, runtimes, systemChaincodes } = parts;
    this.support = new ChaincodeSupport(channel.name, {
      definitions: channel.definitions,
      runtime: (chaincode) => runtimes.get(chaincode),
      isApproved: (chaincode) => this.isApproved(chaincode),
      callSystemChaincode: (name, invocation, input) =>
        systemChaincodes.get(name)?.invoke({ ...systemCall(unpackProposal(invocation.signed)), args: argsOf(input) }, invocation.simulator),
      checkChannel: (channelId) => {
        if (channelId !== channel.name) throw new Error(unknownChannel(channelId));
      },
    });
  }

  get mspId(): string {
    return this.parts.signer.mspId;
  }

  /** What this peer would tell others it runs: approved by its organisation and installed, or part of the peer. */
  runs(chaincode: string): boolean {
    if (this.parts.systemChaincodes.has(chaincode)) return true;
    return this.parts.runtimes.has(chaincode) && this.isApproved(chaincode);
  }

  async process(signed: SignedBytes): Promise<EndorserAnswer> {
    const { channel, now } = this.parts;
    const unauthenticated = refuseUnauthenticated(signed, channel.msps, now());
    if (unauthenticated !== undefined) return { kind: 'unavailable', message: unauthenticated };
    let proposal: UnpackedProposal;
    try {
      proposal = unpackProposal(signed);
    } catch (error) {
      if (error instanceof MalformedMessage) return { kind: 'refused', message: error.message };
      throw error;
    }
    if (proposal.channelId !== channel.name) return failed(`channel '${proposal.channelId}' not found`);
    const refusal = this.refuse(proposal);
    if (refusal !== undefined) return { kind: 'refused', message: refusal };
    try {
      return { kind: 'response', response: await this.endorse(proposal) };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  private isApproved(chaincode: string): boolean {
    const definition = this.parts.channel.definitions.get(chaincode);
    if (definition === undefined) return false;
    if (this.approved.has(definition)) return true;
    const found = isApproved(this.parts.channel, this.mspId, definition);
    if (found) this.approved.add(definition);
    return found;
  }

  private refuse(proposal: UnpackedProposal): string | undefined {
    const { channel, systemChaincodes } = this.parts;
    const invalid = validateProposal(proposal, channel);
    if (invalid !== undefined) return `error validating proposal: ${invalid}`;
    if (channel.blocks.getTransaction(proposal.txId) !== undefined) {
      return `duplicate transaction found [${proposal.txId}]. Creator [${proposal.creator.toString('hex')}]`;
    }
    // a system chaincode checks the right to each of its functions itself
    return systemChaincodes.has(proposal.chaincodeName) ? undefined : refuseAccess(channel, writersPath, signedDataOf(proposal));
  }

  private async endorse(proposal: UnpackedProposal): Promise<ProposalResponse> {
    const system = this.parts.systemChaincodes.get(proposal.chaincodeName);
    if (system?.usesSimulator === false) {
      const response = system.invoke(systemCall(proposal), undefined);
      return this.sign(proposal, { response, event: Buffer.alloc(0), version: systemVersion }, Buffer.alloc(0), []);
    }
    const release = await this.parts.channel.acquireReadLock();
    const simulator = new Simulator(
      { state: this.parts.channel.state, definitions: this.parts.channel.definitions, mspId: this.mspId },
      proposal.txId,
    );
    try {
      const execution = system === undefined ? await this.execute(proposal, simulator) : executeSystem(system, proposal, simulator);
      const results = simulator.results();
      const { channel, peerMspIds } = this.parts;
      inSimulation(() => {
        distributePrivateData(channel, results.privateData, { txId: proposal.txId, endorserMspId: this.mspId, peerMspIds });
      });
      return this.sign(proposal, execution, results.publicRwset, buildInterest(results));
    } finally {
      simulator.close();
      release();
    }
  }

  private async execute(proposal: UnpackedProposal, simulator: Simulator): Promise<Execution> {
    const { channel } = this.parts;
    const { chaincodeName, txId } = proposal;
    const definition = channel.definitions.get(chaincodeName);
    if (definition === undefined) {
      throw new Error(
        `make sure the chaincode ${chaincodeName} has been successfully defined on channel ${channel.name} and try again: chaincode ${chaincodeName} not found`,
      );
    }
    const creator = signedDataOf(proposal);
    const permissions = new CollectionPermissions(channel.name, channel.definitions, channel.policies, creator, simulator);
    const invocation: Invocation = { channelId: channel.name, txId, signed: proposal.signed, simulator, permissions };
    try {
      const message = await this.support.invoke(invocation, chaincodeName, marshal(proposal.input));
      return { ...readExecution(message, chaincodeName, txId), version: definition.version };
    } catch (error) {
      if (error instanceof ChaincodeFailure) throw new Error(`error in simulation: ${error.message}`, { cause: error });
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`error in simulation: failed to execute transaction ${txId}: ${text}`, { cause: error });
    }
  }

  /** Only a response below 400 is endorsed; from 500 on the payload stays, which tells the chaincode's failure from the peer's. */
  private sign(
    proposal: UnpackedProposal,
    { response, event, version }: Execution,
    publicRwset: Buffer,
    interest: readonly ChaincodeCall[],
  ): ProposalResponse {
    const status = response.getStatus();
    if (status >= errorThreshold && status < errorStatus) return { response, interest: [] };
    const { proposalHash, chaincodeName: chaincode } = proposal;
    const payload = proposalResponsePayload({ proposalHash, publicRwset, event, response, chaincode, version });
    if (status >= errorStatus) return { response, payload, interest };
    const { signer } = this.parts;
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(signer.serializedIdentity);
    endorsement.setSignature(signer.sign(Buffer.concat([payload, signer.serializedIdentity])));
    return { response, payload, endorsement, interest };
  }
}

/** The chaincode answered ERROR instead of a response. */
class ChaincodeFailure extends Error {}

function readExecution(message: peer.ChaincodeMessage, chaincode: string, txId: string): Omit<Execution, 'version'> {
  if (message.getType() === peer.ChaincodeMessage.Type.ERROR) {
    throw new ChaincodeFailure(`transaction returned with failure: ${bytesOf(message.getPayload_asU8()).toString()}`);
  }
  const response = peer.Response.deserializeBinary(message.getPayload_asU8());
  const event = message.getChaincodeEvent();
  if (event === undefined || response.getStatus() >= errorThreshold) return { response, event: Buffer.alloc(0) };
  // the chaincode gives name and payload; the peer says whose event it is
  event.setChaincodeId(chaincode);
  event.setTxId(txId);
  return { response, event: marshal(event) };
}

function executeSystem(system: SystemChaincode, proposal: UnpackedProposal, simulator: Simulator): Execution {
  return { response: system.invoke(systemCall(proposal), simulator), event: Buffer.alloc(0), version: systemVersion };
}

function inSimulation(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Error(`error in simulation: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function systemCall(proposal: UnpackedProposal): { args: Buffer[]; creator: SignedData; proposedChaincode: string } {
  return { args: argsOf(proposal.input), creator: signedDataOf(proposal), proposedChaincode: proposal.chaincodeName };
}

function argsOf(input: peer.ChaincodeInput): Buffer[] {
  return input.getArgsList_asU8().map(bytesOf);
}

function signedDataOf({ signed, creator }: UnpackedProposal): SignedData {
  return { data: signed.proposalBytes, identity: creator, signature: signed.signature };
}

function failed(message: string): EndorserAnswer {
  const response = new peer.Response();
  response.setStatus(errorStatus);
  response.setMessage(message);
  return { kind: 'response', response: { response, interest: [] } };
}

/** Names of header types as Go prints them; a proposal of type CONFIG is let through there too. */
const headerTypeNames: Readonly<Record<number, string>> = {
  0: 'MESSAGE',
  2: 'CONFIG_UPDATE',
  4: 'ORDERER_TRANSACTION',
  5: 'DELIVER_SEEK_INFO',
  6: 'CHAINCODE_PACKAGE',
  8: 'PEER_ADMIN_OPERATION',
};
const configType = 1;
const endorserTransactionType = 3;

/** @remarks Source: core/endorser/msgvalidation.go Validate. */
function validateProposal(proposal: UnpackedProposal, channel: EmbeddedChannel): string | undefined {
  const { headerType, epoch, nonce, creator, txId, signed } = proposal;
  if (headerType !== endorserTransactionType && headerType !== configType) {
    return `invalid header type ${headerTypeNames[headerType] ?? String(headerType)}`;
  }
  if (epoch !== 0) return 'epoch is non-zero';
  if (nonce.length === 0) return 'nonce is empty';
  if (creator.length === 0) return 'creator is empty';
  const expected = computeTxId(nonce, creator);
  if (txId !== expected) return `incorrectly computed txid '${txId}' -- expected '${expected}'`;
  if (signed.signature.length === 0) return 'empty signature bytes';
  return validateCreator(proposal, channel);
}

/** Says no more than that access is denied: the reason is for the peer's log. */
function validateCreator({ creator, signed }: UnpackedProposal, { msps, name }: EmbeddedChannel): string | undefined {
  const identity = msps.deserialize(creator);
  if (identity === undefined) return `access denied: channel [${name}] creator org unknown, creator is malformed`;
  const isValid = msps.invalidReason(identity) === undefined && identity.verify(signed.proposalBytes, signed.signature);
  return isValid ? undefined : `access denied: channel [${name}] creator org [${identity.mspId}]`;
}
