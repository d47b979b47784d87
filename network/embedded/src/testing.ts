/** What tests of other packages look at, and nobody else: the insides of the embedded network. */
export { ChannelLedger } from './channel-ledger';
export { type Version } from './ledger/committed-state';
export { LedgerDatabase } from './ledger/database';
export { StateDir } from './state-dir';
export { Code } from './validate/code';
