export { asStorageFault, hasCode, syncDirectory, writeDurably } from './durable-write';
export { type Answer, exchange } from './https-exchange';
export { createKeyFile, loadKeyFile } from './key-file';
export {
  type Carried,
  type DocumentToPublish,
  MemberNodeClient,
  NodeProblem,
  NodeUnreachable,
  type OpenedDocument,
  type SignRequest,
  staffProofs,
} from './member-node-client';
export { readPassphrase } from './passphrase';
export { createWallet, openWallet } from './wallet-file';
