export * from './access/index';
export * from './actor';
export * from './audit/index';
export * from './capacity/index';
export { type Area, type EventTable } from './catalogue/area';
export * from './catalogue/authorise';
export {
  defineEntity,
  type Endorsement,
  type Entity,
  idPart,
  indexPart,
  type KeyPart,
  type KeyValues,
  newestFirstPart,
  versionPart,
} from './catalogue/entity';
export { commonRefusals, qualifiedName, TRANSIENT_KEY } from './catalogue/entry';
export type { Caller, Input, Output, Request, TransactionEntry, Transient } from './catalogue/entry';
export * from './consent/index';
export * from './crypto/sha256';
export * from './crypto/verify-signature';
export * from './delegated-acts';
export * from './delegation/index';
export * from './directory/index';
export * from './domain-error';
export * from './encoding/base64url';
export * from './encoding/canonical-json';
export type { Json } from './encoding/json';
export * from './encoding/strict-json';
export * from './encoding/values';
export * from './errors/table';
export * from './events';
export * from './ids';
export * from './instant';
export * from './keys/index';
export * from './matching/index';
export * from './owned-ids';
export * from './pointer/index';
export * from './proof/check-proof';
export * from './proof/proof-kinds';
export * from './proof/statements';
export * from './record/index';
export * from './recovery/index';
export * from './registrar/index';
export * from './relationship/index';
export * from './request/codec';
export { InvalidRequest, invalidRequest, type RequestFault } from './request/faults';
export * from './request/ledger';
export * from './request/ledger-failure';
export { newRequest } from './request/signed-request';
export type { Outcome, OutcomeOf, SignedRequest } from './request/signed-request';
export * from './state-table';
export * from './summary/index';
export * from './transactions';
export * from './vocabulary';
