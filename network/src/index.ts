/** What tests and tools may use of this package; everything else is reached through its commands. */
export { type Consortium, ConsortiumError, type Organization, parseConsortium } from './consortium/consortium';
export { loadConsortium } from './consortium/load-consortium';
export { type EmbeddedNetworkOptions, type RunningNetwork, startEmbeddedNetwork } from './embedded/network';
export { type RunningOrganization } from './organizations/running-organization';
export { OperatorError, type OperatorErrorCode } from './machine/operator-error';
export * as internals from './internals';
