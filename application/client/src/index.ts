export { PrivateKey } from './crypto/private-key';
export { type ByteSource, collectBytes, cutEvenly } from './envelope/cobblestone';
export { openBytes, openStream, sealBytes, sealedSize, sealStream } from './envelope/cobblestone';
export { contentCommitment, dekCommitment, newDataKey, newSalt, objectContext, saltUnderPad } from './envelope/data-key';
export { unwrapDataKey, wrapDataKey } from './envelope/key-wrap';
export { type EventCursor, eventCursorSchema, MOST_EVENTS, type ToldEvent, toldEventSchema } from './member-api/event-operations';
export { cursorBefore, type EventStore, followEvents, type FollowOptions } from './member-api/follow-events';
export { MemberApi } from './member-api/member-api';
export { type Disagreement, disagreementWith } from './member-api/witness';
export { type DocumentRequest, MemberNodeClient, type OpenedDocument } from './member-api/member-node-client';
export { introducedSchema, MOST_INTRODUCED } from './member-api/matching-operations';
export { MemberNodeLedger } from './member-api/member-node-ledger';
export { carryingOperation, everyOperation, type MemberOperation, memberOperations, OCTETS, signedAs } from './member-api/operations';
export { careMonthsIn, type DocumentToPublish, preparationOf } from './member-api/publication';
export { releaseStatementOf } from './member-api/released-document';
export {
  documentHeaderSchema,
  MAX_OBJECT_BYTES,
  type PreparedRecord,
  type PrepareInput,
  prepareInputSchema,
  problemSchema,
  type ReleaseAttestation,
  type ReleaseStatement,
  type WitnessedRelease,
} from './member-api/schemas';
export { fetchTransport, type Transport } from './member-api/transport';
export { WitnessLedger } from './member-api/witness';
export { ActingLedger, type RequestSigner, staffProofs } from './signing/acting-ledger';
export { newPrivateKey, publicKeyOf, signText } from './signing/p256';
export { newId, newIdNonce } from './signing/random-id';
export {
  assistedStatementFor,
  coSign,
  type RequestToSign,
  signCardToken,
  signDelegateCommand,
  signGuardianCommand,
  signIntroduction,
  signSlotCommand,
  signPatientCommand,
  signStaffRequest,
  staffStatementFor,
  type StaffSigner,
} from './signing/sign-request';
