// `@lianyi/domain/deciding`: how access is decided and what the ledger holds is read, for those who judge it. A client only asks, and does not
// wait for it to load.
export { mergeReasons } from './access/combine';
export {
  type AskedAccess,
  decideAccess,
  decideEach,
  decideOwnAccess,
  factsNeededFor,
  forbiddenSince,
  lacksApproval,
  type OwnRecordFacts,
  versionForPatient,
} from './access/decide-access';
export { couldPermit } from './access/could-permit';
export { explainAccess, refusalOfAsker } from './access/explain-access';
export { mayHold, needsNamed, type NamedNeeds } from './access/provision';
export { type TicketOutcome, outcomeOf } from './access/several-records';
export * from './access/ticket';
export { isCounted, isUseOf, usesAfter, withUses } from './access/uses';
export { disclosureOf, isDisclosure, isOfPeriod } from './audit/disclosures';
export { newOwnLine } from './audit/own-line';
export { eventSources } from './event-sources';
export * from './consent/grant';
export * from './consent/grantee';
export * from './copies/copy';
export * from './correction/correction';
export * from './prescription/prescription';
export { assertMonthOver, boundsOfMonth, type CountedDispensing, prescriptionCountsOf } from './prescription/statistics';
export * from './device/device';
export * from './directory/groups';
export * from './directory/roles';
export * from './directory/weekly-duty';
export * from './emergency/decide-emergency';
export * from './emergency/emergency';
export * from './emergency/second-person';
export { assertQuarterOver, boundsOfQuarter, patternsOf } from './emergency/statistics';
export * from './encoding/proposal-header';
export * from './encoding/last-used';
export * from './encoding/one-certificate';
export * from './encoding/stored-json';
export * from './governance/approvals';
export * from './governance/display';
export * from './governance/parameters';
export * from './hold/hold';
export * from './hold/retention';
export * from './matching/duplicate-case';
export * from './matching/evaluations';
export * from './matching/function-key';
export * from './pin/pin';
export type { FactKey } from './access/sources/policy-source';
export * from './pointer/pointer';
export * from './recognition/recognition';
export * from './recognition/report';
export * from './record/check-receipts';
export * from './referral/referral';
export * from './relationship/kinds';
export * from './relationship/relationship';
export { writeSlot } from './summary/slot';
