import { bytesOf, marshal, type Message, msp, peer } from '../../wire/proto';
import { sha256 } from '../../wire/transaction';
import { type ChaincodeDefinition, type EmbeddedChannel, type SignedData } from '../ports';
import { type Simulator } from '../sim/simulator';
import { refuseAccess, writersPath } from './access';
import {
  approvalName,
  chaincodeSources,
  definitionStructure,
  type DefinitionParts,
  fieldKey,
  metadataKey,
  mismatches,
  namespaces,
  packageStructure,
  parametersStructure,
  store,
  type StructureState,
} from './lifecycle-state';
import { failure, success, type SystemCall, type SystemChaincode } from './system-chaincode';

export const lifecycleNamespace = '_lifecycle';
/** @remarks Source: core/chaincode/implicitcollection. */
export const implicitCollection = (mspId: string): string => `_implicit_org_${mspId}`;

type Operation = (argument: Buffer, simulator: Simulator) => Message;

/** A name nobody defined: Fabric answers 404. */
class NotDefined extends Error {}

/**
 * Approves and commits chaincode definitions as transactions of the chain.
 * @remarks Source: core/chaincode/lifecycle/{scc,lifecycle}.go. Packages are directories given at start, so installing and
 * fetching packages is not offered.
 */
export class LifecycleChaincode implements SystemChaincode {
  readonly name = lifecycleNamespace;
  readonly usesSimulator = true;
  private readonly operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
    ['ApproveChaincodeDefinitionForMyOrg', (argument, simulator) => this.approve(argument, simulator)],
    ['CommitChaincodeDefinition', (argument, simulator) => this.commit(argument, simulator)],
    ['CheckCommitReadiness', (argument, simulator) => this.checkReadiness(argument, simulator)],
    ['QueryChaincodeDefinition', (argument, simulator) => this.queryDefinition(argument, simulator)],
  ]);

  /** @param organizations of the channel's application group: those whose approval counts. */
  constructor(
    private readonly channel: EmbeddedChannel,
    private readonly mspId: string,
    private readonly organizations: readonly string[],
  ) {}

  invoke({ args, creator }: SystemCall, simulator: Simulator | undefined): peer.Response {
    if (args.length !== 2) return failure(`lifecycle scc operations require exactly two arguments but received ${args.length}`);
    const [operationName = '', argument = Buffer.alloc(0)] = [args[0]?.toString(), args[1]];
    const refusal = this.refuse(operationName, creator);
    if (refusal !== undefined) return failure(`Failed to authorize invocation due to failed ACL check: ${refusal}`);
    const operation = this.operations.get(operationName);
    if (operation === undefined || simulator === undefined) {
      return failure(`failed to invoke backing implementation of '${operationName}': the embedded network does not implement it`);
    }
    try {
      return success(marshal(operation(argument, simulator)));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return error instanceof NotDefined
        ? failure(text, 404)
        : failure(`failed to invoke backing implementation of '${operationName}': ${text}`);
    }
  }

  /** Approving is for administrators of the peer's own organisation. @remarks Source: core/aclmgmt/defaultaclprovider.go. */
  private refuse(operationName: string, creator: SignedData): string | undefined {
    if (operationName !== 'ApproveChaincodeDefinitionForMyOrg') return refuseAccess(this.channel, writersPath, creator);
    const identity = this.channel.msps.deserialize(creator.identity);
    const role = new msp.MSPRole();
    role.setMspIdentifier(this.mspId);
    role.setRole(msp.MSPRole.MSPRoleType.ADMIN);
    const principal = new msp.MSPPrincipal();
    principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
    principal.setPrincipal(marshal(role));
    if (identity !== undefined && this.channel.msps.satisfiesPrincipal(identity, principal)) return undefined;
    return `Failed verifying that proposal's creator satisfies local MSP principal during channelless check policy with policy [Admins]: [This identity is not an admin]`;
  }

  private approve(argument: Buffer, simulator: Simulator): Message {
    const args = peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs.deserializeBinary(argument);
    const chaincode = args.getName();
    const parts = partsOf(args);
    const current = this.readCurrent(chaincode, simulator);
    this.checkApprovable(chaincode, parts, current);
    const organization = this.privateState(simulator);
    const name = approvalName(chaincode, parts.sequence);
    store(namespaces, name, parametersStructure(parts), organization);
    store(chaincodeSources, name, packageStructure(args.getSource()?.getLocalPackage()?.getPackageId() ?? ''), organization);
    return new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgResult();
  }

  private checkApprovable(chaincode: string, parts: DefinitionParts, current: ChaincodeDefinition | undefined): void {
    const committed = current?.sequence ?? 0;
    if (parts.sequence === 0) throw new Error('requested sequence is 0, but first definable sequence number is 1');
    if (parts.sequence < committed) {
      throw new Error(`currently defined sequence ${committed} is larger than requested sequence ${parts.sequence}`);
    }
    if (parts.sequence > committed + 1) {
      throw new Error(`requested sequence ${parts.sequence} is larger than the next available sequence number ${committed + 1}`);
    }
    if (current === undefined || parts.sequence !== committed) return;
    const difference = describeDifference(current, parts);
    if (difference !== undefined) {
      throw new Error(
        `attempted to redefine the current committed sequence (${committed}) for namespace ${chaincode} with different parameters: ${difference}`,
      );
    }
  }

  private commit(argument: Buffer, simulator: Simulator): Message {
    const args = peer.lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(argument);
    const parts = partsOf(args);
    const approvals = this.approvals(args.getName(), parts, simulator);
    store(namespaces, args.getName(), definitionStructure(parts), publicState(simulator));
    if (approvals.get(this.mspId)?.length !== 0) throw new Error(`chaincode definition not agreed to by this org (${this.mspId})`);
    return new peer.lifecycle.CommitChaincodeDefinitionResult();
  }

  private checkReadiness(argument: Buffer, simulator: Simulator): Message {
    const args = peer.lifecycle.CheckCommitReadinessArgs.deserializeBinary(argument);
    const result = new peer.lifecycle.CheckCommitReadinessResult();
    for (const [organization, differences] of this.approvals(args.getName(), partsOf(args), simulator)) {
      result.getApprovalsMap().set(organization, differences.length === 0);
      if (differences.length === 0) continue;
      const items = new peer.lifecycle.CheckCommitReadinessResult.Mismatches();
      items.setItemsList([...differences]);
      result.getMismatchesMap().set(organization, items);
    }
    return result;
  }

  private queryDefinition(argument: Buffer, simulator: Simulator): Message {
    const name = peer.lifecycle.QueryChaincodeDefinitionArgs.deserializeBinary(argument).getName();
    const found = this.readCurrent(name, simulator);
    if (found === undefined) throw new NotDefined(`namespace ${name} is not defined`);
    const parts = committedParts(found);
    const result = new peer.lifecycle.QueryChaincodeDefinitionResult();
    result.setSequence(parts.sequence);
    result.setVersion(parts.version);
    result.setEndorsementPlugin(parts.endorsementPlugin);
    result.setValidationPlugin(parts.validationPlugin);
    result.setValidationParameter(parts.validationParameter);
    result.setInitRequired(parts.initRequired);
    result.setCollections(peer.CollectionConfigPackage.deserializeBinary(parts.collections));
    for (const [organization, differences] of this.mismatchesByOrganization(name, parts, simulator)) {
      result.getApprovalsMap().set(organization, differences.length === 0);
    }
    return result;
  }

  private approvals(chaincode: string, parts: DefinitionParts, simulator: Simulator): ReadonlyMap<string, readonly string[]> {
    const next = (this.readCurrent(chaincode, simulator)?.sequence ?? 0) + 1;
    if (parts.sequence !== next) throw new Error(`requested sequence is ${parts.sequence}, but new definition must be sequence ${next}`);
    return this.mismatchesByOrganization(chaincode, parts, simulator);
  }

  private mismatchesByOrganization(
    chaincode: string,
    parts: DefinitionParts,
    simulator: Simulator,
  ): ReadonlyMap<string, readonly string[]> {
    const name = approvalName(chaincode, parts.sequence);
    return new Map(
      this.organizations.map((mspId) => {
        const hashOf = (key: string): Buffer | undefined =>
          simulator.getPrivateDataHash(lifecycleNamespace, implicitCollection(mspId), key);
        return [mspId, mismatches(namespaces, name, parametersStructure(parts), hashOf)];
      }),
    );
  }

  /** Reads what Fabric reads: the definition or, if there is none, the old lifecycle's entry. */
  private readCurrent(chaincode: string, simulator: Simulator): ChaincodeDefinition | undefined {
    const found = this.channel.definitions.get(chaincode);
    if (found === undefined) {
      simulator.getState(lifecycleNamespace, metadataKey(namespaces, chaincode));
      simulator.getState(lifecycleNamespace, fieldKey(namespaces, chaincode, 'Sequence'));
      simulator.getState('lscc', chaincode);
    } else {
      simulator.readDefinition(chaincode);
    }
    return found;
  }

  private privateState(simulator: Simulator): StructureState {
    const collection = implicitCollection(this.mspId);
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
}

function publicState(simulator: Simulator): StructureState {
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
function partsOf(
  args:
    | peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs
    | peer.lifecycle.CommitChaincodeDefinitionArgs
    | peer.lifecycle.CheckCommitReadinessArgs,
): DefinitionParts {
  if (args.getInitRequired()) throw new Error('the embedded network does not implement chaincode that requires Init');
  const parameter = args.getValidationParameter_asU8();
  const collections = args.getCollections();
  return {
    sequence: args.getSequence(),
    version: args.getVersion(),
    endorsementPlugin: args.getEndorsementPlugin() || 'escc',
    validationPlugin: args.getValidationPlugin() || 'vscc',
    validationParameter: parameter.length > 0 ? bytesOf(parameter) : channelEndorsementPolicy(),
    collections: collections === undefined ? Buffer.alloc(0) : marshal(collections),
    initRequired: false,
  };
}

function channelEndorsementPolicy(): Buffer {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference('/Channel/Application/Endorsement');
  return marshal(policy);
}

export function committedParts(definition: ChaincodeDefinition): DefinitionParts {
  return { ...definition, collections: definition.collectionConfigPackage };
}

/** Whether an organisation's approval of exactly this definition is on the ledger: only then its peer runs it. */
export function isApproved(channel: EmbeddedChannel, mspId: string, definition: ChaincodeDefinition): boolean {
  const hashOf = (key: string): Buffer | undefined =>
    channel.state.getPrivateHash(lifecycleNamespace, implicitCollection(mspId), sha256(key))?.value;
  const name = approvalName(definition.name, definition.sequence);
  return mismatches(namespaces, name, parametersStructure(committedParts(definition)), hashOf).length === 0;
}

/** @remarks Source: lifecycle.go ChaincodeParameters.Equal; the first difference is named. */
function describeDifference(current: ChaincodeDefinition, parts: DefinitionParts): string | undefined {
  const committed = committedParts(current);
  const texts: readonly (readonly [string, string, string])[] = [
    ['Version', committed.version, parts.version],
    ['EndorsementPlugin', committed.endorsementPlugin, parts.endorsementPlugin],
    ['ValidationPlugin', committed.validationPlugin, parts.validationPlugin],
    ['ValidationParameter', committed.validationParameter.toString('hex'), parts.validationParameter.toString('hex')],
  ];
  const different = texts.find(([, expected, passed]) => expected !== passed);
  if (different !== undefined) return `expected ${different[0]} '${different[1]}' does not match passed ${different[0]} '${different[2]}'`;
  return committed.collections.equals(parts.collections) ? undefined : 'Collections do not match';
}
