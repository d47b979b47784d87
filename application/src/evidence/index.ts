export { ChainBroken, ChainVerifier, readGenesis, verifyChain } from './verify-chain';
export type { ChainReport } from './verify-chain';
