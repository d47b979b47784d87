import { bytesOf, CHANNEL_ENDORSEMENT_POLICY, marshal, type Message, peer } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type ChaincodeDefinition } from '../ledger/chaincode-definition';
import { type Simulator } from '../sim/simulator';
import { refuseUnusableDefinition } from './definition-rules';
import { implicitCollectionOf, lifecycleNamespace } from './lifecycle-names';
import {
  approvalName,
  chaincodeSources,
  type DefinitionParts,
  definitionStructure,
  fieldKey,
  isStored,
  metadataKey,
  mismatches,
  namespaces,
  packageStructure,
  parametersStructure,
  store,
  type StructureState,
} from './lifecycle-state';

const { lifecycle } = peer;

/** Where an operation of `_lifecycle` works. */
export interface LifecycleScope {
  readonly channel: EmbeddedChannel;
  readonly simulator: Simulator;
  /** The organisation whose peer executes. */
  readonly mspId: string;
}

/** A name nobody defined: Fabric answers 404. */
export class NotDefined extends Error {}

type NewDefinition = peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs;
type DefinitionArgs = NewDefinition | peer.lifecycle.CheckCommitReadinessArgs;

/** @remarks Source, here and below: core/chaincode/lifecycle/{scc,lifecycle}.go; the texts are its. */
export function approve(scope: LifecycleScope, argument: Buffer): Message {
  const args = lifecycle.ApproveChaincodeDefinitionForMyOrgArgs.deserializeBinary(argument);
  const chaincode = args.getName();
  refuseUnusable(scope, args);
  const parts = partsOf(args);
  const packageId = args.getSource()?.getLocalPackage()?.getPackageId() ?? '';
  const organization = privateState(scope);
  const name = approvalName(chaincode, parts.sequence);
  const [parameters, source] = [parametersStructure(parts), packageStructure(packageId)];
  const committed = checkApprovable(chaincode, parts, readCurrent(scope, chaincode));
  if (isStored(namespaces, name, parameters, organization) && isStored(chaincodeSources, name, source, organization)) {
    throw new Error(
      committed === parts.sequence
        ? `attempted to redefine the current committed sequence (${committed}) for namespace ${chaincode}`
        : `attempted to redefine uncommitted sequence (${parts.sequence}) for namespace ${chaincode} with unchanged content`,
    );
  }
  store(namespaces, name, parameters, organization);
  store(chaincodeSources, name, source, organization);
  return new lifecycle.ApproveChaincodeDefinitionForMyOrgResult();
}

export function commit(scope: LifecycleScope, argument: Buffer): Message {
  const args = lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(argument);
  const { mspId } = scope;
  refuseUnusable(scope, args);
  if (!scope.channel.applicationMspIds.includes(mspId)) {
    throw new Error("impossibly, this peer's org is processing requests for a channel it is not a member of");
  }
  const parts = partsOf(args);
  const approvals = approvalsOfNext(scope, args.getName(), parts);
  store(namespaces, args.getName(), definitionStructure(parts), publicState(scope));
  if (approvals.get(mspId)?.length !== 0) throw new Error(`chaincode definition not agreed to by this org (${mspId})`);
  return new lifecycle.CommitChaincodeDefinitionResult();
}

export function checkReadiness(scope: LifecycleScope, argument: Buffer): Message {
  const args = lifecycle.CheckCommitReadinessArgs.deserializeBinary(argument);
  const result = new lifecycle.CheckCommitReadinessResult();
  for (const [organization, differences] of approvalsOfNext(scope, args.getName(), partsOf(args))) {
    result.getApprovalsMap().set(organization, differences.length === 0);
    if (differences.length === 0) continue;
    const items = new lifecycle.CheckCommitReadinessResult.Mismatches();
    items.setItemsList([...differences]);
    result.getMismatchesMap().set(organization, items);
  }
  return result;
}

export function queryDefinition(scope: LifecycleScope, argument: Buffer): Message {
  const name = lifecycle.QueryChaincodeDefinitionArgs.deserializeBinary(argument).getName();
  const found = readCurrent(scope, name);
  if (found === undefined) throw new NotDefined(`namespace ${name} is not defined`);
  const parts = committedParts(found);
  const result = new lifecycle.QueryChaincodeDefinitionResult();
  result.setSequence(parts.sequence);
  describe(result, parts);
  for (const [organization, differences] of mismatchesByOrganization(scope, name, parts)) {
    result.getApprovalsMap().set(organization, differences.length === 0);
  }
  return result;
}

export function queryDefinitions(scope: LifecycleScope): Message {
  const result = new lifecycle.QueryChaincodeDefinitionsResult();
  result.setChaincodeDefinitionsList(
    scope.channel.definitions.list().flatMap((name) => {
      const found = readCurrent(scope, name);
      if (found === undefined) return [];
      const entry = new lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition();
      entry.setName(name);
      entry.setSequence(found.sequence);
      describe(entry, committedParts(found));
      return [entry];
    }),
  );
  return result;
}

interface DescribedDefinition {
  setVersion(value: string): unknown;
  setEndorsementPlugin(value: string): unknown;
  setValidationPlugin(value: string): unknown;
  setValidationParameter(value: Uint8Array): unknown;
  setInitRequired(value: boolean): unknown;
  setCollections(value?: peer.CollectionConfigPackage): unknown;
}

/** The fields that all answers about definitions have. */
export function describe(message: DescribedDefinition, parts: Omit<DefinitionParts, 'sequence'>): void {
  message.setVersion(parts.version);
  message.setEndorsementPlugin(parts.endorsementPlugin);
  message.setValidationPlugin(parts.validationPlugin);
  message.setValidationParameter(parts.validationParameter);
  message.setInitRequired(parts.initRequired);
  message.setCollections(peer.CollectionConfigPackage.deserializeBinary(parts.collections));
}

function refuseUnusable({ channel }: LifecycleScope, args: NewDefinition): void {
  const proposed = { name: args.getName(), version: args.getVersion(), collections: args.getCollections() };
  refuseUnusableDefinition(proposed, channel.msps.mspIds, channel.definitions.get(proposed.name));
}

/** Answers the committed sequence; 0 = none. */
function checkApprovable(chaincode: string, parts: DefinitionParts, current: ChaincodeDefinition | undefined): number {
  const committed = current?.sequence ?? 0;
  if (parts.sequence === 0 && committed === 0) throw new Error('requested sequence is 0, but first definable sequence number is 1');
  if (parts.sequence < committed) {
    throw new Error(`currently defined sequence ${committed} is larger than requested sequence ${parts.sequence}`);
  }
  if (parts.sequence > committed + 1) {
    throw new Error(`requested sequence ${parts.sequence} is larger than the next available sequence number ${committed + 1}`);
  }
  const difference = current === undefined || parts.sequence !== committed ? undefined : describeDifference(current, parts);
  if (difference === undefined) return committed;
  throw new Error(
    `attempted to redefine the current committed sequence (${committed}) for namespace ${chaincode} with different parameters: ${difference}`,
  );
}

function approvalsOfNext(scope: LifecycleScope, chaincode: string, parts: DefinitionParts): ReadonlyMap<string, readonly string[]> {
  const next = (readCurrent(scope, chaincode)?.sequence ?? 0) + 1;
  if (parts.sequence !== next) throw new Error(`requested sequence is ${parts.sequence}, but new definition must be sequence ${next}`);
  return mismatchesByOrganization(scope, chaincode, parts);
}

function mismatchesByOrganization(
  { channel, simulator }: LifecycleScope,
  chaincode: string,
  parts: DefinitionParts,
): ReadonlyMap<string, readonly string[]> {
  const name = approvalName(chaincode, parts.sequence);
  return new Map(
    channel.applicationMspIds.map((mspId) => {
      const hashOf = (key: string): Buffer | undefined =>
        simulator.getPrivateDataHash(lifecycleNamespace, implicitCollectionOf(mspId), key);
      return [mspId, mismatches(namespaces, name, parametersStructure(parts), hashOf)];
    }),
  );
}

/** Reads what Fabric reads: the definition or, if there is none, the old lifecycle's entry. */
function readCurrent({ channel, simulator }: LifecycleScope, chaincode: string): ChaincodeDefinition | undefined {
  const found = channel.definitions.get(chaincode);
  if (found === undefined) {
    simulator.getState(lifecycleNamespace, metadataKey(namespaces, chaincode));
    simulator.getState(lifecycleNamespace, fieldKey(namespaces, chaincode, 'Sequence'));
    simulator.getState('lscc', chaincode);
  } else {
    simulator.readDefinition(chaincode);
  }
  return found;
}

/** What the peer's own organisation approved. */
export function privateState({ simulator, mspId }: Pick<LifecycleScope, 'simulator' | 'mspId'>): StructureState {
  const collection = implicitCollectionOf(mspId);
  return {
    get: (key) => simulator.getPrivateData(lifecycleNamespace, collection, key),
    put: (key, value) => {
      simulator.setPrivateData(lifecycleNamespace, collection, key, value);
    },
    delete: (key) => {
      simulator.setPrivateData(lifecycleNamespace, collection, key, Buffer.alloc(0));
    },
  };
}

function publicState({ simulator }: LifecycleScope): StructureState {
  return {
    get: (key) => simulator.getState(lifecycleNamespace, key),
    put: (key, value) => {
      simulator.setState(lifecycleNamespace, key, value);
    },
    delete: (key) => {
      simulator.setState(lifecycleNamespace, key, Buffer.alloc(0));
    },
  };
}

/** @remarks Source: lifecycle.go SetChaincodeDefinitionDefaults; the default policy is a reference to the channel's. */
function partsOf(args: DefinitionArgs): DefinitionParts {
  const parameter = args.getValidationParameter_asU8();
  const collections = args.getCollections();
  return {
    sequence: args.getSequence(),
    version: args.getVersion(),
    endorsementPlugin: args.getEndorsementPlugin() || 'escc',
    validationPlugin: args.getValidationPlugin() || 'vscc',
    validationParameter: parameter.length > 0 ? bytesOf(parameter) : channelEndorsementPolicy(),
    collections: collections === undefined ? Buffer.alloc(0) : marshal(collections),
    initRequired: args.getInitRequired(),
  };
}

function channelEndorsementPolicy(): Buffer {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference(CHANNEL_ENDORSEMENT_POLICY);
  return marshal(policy);
}

export function committedParts(definition: ChaincodeDefinition): DefinitionParts {
  return { ...definition, collections: definition.collectionConfigPackage };
}

/** @remarks Source: lifecycle.go ChaincodeParameters.Equal; the first difference is named. */
function describeDifference(current: ChaincodeDefinition, parts: DefinitionParts): string | undefined {
  const committed = committedParts(current);
  const texts: readonly (readonly [string, string, string])[] = [
    ['Version', committed.version, parts.version],
    ['EndorsementPlugin', committed.endorsementPlugin, parts.endorsementPlugin],
    ['InitRequired', String(committed.initRequired), String(parts.initRequired)],
    ['ValidationPlugin', committed.validationPlugin, parts.validationPlugin],
    ['ValidationParameter', committed.validationParameter.toString('hex'), parts.validationParameter.toString('hex')],
  ];
  const different = texts.find(([, expected, passed]) => expected !== passed);
  if (different !== undefined) return `expected ${different[0]} '${different[1]}' does not match passed ${different[0]} '${different[2]}'`;
  return committed.collections.equals(parts.collections) ? undefined : 'Collections do not match';
}
