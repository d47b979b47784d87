import {
  type ChannelIdentity,
  type ConfiguredPolicies,
  decodeMetadata,
  type EndorsementPolicy,
  keyHashOf,
  type NamespaceRwSet,
} from '@lianyi/fabric-protocol';
import { type LedgerDefinitions, LIFECYCLE } from '../ledger/definitions';
import { type LedgerState } from '../ledger/state-reader';
import { Code } from './code';
import { type EndorserTransaction } from './tx-structure';

/** Metadata entry that holds a key's policy (fabric-protos peer.MetaDataKeys VALIDATION_PARAMETER). */
const KEY_POLICY = 'VALIDATION_PARAMETER';

export interface EndorsementContext {
  readonly state: LedgerState;
  readonly policies: ConfiguredPolicies;
  readonly definitions: LedgerDefinitions;
}

/**
 * Judges the endorsements of the transactions of one block, in order. It remembers which keys had their policy changed
 * by earlier transactions of the block: writing such a key is refused, since its policy is not yet known.
 * @remarks Source: core/common/validation/statebased/{v20.go,validator_keylevel.go,vpmanagerimpl.go}.
 */
export class EndorsementJudge {
  readonly #changedPolicies = new Set<string>();

  constructor(private readonly context: EndorsementContext) {}

  judge(transaction: EndorserTransaction): Code {
    const written = transaction.rwSet.filter(writesSomething).map(({ namespace }) => namespace);
    const namespaces = [...new Set([transaction.chaincode, ...written])];
    const signers = this.context.policies.validSigners(transaction.endorsements);
    for (const namespace of namespaces) {
      const policy = this.#namespacePolicy(namespace);
      if (!policy) return Code.INVALID_CHAINCODE;
      const rwSet = transaction.rwSet.find((candidate) => candidate.namespace === namespace);
      const check = new NamespaceCheck(this.context, namespace, policy, signers, this.#changedPolicies);
      if (!check.holds(rwSet)) return Code.ENDORSEMENT_POLICY_FAILURE;
      if (rwSet) this.#noteChangedPolicies(rwSet);
    }
    return Code.VALID;
  }

  /** `undefined`: no such chaincode. `_lifecycle` is a chaincode like any other, with a policy of the channel. */
  #namespacePolicy(namespace: string): EndorsementPolicy | undefined {
    if (namespace === LIFECYCLE) return { kind: 'channel', path: '/Channel/Application/LifecycleEndorsement' };
    const definition = this.context.definitions.get(namespace);
    if (!definition || definition.validationPlugin === '' || definition.validationParameter.length === 0) return undefined;
    return definition.endorsementPolicy;
  }

  #noteChangedPolicies({ namespace, metadataWrites, collections }: NamespaceRwSet): void {
    for (const { key } of metadataWrites) this.#changedPolicies.add(keyId(namespace, '', key));
    for (const { collection, metadataWrites: hashed } of collections) {
      for (const { key } of hashed) this.#changedPolicies.add(keyId(namespace, collection, key));
    }
  }
}

function writesSomething({ writes, metadataWrites, collections }: NamespaceRwSet): boolean {
  const isPrivateWrite = collections.some((collection) => collection.writes.length > 0 || collection.metadataWrites.length > 0);
  return writes.length > 0 || metadataWrites.length > 0 || isPrivateWrite;
}

function keyId(namespace: string, collection: string, key: string): string {
  return `${namespace}\u0000${collection}\u0000${key}`;
}

/** One transaction, one namespace. Each policy is evaluated at most once. */
class NamespaceCheck {
  /** Collections whose policy held; '' is the chaincode's. */
  readonly #held = new Set<string>();
  #anyChecked = false;

  constructor(
    private readonly context: EndorsementContext,
    private readonly namespace: string,
    private readonly chaincodePolicy: EndorsementPolicy,
    private readonly signers: readonly ChannelIdentity[],
    private readonly changedPolicies: ReadonlySet<string>,
  ) {}

  holds(rwSet: NamespaceRwSet | undefined): boolean {
    const publicKeys = [...(rwSet?.writes ?? []), ...(rwSet?.metadataWrites ?? [])];
    const collections = rwSet?.collections ?? [];
    return (
      publicKeys.every(({ key }) => this.#keyHolds('', key)) &&
      collections.every(({ collection, writes }) => writes.every(({ key }) => this.#keyHolds(collection, key))) &&
      collections.every(({ collection, metadataWrites }) => metadataWrites.every(({ key }) => this.#keyHolds(collection, key))) &&
      // a transaction that writes nothing still needs its chaincode's endorsement (FAB-9473)
      (this.#anyChecked || this.#chaincodeHolds())
    );
  }

  #keyHolds(collection: string, key: string): boolean {
    if (this.changedPolicies.has(keyId(this.namespace, collection, key))) return false;
    const keyPolicy = this.#keyPolicy(collection, key);
    if (!keyPolicy) return this.#collectionHolds(collection);
    this.#anyChecked = true;
    return this.#evaluate(keyPolicy);
  }

  #keyPolicy(collection: string, key: string): EndorsementPolicy | undefined {
    const metadata = this.context.state.getRawMetadata(this.namespace, collection, collection === '' ? key : keyHashOf(key));
    const parameter = metadata && decodeMetadata(metadata).get(KEY_POLICY);
    if (!parameter || parameter.length === 0) return undefined;
    return this.context.policies.parseKeyPolicy(parameter) ?? { kind: 'signature', envelope: Buffer.alloc(0) };
  }

  #collectionHolds(collection: string): boolean {
    if (collection === '') return this.#chaincodeHolds();
    if (this.#held.has(collection)) return true;
    const policy = this.#collectionPolicy(collection);
    return policy !== undefined && this.#remember(collection, policy);
  }

  #chaincodeHolds(): boolean {
    return this.#held.has('') || this.#remember('', this.chaincodePolicy);
  }

  #remember(collection: string, policy: EndorsementPolicy): boolean {
    if (!this.#evaluate(policy)) return false;
    this.#held.add(collection);
    this.#anyChecked = true;
    return true;
  }

  #evaluate(policy: EndorsementPolicy): boolean {
    return this.context.policies.evaluateIdentities(policy, this.signers) === undefined;
  }

  /** lifecycle/deployedcc_infoprovider.go CollectionValidationInfo; `undefined`: no such collection. */
  #collectionPolicy(collection: string): EndorsementPolicy | undefined {
    const found = this.context.definitions.collection(this.namespace, collection);
    return found && (found.endorsementPolicy ?? this.chaincodePolicy);
  }
}
