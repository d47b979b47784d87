export { type BlockEvent, type BlockTransaction, hashBlockHeader, parseBlock, type ParsedBlock } from './block';
export {
  type BlockCheckpoint,
  type BlockSink,
  blocksOf,
  BrokenChain,
  followBlocks,
  type FollowerEvents,
  type OpenBlocks,
} from './block-follower';
export {
  type ChaincodeCall,
  ChannelClient,
  type ChannelClientOptions,
  type ChannelPort,
  type CommittedCall,
  type CommitStatus,
  type RetryPolicy,
} from './channel-client';
export { type GatewayDeadlines, openPeerSession, type PeerSession } from './connect-gateway';
export { loadConnectionProfile, type PeerAddress } from './connection-profile';
export { Conflict, LedgerFailure, OutcomeUnknown, Refused, Rejected, Unavailable, UntrustedGateway } from '@lianyi/domain';
export {
  identityInDirectories,
  identityInMspDirectory,
  type IdentityFiles,
  loadSigningIdentity,
  type SigningIdentity,
} from './identity-files';
export { type ProposedCall, verifyPreparedTransaction } from './prepared-transaction';
export { connectionFromSampleEnvironment, type SampleConnection } from './sample-environment';
export { newLowSSigner, newLowSSignerFromPem } from './signer';
