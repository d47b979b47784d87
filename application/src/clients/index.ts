export { type CarriedArgument, type Committed, type InvokeOptions, LedgerClient } from './ledger-client';
