export { definitionsIn, OrganizationDefinition } from '@lianyi/fabric-protocol';
export { BuriedSignatures, ConfigurationUnread, type UnreadPart, unreadParts } from '@lianyi/fabric-protocol';
export { ChainBroken, type ChainReport, type ChainVisitor, readGenesis, verifyChain } from './evidence/verify-chain';
export { CommandAudit } from './evidence/command-audit';
export { type Judge, judgesOf } from './evidence/judges';
export {
  BuiltDefinitions,
  hashOfDefinition,
  type IsSigned,
  judgeName,
  nameTaken,
  signaturesIn,
  withoutFalseName,
} from './evidence/name-rule';
export { isSaidOfPatient, type SaidOfPatient } from './evidence/said-of-patients';
export { type CommitBounds, timelinessOf, timeToldBy, ToldTimes } from './evidence/timeliness';
export { ValidityFlags } from './evidence/validity-flags';
export {
  type CopyFact,
  type DeviceFact,
  type KnownDevice,
  type KnownMembers,
  type KnownRecord,
  type KnownStaff,
  type MemberFact,
  type SaidFunctionKey,
} from './evidence/member-facts';
export {
  type AlarmFact,
  type AlarmName,
  type FirstGrantBy,
  isLateAfter,
  type KnownDelegation,
  type KnownEmergencyChoice,
  type KnownAlarms,
  type KnownPatients,
  type PatientFact,
  type RelationshipWord,
} from './evidence/patient-facts';
export { isLedTo } from './evidence/led-to';
export { type Asked, askedIn } from './evidence/asked-by-staff';
export { type WrittenLine, auditLinesIn } from './evidence/written-audit';
export { leastCoolingOffBy } from './evidence/written-organisation';
export { type KnownPin, type PinFact, pinFactsIn } from './evidence/written-pin';
export { type BlockTransaction, parseBlock, type ParsedBlock } from './gateway/block';
export { type BlockCall, type BlockWrite, CallsOfBlock, readCall } from './gateway/block-call';
export { type BlockCheckpoint, type BlockSink, BrokenChain, followBlocks, type FollowedBlock, PeerBehind } from './gateway/block-follower';
export { type BlockSource } from './gateway/block-source';
export { ChannelClient } from './gateway/channel-client';
export { openPeerSession, type PeerSession } from './gateway/connect-gateway';
export { loadConnectionProfile, type PeerAddress } from './gateway/connection-profile';
export { identityInDirectories, identityInMspDirectory, loadSigningIdentity, signingIdentity } from './gateway/identity-files';
export { nameOfFailure } from './gateway/newest-block';
export { OrganisationPeers } from './gateway/organisation-peers';
export { connectionFromSampleEnvironment, type SampleConnection } from './gateway/sample-environment';
export { GatewayLedger } from './gateway-ledger';
