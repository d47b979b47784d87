import {
  MalformedMessage,
  type MspManager,
  peer,
  proposalResponsePayload,
  type SignedBytes,
  type Signer,
  type UnpackedProposal,
  unpackProposal,
} from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type StagedPrivateData } from '../ledger/block-store';
import { type SimulationResults, type Simulator } from '../sim/simulator';
import { refuseAccess, writersPath } from './access';
import { refuseUnauthenticated } from './auth-filter';
import { ChaincodeExecution, errorThreshold, type Execution, type ExecutionParts, signedDataOf, systemCall } from './chaincode-execution';
import { buildInterest, type CalledChaincode } from './interest';
import { type SystemChaincode, systemVersion } from './system-chaincode';
import { validateProposal } from './validate-proposal';

export interface ProposalResponse {
  readonly response: peer.Response;
  /** Marshalled ProposalResponsePayload; absent when the peer, not the chaincode, failed. */
  readonly payload?: Buffer;
  readonly endorsement?: peer.Endorsement;
  readonly interest: readonly CalledChaincode[];
}

/** What calling an endorser comes to; the gateway treats the three differently (internal/pkg/gateway/apiutils.go). */
export type ProposalAnswer =
  | { readonly kind: 'response'; readonly response: ProposalResponse }
  /** The proposal itself is at fault: no use to ask another peer. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody there, as far as the gateway can tell; the peer's auth filters end like that too. */
  | { readonly kind: 'unavailable'; readonly message: string };

interface EndorserParts extends Omit<ExecutionParts, 'mspId'> {
  readonly signer: Signer;
  /** The peer's own organisation, for proposals that name no channel. */
  readonly localMsps: MspManager;
  /** Hands private write sets to the peers entitled to them; throws Fabric's text when too few took them. */
  readonly distribute: (channel: EmbeddedChannel, txId: string, data: readonly StagedPrivateData[]) => void;
  readonly now: () => number;
}

const errorStatus = 500;

/** Checks, executes and signs proposals for one peer. @remarks Source: core/endorser/endorser.go; the texts are its. */
export class Endorser {
  readonly #execution: ChaincodeExecution;

  constructor(private readonly parts: EndorserParts) {
    this.#execution = new ChaincodeExecution({ ...parts, mspId: parts.signer.mspId });
  }

  get mspId(): string {
    return this.parts.signer.mspId;
  }

  /** What this peer would tell others it runs: approved by its organisation and installed, or part of the peer. */
  runs(channel: EmbeddedChannel, chaincode: string): boolean {
    return this.#execution.runs(channel, chaincode);
  }

  async process(signed: SignedBytes): Promise<ProposalAnswer> {
    const { findChannel, localMsps, now } = this.parts;
    let proposal: UnpackedProposal;
    try {
      const unauthenticated = refuseUnauthenticated(signed, (channelId) => findChannel(channelId)?.msps ?? localMsps, now());
      if (unauthenticated !== undefined) return { kind: 'unavailable', message: unauthenticated };
      proposal = unpackProposal(signed);
    } catch (error) {
      if (error instanceof MalformedMessage) return { kind: 'refused', message: error.message };
      throw error;
    }
    const channel = findChannel(proposal.channelId);
    if (channel === undefined && proposal.channelId !== '') return failed(`channel '${proposal.channelId}' not found`);
    const refusal = this.#refuse(proposal, channel);
    if (refusal !== undefined) return { kind: 'refused', message: refusal };
    try {
      return { kind: 'response', response: await this.#respond(proposal, channel) };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(proposal: UnpackedProposal, channel: EmbeddedChannel | undefined): string | undefined {
    const invalid = validateProposal(proposal, channel?.msps ?? this.parts.localMsps);
    if (invalid !== undefined) return `error validating proposal: ${invalid}`;
    if (channel === undefined) return undefined;
    if (channel.blocks.getTransaction(proposal.txId) !== undefined) {
      return `duplicate transaction found [${proposal.txId}]. Creator [${proposal.creator.toString('hex')}]`;
    }
    // a system chaincode checks the right to each of its functions itself
    const isSystem = this.parts.systemChaincodes.has(proposal.chaincodeName);
    return isSystem ? undefined : refuseAccess(channel, writersPath, signedDataOf(proposal));
  }

  async #respond(proposal: UnpackedProposal, channel: EmbeddedChannel | undefined): Promise<ProposalResponse> {
    const { chaincodeName } = proposal;
    const system = this.parts.systemChaincodes.get(chaincodeName);
    if (channel === undefined) {
      const advice = `make sure the chaincode ${chaincodeName} has been successfully defined on channel  and try again`;
      if (system === undefined) throw new Error(`${advice}: chaincode ${chaincodeName} not found`);
      // nothing of it can become a transaction, so nobody endorses it
      return { response: system.invoke(systemCall(proposal, undefined), undefined), interest: [] };
    }
    if (system?.usesSimulator === false) {
      const response = system.invoke(systemCall(proposal, channel), undefined);
      return this.#sign(proposal, { response, event: Buffer.alloc(0), version: systemVersion }, Buffer.alloc(0), []);
    }
    const { execution, results } = await this.#simulate(proposal, channel, system);
    inSimulation(() => {
      this.parts.distribute(channel, proposal.txId, results.privateData);
    });
    return this.#sign(proposal, execution, results.publicRwset, buildInterest(results));
  }

  async #simulate(
    proposal: UnpackedProposal,
    channel: EmbeddedChannel,
    system: SystemChaincode | undefined,
  ): Promise<{ readonly execution: Execution; readonly results: SimulationResults }> {
    const release = await channel.acquireReadLock();
    const simulator = this.#execution.newSimulator(channel, proposal.txId);
    try {
      const execution =
        system === undefined
          ? await this.#execution.execute(channel, proposal, simulator)
          : executeSystem(system, proposal, channel, simulator);
      return { execution, results: simulator.results() };
    } finally {
      simulator.close();
      release();
    }
  }

  /** Only a response below 400 is endorsed; from 500 on the payload stays, which tells the chaincode's failure from the peer's. */
  #sign(
    proposal: UnpackedProposal,
    { response, event, version }: Execution,
    publicRwset: Buffer,
    interest: readonly CalledChaincode[],
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

function executeSystem(system: SystemChaincode, proposal: UnpackedProposal, channel: EmbeddedChannel, simulator: Simulator): Execution {
  return { response: system.invoke(systemCall(proposal, channel), simulator), event: Buffer.alloc(0), version: systemVersion };
}

function inSimulation(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Error(`error in simulation: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function failed(message: string): ProposalAnswer {
  const response = new peer.Response();
  response.setStatus(errorStatus);
  response.setMessage(message);
  return { kind: 'response', response: { response, interest: [] } };
}
