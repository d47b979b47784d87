export { FileVault, type FileOperations } from './file-vault';
export { type ObjectStore, type PutOptions, type ReadableObject, type StoredObject } from './object-store';
export { assertReceipt, signReceipt, type VaultIdentity } from './receipt';
export { ReplicaClient, TICKET_HEADER, type MemberTls, type RemoteVault } from './replica-client';
