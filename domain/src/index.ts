export * from './access/decision';
export * from './access/entities';
export type * from './access/question';
export { accessArea } from './access/transactions';
export * from './actor';
export { type AccessEvent, accessEventSchema, auditArea, type Disclosure, type OwnLine } from './audit/transactions';
export {
  type DomainEvent,
  domainEventSchema,
  type EventName,
  eventNames,
  eventsPayloadSchema,
  FABRIC_EVENT_NAME,
  patientsOwnEvents,
} from './audited-areas';
export * from './capacity/capacity';
export * from './capacity/transactions';
export { capacityArea } from './capacity/transactions';
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
export * from './consent/entities';
export { consentArea } from './consent/transactions';
export * from './copies/transactions';
export * from './correction/transactions';
export { correctionArea } from './correction/transactions';
export * from './prescription/transactions';
export * from './crypto/sha256';
export * from './crypto/verify-signature';
export * from './delegated-acts';
export * from './delegation/delegation';
export * from './delegation/transactions';
export { delegationArea } from './delegation/transactions';
export * from './device/transactions';
export { deviceArea } from './device/transactions';
export { type Hold, type HoldList, type HoldReason, holdArea, holdReasons } from './hold/transactions';
export {
  type AccessApproval,
  accessApprovalSchema,
  type AccessParameter,
  accessParameterSchema,
  type Approver,
  type EmergencySigner,
  type EmergencySigners,
  type DefaultPolicies,
  type DisplayProfiles,
  type DisplayRequirement,
  governanceArea,
  type ImplicitPolicy,
  implicitPolicies,
  type LevelApprovers,
  ORGANISATION_LIST,
  type ParameterName,
  parameterNameSchema,
  type ParameterProposal,
  parameterProposalSchema,
  type ParameterSetting,
  profiledClasses,
  type RetentionPeriod,
} from './governance/transactions';
export * from './directory/entities';
export * from './directory/staff';
export { directoryArea } from './directory/transactions';
export * from './domain-error';
export * from './encoding/base64url';
export * from './encoding/canonical-json';
export type { Json } from './encoding/json';
export * from './encoding/strict-json';
export * from './encoding/values';
export * from './emergency/entities';
export { emergencyArea } from './emergency/transactions';
export * from './errors/table';
export * from './ids';
export * from './instant';
export * from './keys/transactions';
export { keysArea } from './keys/transactions';
export * from './matching/entities';
export { matchingArea } from './matching/transactions';
export * from './owned-ids';
export { GUESS_TIMELY_MS, type Pin, pinArea, type PinState, type PinVault } from './pin/transactions';
export * from './pointer/entities';
export { pointerArea } from './pointer/transactions';
export * from './proof/check-proof';
export * from './proof/proof-kinds';
export * from './proof/statements';
export * from './record/entities';
export * from './record/record';
export { recordArea } from './record/transactions';
export * from './recognition/transactions';
export { recognitionArea } from './recognition/transactions';
export * from './record/results';
export * from './recovery/entities';
export * from './recovery/recovery';
export { recoveryArea } from './recovery/transactions';
export * from './referral/entities';
export { referralArea } from './referral/transactions';
export * from './registrar/card';
export * from './registrar/entities';
export * from './registrar/entities';
export { registrarArea } from './registrar/transactions';
export * from './relationship/transactions';
export { relationshipArea } from './relationship/transactions';
export * from './request/codec';
export { InvalidRequest, invalidRequest, type RequestFault } from './request/signed-request';
export * from './request/ledger-failure';
export { newRequest, perform } from './request/signed-request';
export type { Ledger, Outcome, OutcomeOf, SignedRequest } from './request/signed-request';
export { MOST_SAYING_SO_OF_ONE, nextState, type StateTable } from './state-table';
export { SLOTS_AT_ONCE, summaryArea, type SummarySlot } from './summary/transactions';
export * from './transactions';
export * from './vocabulary';
