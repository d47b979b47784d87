export { examineEmbedded } from './examine';
export { findPrunableEmbedded } from './find-prunable';
export { ChannelLedger } from './channel-ledger';
export { LedgerDatabase } from './ledger/database';
export { type Version } from './ledger/committed-state';
export { downEmbedded, stopEmbedded } from './shut-down';
export { startEmbeddedNetwork } from './start-embedded';
export { StateDir } from './state-dir';
export { Code } from './validate/code';
