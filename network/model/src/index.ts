export {
  advertisedHost,
  chaincodeSchema,
  type ChaincodeSettings,
  type Channel,
  channelSchema,
  channelsOf,
  channelsOfChaincode,
  channelView,
  type Consortium,
  ConsortiumError,
  ordersChannel,
  type Organization,
  organizationSchema,
  parseConsortium,
} from './consortium/consortium';
export { readCollectionsConfig } from './consortium/collections-config';
export { definitionStep } from './consortium/definition-step';
export { loadConsortium } from './consortium/load-consortium';
export { crashTolerance, describeTolerance, type Ordering, orderingOf, quorumOf, toleratedFaults } from './consortium/ordering';
export { testNetworkConsortium } from './consortium/test-network';
export { AmendmentQueue } from './control/amendment-queue';
export {
  amend,
  type AmendmentRequest,
  type Amendments,
  type DeployedChaincode,
  NO_AMENDMENTS,
  readAmendments,
  runningChaincodes,
  versionKey,
  withDeployment,
  writeAmendments,
} from './control/amendments';
export { askNetwork, askAction, askStatus, serveControl } from './control/control';
export { withFileChanges } from './control/file-changes';
export { controlSocket, removeSocket } from './control/control-socket';
export {
  definitionSchema,
  type NetworkDefinition,
  type NetworkLayout,
  type OrdererEndpoint,
  type PeerEndpoint,
} from './control/network-definition';
export { type NetworkStatus, type NodeStatus, type OrderingStatus } from './control/network-status';
export { type NetworkStart, NODE_ACTIONS, type NodeAction, type RunningNetwork } from './control/running-network';
export { CaClient } from './fabric-ca/ca-client';
export { FabricCaAuthority } from './fabric-ca/fabric-ca-authority';
export { openAuthority } from './fabric-ca/open-authority';
export { Registrar } from './fabric-ca/registrar';
export { authorityPaths, LISTENER_CERTIFICATE, readAccess, readCaCertificates, writeServerFiles } from './fabric-ca/server-files';
export { allDone } from './machine/all-done';
export { type Finding, nodeFinding, portFindings } from './machine/examination';
export { acceptsConnections, chooseFreePorts, isPortFree, promisePorts } from './machine/free-ports';
export { addressFindings, refuseStrayNames } from './organizations/loopback-names';
export { causeIn } from './machine/log-cause';
export { type NetworkHoldings } from './machine/network-holdings';
export { acceptsTls, answersHealthy, callNode, type HttpsAnswer, type HttpsIdentity, nodeIdentity } from './machine/node-https';
export { faultsOf, joinedFaults } from './machine/schema-faults';
export { fileFaultOf, OperatorError, type OperatorErrorCode, reasonOf, sentenceOf, systemCode } from './machine/operator-error';
export { lockHolder, releaseLock, takeLock } from './machine/process-lock';
export { askToEnd, endProcesses, isSameProcess, type MarkedProcess, markOfProcess } from './machine/process-mark';
export { type FindPrunable, type HoldNetwork, mayGoFrom, type Prunable, sizeOf } from './machine/prunable';
export { type Sentence, verbatim } from './machine/sentence';
export { NotAnArchive, packArchive, unpackArchive } from './machine/tar';
export { isReadyWithin, waitUntil } from './machine/wait-until';
export { Authorities, type AuthorityOf, type OrganizationAuthority, type Withdrawn } from './organizations/authority';
export { writeConnectionProfiles } from './organizations/connection-profile';
export { type FolderOwner, folderOwners, mspIdOf } from './organizations/folder-owner';
export { inProcessAuthorities } from './organizations/in-process-authority';
export { noteIssued, serialNumbersIssued } from './organizations/issued-certificates';
export {
  ADMIN_USER,
  authorityName,
  CLIENT_USER,
  nodeName,
  nodesFolder,
  nodesOf,
  organizationPaths,
  type OrganizationPaths,
  servicesFolder,
  userNames,
} from './organizations/layout';
export { loadSigner, readKeyOf } from './organizations/load-signer';
export { keepRevocationList, readRevocationLists } from './organizations/revocation-lists';
export { describeOrganization, type RunningOrganization } from './organizations/running-organization';
export { lacksCertificates, readAuthorities, readVerifyingMsp, writeOrganizations } from './organizations/write-organizations';
export { type ChaincodePackage, digestOfFolder, PACKAGE_TYPE, packageLabel, packChaincode } from './packages/chaincode-package';
export {
  asStarted,
  type ChaincodeSource,
  type ChaincodeVersion,
  describeSources,
  plannedServices,
  readSources,
  refuseUnknownChaincode,
  serviceName,
} from './packages/chaincode-source';
export { BUNDLE, writeDeployableFolder } from './packages/deployable-folder';
export { type LaunchCommand, launchOf, type ProcessLaunch, readLaunchCommand } from './packages/launch-command';
export { packService, servicePackageLabel, testNetworkAddress } from './packages/service-package';
