import { type KnownField, type KnownFields } from './known-fields';

const number: KnownField = { kind: 'number' };
const bytes: KnownField = { kind: 'bytes' };
const repeatedBytes: KnownField = { kind: 'repeatedBytes' };
const message = (of: () => KnownFields): KnownField => ({ kind: 'message', of });
const repeated = (of: () => KnownFields): KnownField => ({ kind: 'repeatedMessage', of });
const map = (of: () => KnownFields): KnownField => ({ kind: 'mapOfMessages', of });
const known = (fields: KnownFields['fields'], oneOf?: readonly number[]): KnownFields => ({
  fields,
  ...(oneOf === undefined ? {} : { oneOf }),
});

/**
 * The messages in a channel's configuration that others than its readers have made, field by field; texts are bytes.
 * @remarks Source: fabric-protos common/configtx.proto, policies.proto, configuration.proto, common.proto; msp/*.proto; orderer/configuration.proto.
 */
export const ofPolicy = known({ 1: number, 2: bytes });
export const ofConfigPolicy = known({ 1: number, 2: message(() => ofPolicy), 3: bytes });
export const ofConfigValue = known({ 1: number, 2: bytes, 3: bytes });
export const ofConfigGroup: KnownFields = known({
  1: number,
  2: map(() => ofConfigGroup),
  3: map(() => ofConfigValue),
  4: map(() => ofConfigPolicy),
  5: bytes,
});
export const ofConfig = known({ 1: number, 2: message(() => ofConfigGroup) });

export const ofCapabilities = known({ 1: map(() => known({})) });
export const ofBatchSize = known({ 1: number, 2: number, 3: number });
const ofConsenter = known({ 1: number, 2: bytes, 3: number, 4: bytes, 5: bytes, 6: bytes, 7: bytes });
export const ofOrderers = known({ 1: repeated(() => ofConsenter) });

export const ofMspConfig = known({ 1: number, 2: bytes });
const ofOuIdentifier = known({ 1: bytes, 2: bytes });
const ofNodeOus = known({
  1: number,
  2: message(() => ofOuIdentifier),
  3: message(() => ofOuIdentifier),
  4: message(() => ofOuIdentifier),
  5: message(() => ofOuIdentifier),
});
const ofKeyInfo = known({ 1: bytes, 2: bytes });
const ofSigningIdentity = known({ 1: bytes, 2: message(() => ofKeyInfo) });
const ofCrypto = known({ 1: bytes, 2: bytes });
export const ofFabricMspConfig = known({
  1: bytes,
  2: repeatedBytes,
  3: repeatedBytes,
  4: repeatedBytes,
  5: repeatedBytes,
  6: message(() => ofSigningIdentity),
  7: repeated(() => ofOuIdentifier),
  8: message(() => ofCrypto),
  9: repeatedBytes,
  10: repeatedBytes,
  11: message(() => ofNodeOus),
});
export const ofSerializedIdentity = known({ 1: bytes, 2: bytes });

const ofPrincipal = known({ 1: number, 2: bytes });
const ofNOutOf: KnownFields = known({ 1: number, 2: repeated(() => ofSignaturePolicy) });
const ofSignaturePolicy: KnownFields = known({ 1: number, 2: message(() => ofNOutOf) }, [1, 2]);
export const ofSignaturePolicyEnvelope = known({ 1: number, 2: message(() => ofSignaturePolicy), 3: repeated(() => ofPrincipal) });
export const ofImplicitMetaPolicy = known({ 1: bytes, 2: number });
export const ofMspRole = known({ 1: bytes, 2: number });
export const ofOrganizationUnit = known({ 1: bytes, 2: bytes, 3: bytes });
export const ofAnonymity = known({ 1: number });
export const ofCombinedPrincipal = known({ 1: repeated(() => ofPrincipal) });

export const ofSignatureHeader = known({ 1: bytes, 2: bytes });
export const ofIdentifierHeader = known({ 1: number, 2: bytes });
