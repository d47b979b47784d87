import { type EndorsementPolicy } from '@lianyi/fabric-protocol';

export interface CollectionDefinition {
  readonly name: string;
  readonly implicit: boolean;
  /** Organisations named by the member policy, sorted. */
  readonly memberMspIds: readonly string[];
  readonly memberPolicy: EndorsementPolicy;
  readonly requiredPeerCount: number;
  readonly maximumPeerCount: number;
  /** Blocks; 0 = never removed. A value written in block b is gone once block b + blockToLive + 1 is committed. */
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  /** Absent: the chaincode's policy counts. */
  readonly endorsementPolicy?: EndorsementPolicy;
}

export interface ChaincodeDefinition {
  readonly name: string;
  readonly sequence: number;
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  readonly initRequired: boolean;
  readonly endorsementPolicy: EndorsementPolicy;
  /** Marshalled peer.ApplicationPolicy, as committed. */
  readonly validationParameter: Buffer;
  /** Explicit collections in the order of the definition. */
  readonly collections: readonly CollectionDefinition[];
  /** Marshalled peer.CollectionConfigPackage, as committed. */
  readonly collectionConfigPackage: Buffer;
}

/** Chaincode definitions as the chain's `_lifecycle` namespace holds them now. */
export interface ChaincodeDefinitions {
  get(chaincode: string): ChaincodeDefinition | undefined;
  /** Explicit or implicit (`_implicit_org_<MSP>`) collection; `undefined` if the chaincode has no such collection. */
  collection(chaincode: string, collection: string): CollectionDefinition | undefined;
  /** Names of committed chaincodes, sorted. */
  list(): readonly string[];
}
