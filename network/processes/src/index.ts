export { examineFabric } from './examine';
export { startFabricNetwork } from './network';
export { releaseNetwork, tryTakeNetwork } from './network-lock';
export { fabricFolders } from './plan';
export { findPrunable } from './prune/find-prunable';
export { lookAtUse } from './prune/in-use';
export { downFabric, holdingsOfFabric, stopFabric } from './shut-down';
export { restorePeer, takeSnapshot } from './snapshot';
export { type SupervisorEvent } from './supervisor';
