/** Parts of the real network that unit tests look at one by one. Nobody else does. */
export { channelDefinition } from './channel-definition';
export { CONNECTION_TEMPLATE, digestOfFolder, packChaincode } from './chaincode-package';
export { choosePorts, refuseUsedPorts } from './choose-ports';
export { definitionStep, refuseUnsafePolicies, refuseWeakerDefinitions } from './definition-check';
export { writeExternalBuilder } from './external-builder';
export { chooseFreePorts, isPortFree } from './free-ports';
export { describeUnsafeKeys, KeyPolicyAudit, unsafeReason } from './key-policies';
export type { CommittedDefinition } from './lifecycle';
export { ordererConfig } from './orderer-config';
export { peerConfig } from './peer-config';
export { planNetwork, portNames } from './plan';
export { endProcesses, isSameProcess, markOfProcess } from './process-mark';
export { packArchive } from './tar';
export { findProgram, parseVersion } from './tools';
export { LagDetector } from './watchdog';
export { parsePolicyText } from '../wire/policy-text';
export { validationParameter } from '../wire/definition-settings';
