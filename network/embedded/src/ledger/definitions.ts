import { type Message } from 'google-protobuf';
import {
  bytesOf,
  type ChannelConfig,
  type ConfiguredPolicies,
  type EndorsementPolicy,
  type MessageType,
  outOf,
  peer,
  tryDecode,
} from '@lianyi/fabric-protocol';
import { type ChaincodeDefinition, type ChaincodeDefinitions, type CollectionDefinition } from './chaincode-definition';
import { type CommittedState } from './committed-state';
import { compareKeys } from './keys';

export const LIFECYCLE = '_lifecycle';
const METADATA_PREFIX = 'namespaces/metadata/';
const FIELDS_PREFIX = 'namespaces/fields/';
const DEFINITION_TYPE = 'ChaincodeDefinition';
export const IMPLICIT_PREFIX = '_implicit_org_';

/** A policy that cannot be read never holds. */
const UNREADABLE: EndorsementPolicy = { kind: 'signature', envelope: Buffer.alloc(0) };

/** Reads `_lifecycle` as Fabric's serializer wrote it (core/chaincode/lifecycle/serializer.go), once per committed change. */
export class LedgerDefinitions implements ChaincodeDefinitions {
  #cache = new Map<string, ChaincodeDefinition | undefined>();

  constructor(
    private readonly state: CommittedState,
    private readonly policies: ConfiguredPolicies,
    private readonly config: () => ChannelConfig,
  ) {}

  /** To be called after a block that wrote to `_lifecycle` or changed the channel configuration. */
  forget(): void {
    this.#cache = new Map();
  }

  get(chaincode: string): ChaincodeDefinition | undefined {
    if (!this.#cache.has(chaincode)) this.#cache.set(chaincode, this.#read(chaincode));
    return this.#cache.get(chaincode);
  }

  collection(chaincode: string, collection: string): CollectionDefinition | undefined {
    const definition = chaincode === LIFECYCLE ? undefined : this.get(chaincode);
    if (!definition && chaincode !== LIFECYCLE) return undefined;
    if (collection.startsWith(IMPLICIT_PREFIX)) return this.#implicit(collection);
    return definition?.collections.find(({ name }) => name === collection);
  }

  list(): readonly string[] {
    const names = [...this.state.scanState(LIFECYCLE, METADATA_PREFIX, `${METADATA_PREFIX}\u{10FFFF}`)].map(({ key }) =>
      key.slice(METADATA_PREFIX.length),
    );
    return names.filter((name) => this.get(name) !== undefined).sort(compareKeys);
  }

  /** lifecycle/deployedcc_infoprovider.go GenerateImplicitCollectionForOrg, ImplicitCollectionEndorsementPolicyAsBytes. */
  #implicit(name: string): CollectionDefinition | undefined {
    const mspId = name.slice(IMPLICIT_PREFIX.length);
    const { applicationOrganizations, policies } = this.config();
    const group = [...applicationOrganizations].find(([, candidate]) => candidate === mspId)?.[0];
    if (group === undefined) return undefined;
    const memberPolicy: EndorsementPolicy = {
      kind: 'signature',
      envelope: bytesOf(outOf(1, [{ mspId, role: 'member' }]).serializeBinary()),
    };
    const hasOwnPolicy = policies.find(['Application', group, 'Endorsement']) !== undefined;
    return {
      name,
      implicit: true,
      memberMspIds: [mspId],
      memberPolicy,
      requiredPeerCount: 0,
      maximumPeerCount: 0,
      blockToLive: 0,
      memberOnlyRead: false,
      memberOnlyWrite: false,
      endorsementPolicy: hasOwnPolicy ? { kind: 'channel', path: `/Channel/Application/${group}/Endorsement` } : memberPolicy,
    };
  }

  #stateData(chaincode: string, fieldName: string): peer.lifecycle.StateData | undefined {
    const stored = this.state.getState(LIFECYCLE, `${FIELDS_PREFIX}${chaincode}/${fieldName}`);
    return stored && tryDecode(peer.lifecycle.StateData, stored.value);
  }

  #read(chaincode: string): ChaincodeDefinition | undefined {
    const metadata = this.state.getState(LIFECYCLE, `${METADATA_PREFIX}${chaincode}`);
    const isDefinition = metadata && tryDecode(peer.lifecycle.StateMetadata, metadata.value)?.getDatatype() === DEFINITION_TYPE;
    const sequence = this.#stateData(chaincode, 'Sequence')?.getInt64();
    const info = this.#field(chaincode, 'EndorsementInfo', peer.lifecycle.ChaincodeEndorsementInfo);
    const rules = this.#field(chaincode, 'ValidationInfo', peer.lifecycle.ChaincodeValidationInfo);
    if (!isDefinition || sequence === undefined || !info || !rules) return undefined;
    return {
      name: chaincode,
      sequence,
      version: info.getVersion(),
      endorsementPlugin: info.getEndorsementPlugin(),
      initRequired: info.getInitRequired(),
      ...this.#validationOf(rules),
      ...this.#collectionsOf(chaincode),
    };
  }

  #field<T extends Message>(chaincode: string, name: string, type: MessageType<T>): T | undefined {
    const data = this.#stateData(chaincode, name);
    return data && tryDecode(type, data.getBytes_asU8());
  }

  #validationOf(
    rules: peer.lifecycle.ChaincodeValidationInfo,
  ): Pick<ChaincodeDefinition, 'validationPlugin' | 'validationParameter' | 'endorsementPolicy'> {
    const validationParameter = bytesOf(rules.getValidationParameter_asU8());
    const endorsementPolicy = this.policies.parseApplicationPolicy(validationParameter) ?? UNREADABLE;
    return { validationPlugin: rules.getValidationPlugin(), validationParameter, endorsementPolicy };
  }

  #collectionsOf(chaincode: string): Pick<ChaincodeDefinition, 'collections' | 'collectionConfigPackage'> {
    const collectionConfigPackage = bytesOf(this.#stateData(chaincode, 'Collections')?.getBytes_asU8() ?? new Uint8Array());
    const configs = tryDecode(peer.CollectionConfigPackage, collectionConfigPackage)?.getConfigList() ?? [];
    const collections = configs.flatMap((config) => config.getStaticCollectionConfig() ?? []).map((config) => this.#collectionOf(config));
    return { collectionConfigPackage, collections };
  }

  #collectionOf(config: peer.StaticCollectionConfig): CollectionDefinition {
    const members = config.getMemberOrgsPolicy()?.getSignaturePolicy();
    const memberPolicy: EndorsementPolicy = members ? { kind: 'signature', envelope: bytesOf(members.serializeBinary()) } : UNREADABLE;
    const own = config.getEndorsementPolicy();
    const endorsementPolicy = own && (this.policies.parseApplicationPolicy(bytesOf(own.serializeBinary())) ?? UNREADABLE);
    return {
      name: config.getName(),
      implicit: false,
      memberMspIds: this.policies.mspIdsNamedBy(memberPolicy),
      memberPolicy,
      requiredPeerCount: config.getRequiredPeerCount(),
      maximumPeerCount: config.getMaximumPeerCount(),
      blockToLive: config.getBlockToLive(),
      memberOnlyRead: config.getMemberOnlyRead(),
      memberOnlyWrite: config.getMemberOnlyWrite(),
      ...(endorsementPolicy ? { endorsementPolicy } : {}),
    };
  }
}
