/** Parts of the real network that unit tests look at one by one. Nobody else does. */
export { channelDefinition } from './channel-definition';
export { CONNECTION_TEMPLATE, digestOfFolder, packChaincode } from '../administration/chaincode-package';
export { withChannels } from './bring-up';
export { isMade, newState } from './state-file';
export { choosePorts, refuseUsedPorts } from './choose-ports';
export { definitionStep, refuseUnsafePolicies, refuseWeakerDefinitions } from '../administration/definition-check';
export { writeExternalBuilder } from './external-builder';
export { chooseFreePorts, isPortFree } from '../machine/free-ports';
export { describeUnsafeKeys, KeyPolicyAudit, unsafeReason } from './key-policies';
export type { CommittedDefinition } from '../administration/lifecycle';
export { ordererConfig } from './orderer-config';
export { peerConfig } from './peer-config';
export { fabricFolders, planNetwork, portNames } from './plan';
export { recordedNodes, releaseNetwork, tryTakeNetwork } from './network-lock';
export { findPrunable } from './prune/find-prunable';
export { lookAtUse } from './prune/in-use';
export { channelsLed } from './raft-leader';
export { readTransient } from '../administration/chaincode-verbs/transient';
export { lockHolder, releaseLock, takeLock } from '../machine/process-lock';
export { endProcesses, isSameProcess, markOfProcess } from '../machine/process-mark';
export { packArchive } from '../machine/tar';
export { findProgram, parseVersion } from './tools';
export { viewChangesIn } from './view-change';
export { LagDetector } from './watchdog';
export { parsePolicyText } from '../wire/policy-text';
export { validationParameter } from '../wire/definition-settings';
export { computeConfigUpdate } from '../administration/channel-update/config-delta';
export {
  addOrdererOrganization,
  consentersOf,
  endpointsOf,
  isConsenter,
  isOrdererOrganization,
  needsEndpoints,
  putConsenter,
  removeConsenter,
  removeOrdererOrganization,
  setEndpoints,
} from '../administration/channel-update/orderer-change';
export { presentedOrganization } from '../administration/channel-update/membership-change';
export { refuseToPart } from '../administration/membership/remove-organization';
export { type OrderingState, refuseRiskyJoin, refuseRiskyLeave } from '../administration/membership/ordering-risk';
export type { ChannelInfo } from '../administration/channel-participation';
export { orderingStatus } from './ordering-status';
export { describeTolerance, mayStop, orderingOf, quorumOf, toleratedFaults } from '../consortium/ordering';
export { amend, NO_AMENDMENTS, runningChaincodes } from '../administration/membership/amendments';
export { listCertificates } from '../administration/membership/certificates';
export { checkRevocationList } from '../administration/membership/revocation';
export { parseCertificate } from '../embedded/msp/certificate';
export { OperatorError } from '../machine/operator-error';
