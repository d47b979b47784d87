export { newLogger } from './http/log';
export { initNode } from './init-node';
export { digestOfNode } from './node-digest';
export { fingerprintOf, MemberCertificates } from './member-certificates';
export { type MemberNode, startMemberNode } from './member-node';
export { loadNodeConfig, type NodeConfig, type NodeConfigInput, nodeConfigSchema, parseNodeConfig } from './node-config';
