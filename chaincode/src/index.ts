import './logging-level';
export { contracts } from './contracts/index';
export { chaincodeMetadata } from './dispatch/metadata';
export { LianyiChaincode, type RouterParts } from './dispatch/router';
export type { Caller } from './dispatch/caller';
export { CoalescingReader } from './ledger/coalescing-reader';
export { type EntityKey, indexPart, invertedTimePart, keyOf, prefixOf, privateKeys, publicKeys, versionPart } from './ledger/keys';
export { type Ledger, newLedger, type ReadLedger } from './ledger/ledger';
export { MemoryState } from './ledger/memory-state';
export { Overlay } from './ledger/overlay';
export {
  implicitCollection,
  publicSpace,
  type ScanRequest,
  type Space,
  type StateBackend,
  type StateEntry,
  type StateReader,
  type StateWrite,
} from './ledger/state';
