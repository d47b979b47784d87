// For tests of other packages: a member node's routes, and its index, without the node.
export { buildServer, type NodeServer } from './http/server';
export { addTransactionRoutes } from './http/transaction-routes';
export { LedgerIndex } from './ledger-index/ledger-index';
