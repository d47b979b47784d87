import { type ChannelPolicies, type SignedData } from '@lianyi/fabric-protocol';
import { IMPLICIT_PREFIX } from '../ledger/definitions';
import { type ChaincodeDefinitions, type CollectionDefinition } from '../ledger/chaincode-definition';
import { type Simulator } from '../sim/simulator';

interface Permission {
  readonly read: boolean;
  readonly write: boolean;
}

/**
 * Whether the creator of a proposal may read and write a collection, checked once per collection.
 * @remarks Source: core/chaincode/handler.go and core/common/privdata/store.go.
 */
export class CollectionPermissions {
  readonly #checked = new Map<string, Permission>();

  constructor(
    private readonly channelName: string,
    private readonly definitions: ChaincodeDefinitions,
    private readonly policies: ChannelPolicies,
    private readonly creator: SignedData,
    private readonly simulator: Simulator,
  ) {}

  requireRead(chaincode: string, collection: string): void {
    if (!this.#permission(chaincode, collection).read) throw this.#denied('read', chaincode, collection);
  }

  requireWrite(chaincode: string, collection: string): void {
    if (!this.#permission(chaincode, collection).write) throw this.#denied('write', chaincode, collection);
  }

  #denied(access: string, chaincode: string, collection: string): Error {
    return new Error(
      `tx creator does not have ${access} access permission on privatedata in chaincodeName:${chaincode} collectionName: ${collection}`,
    );
  }

  #permission(chaincode: string, collection: string): Permission {
    const identity = JSON.stringify([chaincode, collection]);
    const known = this.#checked.get(identity);
    if (known !== undefined) return known;
    const found = this.#check(chaincode, collection);
    this.#checked.set(identity, found);
    return found;
  }

  #check(chaincode: string, collection: string): Permission {
    this.simulator.readDefinition(chaincode);
    const definition = this.definitions.collection(chaincode, collection);
    // an implicit collection of an organisation unknown to the channel passes here and fails in the simulator
    if (definition === undefined && collection.startsWith(IMPLICIT_PREFIX)) return { read: true, write: true };
    if (definition === undefined) throw new Error(`collection ${this.channelName}/${chaincode}/${collection} could not be found`);
    return this.#permissionOf(definition);
  }

  #permissionOf(definition: CollectionDefinition): Permission {
    if (!definition.memberOnlyRead && !definition.memberOnlyWrite) return { read: true, write: true };
    const isMember = this.policies.evaluateEndorsement(definition.memberPolicy, [this.creator]) === undefined;
    return { read: isMember || !definition.memberOnlyRead, write: isMember || !definition.memberOnlyWrite };
  }
}
