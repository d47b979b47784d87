export { type NodeIdentity } from './check-caller';
export { fingerprintOf, MemberCertificates, type MemberAuthority, type MemberCertificate } from './member-certificates';
export { initNode, type InitialisedNode, type InitNodeOptions, nodeRegistration, type NodeRegistration } from './init-node';
export { type MemberNode, startMemberNode, type StopReason, stopRequested } from './member-node';
export { loadNodeConfig, type NodeConfig, type NodeConfigInput, parseNodeConfig } from './node-config';
export { type Problem, problemOf } from './problem';
export { buildServer, type NodeServer } from './server';
export { addTransactionRoutes } from './transaction-routes';
