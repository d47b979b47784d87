export { collect, type ByteSource } from './blocks';
export { CHUNK_BYTES, KEY_BYTES, openBytes, openStream, sealBytes, sealedSize, sealStream, type Seal } from './cobblestone';
export { contentCommitment, dekCommitment, isCommittedKey, newDataKey, newSalt, objectContext, type ObjectIdentity } from './data-key';
export { encodeWrappedKey, unwrapDataKey, wrapDataKey, type KeyRecipient } from './key-wrap';
