import { type Message as AnyMessage } from 'google-protobuf';
import { marshal, type Message, type MessageType, peer, type SignedData, decodeOr } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type Simulator } from '../sim/simulator';
import { refuseAccess, writersPath } from './access';
import { queryAllApproved, queryApproved } from './approvals';
import {
  approve,
  checkReadiness,
  commit,
  type LifecycleScope,
  NotDefined,
  queryDefinition,
  queryDefinitions,
} from './lifecycle-definitions';
import { lifecycleNamespace } from './lifecycle-names';
import { type PackageOperations } from './lifecycle-packages';
import { type LocalMsp } from './local-msp';
import { failure, success, type SystemCall, type SystemChaincode } from './system-chaincode';

/** Of the peer itself, for administrators of its own organisation. */
type LocalOperation = (packages: PackageOperations, argument: Buffer) => Message;
type ChannelOperation = (scope: LifecycleScope, argument: Buffer) => Message;

const ofPeer: ReadonlyMap<string, LocalOperation> = new Map<string, LocalOperation>([
  ['InstallChaincode', (packages, argument) => packages.install(argument)],
  ['QueryInstalledChaincode', (packages, argument) => packages.queryInstalled(argument)],
  ['QueryInstalledChaincodes', (packages) => packages.queryAllInstalled()],
  ['GetInstalledChaincodePackage', (packages, argument) => packages.getPackage(argument)],
]);
const ofOrganization: ReadonlyMap<string, ChannelOperation> = new Map<string, ChannelOperation>([
  ['ApproveChaincodeDefinitionForMyOrg', approve],
  ['QueryApprovedChaincodeDefinition', queryApproved],
  ['QueryApprovedChaincodeDefinitions', queryAllApproved],
]);
const ofChannel: ReadonlyMap<string, ChannelOperation> = new Map<string, ChannelOperation>([
  ['CommitChaincodeDefinition', commit],
  ['CheckCommitReadiness', checkReadiness],
  ['QueryChaincodeDefinition', queryDefinition],
  ['QueryChaincodeDefinitions', queryDefinitions],
]);

/** What an operation takes, where it can be wrong. */
const argumentTypes: ReadonlyMap<string, MessageType<AnyMessage>> = new Map<string, MessageType<AnyMessage>>([
  ['InstallChaincode', peer.lifecycle.InstallChaincodeArgs],
  ['QueryInstalledChaincode', peer.lifecycle.QueryInstalledChaincodeArgs],
  ['GetInstalledChaincodePackage', peer.lifecycle.GetInstalledChaincodePackageArgs],
  ['ApproveChaincodeDefinitionForMyOrg', peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs],
  ['QueryApprovedChaincodeDefinition', peer.lifecycle.QueryApprovedChaincodeDefinitionArgs],
  ['CommitChaincodeDefinition', peer.lifecycle.CommitChaincodeDefinitionArgs],
  ['CheckCommitReadiness', peer.lifecycle.CheckCommitReadinessArgs],
  ['QueryChaincodeDefinition', peer.lifecycle.QueryChaincodeDefinitionArgs],
]);

interface LifecycleParts {
  readonly localMsp: LocalMsp;
  readonly mspId: string;
  readonly packages: PackageOperations;
}

/** Installs packages; approves, commits and tells definitions. @remarks Source: core/chaincode/lifecycle/scc.go. */
export class LifecycleChaincode implements SystemChaincode {
  readonly name = lifecycleNamespace;
  readonly usesSimulator = true;

  constructor(private readonly parts: LifecycleParts) {}

  invoke({ args, creator, channel }: SystemCall, simulator: Simulator | undefined): peer.Response {
    if (args.length !== 2) return failure(`lifecycle scc operations require exactly two arguments but received ${args.length}`);
    const [operation = '', argument = Buffer.alloc(0)] = [args[0]?.toString(), args[1]];
    const refusal = this.#refuse(operation, creator, channel);
    if (refusal !== undefined) return failure(`Failed to authorize invocation due to failed ACL check: ${refusal}`);
    try {
      return success(marshal(this.#perform(operation, argument, channel, simulator)));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return error instanceof NotDefined
        ? failure(text, 404)
        : failure(`failed to invoke backing implementation of '${operation}': ${text}`);
    }
  }

  #perform(operation: string, argument: Buffer, channel: EmbeddedChannel | undefined, simulator: Simulator | undefined): Message {
    const { packages, mspId } = this.parts;
    refuseUnreadable(operation, argument);
    const local = ofPeer.get(operation);
    if (local !== undefined) return local(packages, argument);
    const act = ofOrganization.get(operation) ?? ofChannel.get(operation);
    if (act === undefined) throw new Error(`receiver *lifecycle.Invocation.${operation} does not exist`);
    if (channel === undefined || simulator === undefined) throw new Error(`no application config for channel ''`);
    return act({ channel, simulator, mspId }, argument);
  }

  /** @remarks Source: core/aclmgmt/defaultaclprovider.go. */
  #refuse(operation: string, creator: SignedData, channel: EmbeddedChannel | undefined): string | undefined {
    const { localMsp } = this.parts;
    if (ofPeer.has(operation) || ofOrganization.has(operation)) return localMsp.refuse('Admins', creator);
    if (!ofChannel.has(operation)) return `Unmapped policy for ${lifecycleNamespace}/${operation}`;
    if (channel !== undefined) return refuseAccess(channel, writersPath, creator);
    return `Failed getting local MSP principal during channelless check policy with policy [${writersPath}]: [MSP Principal role [${writersPath}] not recognized]`;
  }
}

/** @remarks Source: core/scc/dispatcher.go Dispatch. */
function refuseUnreadable(operation: string, argument: Buffer): void {
  const type = argumentTypes.get(operation);
  const reading = type && decodeOr(type, argument);
  if (reading && 'fault' in reading) throw new Error(`could not decode input arg for *lifecycle.Invocation.${operation}: ${reading.fault}`);
}
