export { PrivateKey } from './crypto/private-key';
export { type ByteSource, collect, cutEvenly } from './envelope/blocks';
export { openBytes, openStream, sealBytes, sealedSize, sealStream } from './envelope/cobblestone';
export { contentCommitment, dekCommitment, newDataKey, newSalt, objectContext } from './envelope/data-key';
export { unwrapDataKey, wrapDataKey } from './envelope/key-wrap';
export {
  DOCUMENT_HEADER,
  documentHeaderSchema,
  MAX_OBJECT_BYTES,
  type NodeOperation,
  nodeOperations,
  type PreparedRecord,
  preparedSchema,
  type PrepareInput,
  prepareInputSchema,
  problemSchema,
  publicationSchema,
  readInputSchema,
  releasedKeySchema,
  REQUEST_HEADER,
} from './member-api/node-protocol';
export { newPrivateKey, publicKeyOf, signText } from './signing/p256';
export { newId } from './signing/random-id';
export { type RequestToSign, signPatientCommand, signStaffRequest, type StaffSigner } from './signing/sign-request';
export { type Synchronisation } from './wallet/synchronise';
export { newWalletContent, type SignedCommand, Wallet, type WalletStore } from './wallet/wallet';
export { type WalletContent, walletContentSchema } from './wallet/wallet-content';
