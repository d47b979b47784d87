export { BlockAuthority, BuriedSignatures, ConfigurationUnread, unreadParts } from './channel-config/block-authority';
export { type ChannelConfig, decodeConfig, parseChannelConfig, readChannelConfig, type UnreadPart } from './channel-config/channel-config';
export { type CommittedUpdate, committedUpdateOf } from './channel-config/committed-update';
export { computeConfigUpdate } from './channel-config/config-delta';
export { applyConfigUpdate, ConfigUpdateRefused } from './channel-config/config-update';
export { type BatchConfig, buildGenesisBlock, type GenesisOrganization, mspConfig, organizationGroup } from './channel-config/genesis';
export { CHANNEL_ROLES, type ChannelSection, STANDARD_POLICIES } from './channel-config/channel-roles';
export { changeMsp, groupsOf, mspConfigOf, takeMspOf } from './channel-config/msp-config';
export {
  definitionsIn,
  OrganizationDefinition,
  type SignedDefinitions,
  signedDefinitionsIn,
} from './channel-config/organization-definition';
export { type Attributes, attributesOf } from './authority/attributes';
export {
  type CertificateAuthority,
  createCertificateAuthority,
  createRevocationList,
  issueIdentity,
  issueTls,
  type KeyAndCertificate,
  loadCertificateAuthority,
  renewCertificate,
  revokeSerialNumbers,
  UnusableAuthority,
} from './authority/ca';
export { curveOrder, derInteger, derSequence, isLowS, parseEcdsaSignature, lowSForm } from './crypto/der';
export { createSigner, type Signer } from './wire/signer';
export { createSigningRequest, hostsOf, type RequestedSubject } from './authority/signing-request';
export { bringToDefinition, commitWhenAgreed, type DefinitionStep, installEverywhere } from './lifecycle/bring-to-definition';
export { type CommittedDefinition, hasSameContent } from './lifecycle/committed-definition';
export { CHANNEL_ENDORSEMENT_POLICY, validationParameter } from './lifecycle/definition-settings';
export { approveDefinition, approvedPackageId, approveOnce, committedDefinitions, installPackage } from './lifecycle/lifecycle-calls';
export { type LifecyclePeer } from './lifecycle/lifecycle-peer';
export { type Certificate, parseCertificate, parseRevocationList, type RevocationList } from './msp/certificate';
export {
  type ChannelIdentity,
  type ChannelPolicies,
  type EndorsementPolicy,
  type MspManager,
  type SignedData,
} from './msp/channel-identity';
export { Msp } from './msp/msp';
export { ChannelMsps } from './msp/msp-manager';
export { type Principal } from './msp/principal';
export { majorityOf, majorityOfPeers } from './policies/majority';
export { ConfiguredPolicies } from './channel-config/configured-policies';
export { outOf, outOfPrincipals, signaturePolicy } from './policies/policy-builder';
export { type ChannelPolicy, evaluatePolicy, PolicyTree } from './policies/policy-tree';
export { compileSignaturePolicy, evaluateRule, peerOfSatisfies, type SignatureRule } from './policies/signature-policy';
export {
  blockDataHash,
  blockHeaderBytes,
  blockHeaderHash,
  commitHashOf,
  envelopesOf,
  lastConfigIndexOf,
  newBlock,
  setCommitMetadata,
  signBlock,
  validationCodesOf,
} from './wire/block';
export { decodeOr, type Decoding, type MessageType, tryDecode } from './wire/decode';
export { decodingFault, MalformedText } from './wire/text';
export { WireMessage } from './wire/wire-message';
export { computeTxId, newNonce, type ParsedEnvelope, readEnvelope } from './wire/envelope';
export { parsePolicyText } from './wire/policy-text';
export {
  decode,
  MalformedMessage,
  outlineProposal,
  type ProposalOutline,
  type SignedBytes,
  signedProposalMessage,
  type UnpackedProposal,
  unpackProposal,
} from './wire/proposal';
export {
  Any,
  bytesOf,
  common,
  discovery,
  gateway,
  google,
  gossip,
  ledger,
  marshal,
  type Message,
  msp,
  orderer,
  peer,
  Timestamp,
} from './wire/proto';
export { type RoleName, rolePrincipal } from './wire/role-principal';
export {
  type CollectionRwSet,
  decodeMetadata,
  keyHashOf,
  type MerkleSummary,
  type MetadataWrite,
  type NamespaceRwSet,
  parsePrivateWrites,
  parseRwSet,
  type RangeQuery,
  type Read,
  type RwVersion,
  type Write,
} from './wire/rwset';
export { type BlockPosition, seekInfo } from './wire/seek';
export { envelopePayload, signedEnvelope } from './wire/signed-envelope';
export {
  assembleTransaction,
  type Endorsed,
  endorsedIn,
  type NewProposal,
  newSignedProposal,
  prepareTransaction,
  proposalResponsePayload,
  resultOfPayload,
  sha256OfBytes,
} from './wire/transaction';
