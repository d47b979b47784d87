/** What tests of other packages look at, and nobody else: how a network is planned and where its programs are found. */
export { channelDefinition } from './channel-definition';
export { planNetwork, portNames } from './plan';
export { findProgram } from './tools';
