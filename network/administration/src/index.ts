export { readBlocks } from './block-stream';
export { chainState, type ChainState } from './chain-state';
export { type ChaincodeRequest, invokeChaincode, queryChaincode } from './chaincode-verbs/call';
export {
  approveEverywhere,
  committedDefinition,
  deployChaincode,
  type DeployRequest,
  packageOf,
  settingsFor,
  settle,
  stage,
} from './chaincode-verbs/deploy-chaincode';
export { readTransient } from './chaincode-verbs/transient';
export { channelAtOrderer, type ChannelInfo, joinOrderer, leaveChannel, lookAtOrderer } from './channel-participation';
export { currentConfig } from './channel-update/current-config';
export { createChannel } from './channels/create-channel';
export { refuseUnsafePolicies, refuseWeakerDefinitions } from './definition-check';
export { endorsersKnownTo } from './discovery';
export { committedDefinitions, installPackage } from '@lianyi/fabric-protocol';
export { commitDefinition, joinChannel, joinedChannels } from './lifecycle';
export { addOrganization } from './membership/add-organization';
export { type CertificateEntry, isListener, listCertificates, renewEntry } from './membership/certificates';
export { removeOrganization } from './membership/remove-organization';
export { checkRevocationList, publishRevocationList, revokedOnChannels, revokeUser } from './membership/revocation';
export { type CommittedChaincode, lookOver, type NetworkOverview } from './network-overview';
export { LOOPBACK, loopbackAddress, nodeTls } from './node-connection';
export { PeerClient } from './peer-client';
export { type Progress } from './progress';
export { AdminSession } from './session/admin-session';
export { type ChannelHandle } from './session/channel-handle';
