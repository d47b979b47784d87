export { type NodeIdentity, nodeOperations } from './check-caller';
export { fingerprintOf, MemberCertificates, type MemberAuthority, type MemberCertificate } from './member-certificates';
export { type MemberNode, startMemberNode } from './member-node';
export { loadNodeConfig, type NodeConfig, type NodeConfigInput, parseNodeConfig } from './node-config';
export { type Problem, problemOf } from './problem';
export { buildServer, type NodeServer } from './server';
export { addTransactionRoutes } from './transaction-routes';
