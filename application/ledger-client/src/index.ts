export { ChainBroken, type ChainReport, readGenesis, verifyChain } from './evidence/verify-chain';
export { type BlockTransaction, parseBlock, type ParsedBlock } from './gateway/block';
export { type BlockCheckpoint, type BlockSink, blocksOf, BrokenChain, followBlocks, type OpenBlocks } from './gateway/block-follower';
export { ChannelClient } from './gateway/channel-client';
export { openPeerSession, type PeerSession } from './gateway/connect-gateway';
export { loadConnectionProfile, type PeerAddress } from './gateway/connection-profile';
export { identityInDirectories, identityInMspDirectory, loadSigningIdentity } from './gateway/identity-files';
export { connectionFromSampleEnvironment, type SampleConnection } from './gateway/sample-environment';
export { GatewayLedger } from './gateway-ledger';
