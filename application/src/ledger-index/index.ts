export { LedgerIndex, type Sighting } from './ledger-index';
export { nodeSqlite, openDatabase } from './node-sqlite';
