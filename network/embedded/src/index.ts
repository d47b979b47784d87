export { findPrunable } from './find-prunable';
export { ChannelLedger } from './ledger/channel-ledger';
export { LedgerDatabase } from './ledger/database';
export { startEmbeddedNetwork } from './network';
export { type Version } from './ports';
export { type RunningNetwork } from './running-network';
export { downEmbedded, examineEmbedded, stopEmbedded } from './shut-down';
export { StateDir } from './state-dir';
export { Code } from './validate/code';
