import './logging-level';
export { contracts } from './contracts/index';
export { type ContractName, type ContractOf } from './contracts/contract-of';
export { type Call, LedgerContext } from './dispatch/call';
export { runUnit } from './dispatch/run-unit';
export { type Unit, Units } from './dispatch/unit';
export { useCases } from './use-cases/index';
export { type UseCase, type UseCases } from './use-cases/use-case';
export { chaincodeMetadata } from './contracts/metadata';
export { newChaincode } from './chaincode';
export { type LianyiChaincode, type RouterParts } from './dispatch/router';
export type { Caller } from './dispatch/caller';
export { batchRecord } from './ledger/batch-messages';
export { CoalescingReader } from './ledger/coalescing-reader';
export { keyOf, prefixOf } from './ledger/keys';
export { type Ledger, newLedger, type ReadLedger } from './ledger/ledger';
export { Repository } from './ledger/repository';
export { Overlay } from './ledger/overlay';
export {
  collectionOf,
  implicitCollection,
  publicSpace,
  type ScanRequest,
  type Space,
  type StateBackend,
  type StateEntry,
  type StateReader,
  type StateWrite,
} from './ledger/state';
export { StubState } from './ledger/stub-state';
