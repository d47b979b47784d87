import { type msp } from '../wire/proto';

export type NodeRole = 'client' | 'peer' | 'admin' | 'orderer';

/** A parsed X.509 identity of one of the channel's MSPs: its issuer chain was found, nothing more is promised. */
export interface ChannelIdentity {
  readonly mspId: string;
  /** Marshalled msp.SerializedIdentity as it arrived. */
  readonly serialized: Buffer;
  readonly certificatePem: string;
  /** X.509 notAfter, exclusive. */
  readonly expiresAtMillis: number;
  /** SHA-256 of message, DER, low-S, as bccsp/sw verifies. */
  verify(message: Buffer, signature: Buffer): boolean;
}

export interface MspManager {
  readonly mspIds: readonly string[];
  /** `undefined`: unknown MSP, not a certificate, or no chain to one of the MSP's CAs ("creator is malformed"). */
  deserialize(serialized: Buffer): ChannelIdentity | undefined;
  /** Fabric's text for an identity that is revoked, a CA, or has no or two role OUs; `undefined` = valid. Ignores expiry. */
  invalidReason(identity: ChannelIdentity): string | undefined;
  satisfiesPrincipal(identity: ChannelIdentity, principal: msp.MSPPrincipal): boolean;
  /** PEM of the TLS roots of one MSP. */
  tlsRootCertificates(mspId: string): readonly string[];
}

export interface SignedData {
  readonly data: Buffer;
  /** Marshalled msp.SerializedIdentity. */
  readonly identity: Buffer;
  readonly signature: Buffer;
}

/** A parsed endorsement policy. `undefined` never means "none needed": who cannot parse a policy refuses. */
export type EndorsementPolicy =
  | { readonly kind: 'signature'; readonly envelope: Buffer /* marshalled common.SignaturePolicyEnvelope */ }
  | { readonly kind: 'channel'; readonly path: string /* e.g. /Channel/Application/Endorsement */ };

export interface ChannelPolicies {
  /** Evaluates a channel policy by absolute path. Returns `undefined` if satisfied, else the reason in Fabric's words. */
  evaluate(path: string, signatures: readonly SignedData[]): string | undefined;
  evaluateEndorsement(policy: EndorsementPolicy, signatures: readonly SignedData[]): string | undefined;
  /** Whether the identity alone would satisfy the policy, signature not considered (collection membership). */
  identitySatisfies(policy: EndorsementPolicy, identity: ChannelIdentity): boolean;
  /**
   * Minimal sets of organisations (sorted MSP ids, smallest sets first) whose peers, one each, satisfy the policy.
   * Empty: no set of the channel's organisations can.
   */
  minimalOrganizationSets(policy: EndorsementPolicy): readonly (readonly string[])[];
  /** Parses marshalled peer.ApplicationPolicy (chaincode and collection policies). */
  parseApplicationPolicy(bytes: Buffer): EndorsementPolicy | undefined;
  /** Parses a key's VALIDATION_PARAMETER metadata (common.SignaturePolicyEnvelope). */
  parseKeyPolicy(bytes: Buffer): EndorsementPolicy | undefined;
}
