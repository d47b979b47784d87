// For tests of other packages: a member node's routes without the node.
export { buildServer, type NodeServer } from './http/server';
export { addTransactionRoutes } from './http/transaction-routes';
