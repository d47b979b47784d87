import { z } from 'zod';
import { accessArea, listedSchema } from '../access/transactions';
import { type EventTable, defineArea } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { pageFields, pageOf, sha256Schema } from '../encoding/values';
import { actorTagSchema, cardIdSchema, departmentSchema, mspIdSchema, pseudonymSchema, recordIdSchema, ticketIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { LEAST_TOLD, recordClassSchema } from '../vocabulary';
import {
  emergencyChoiceSchema,
  emergencyEntities,
  emergencyOutcomes,
  emergencyReasons,
  shownEmergencySchema,
  emergencyStanceSchema,
  emergencyStates,
  narrativeSchema,
  openingSchema,
} from './entities';

/**
 * A quarter of a year by UTC. What is counted is fixed periods that do not overlap: of two that did, the difference would tell what few have done.
 */
const quarterSchema = z.string().regex(/^20\d{2}-Q[1-4]$/);

const count = z.int().min(LEAST_TOLD);
/** The emergencies of one department in records of one class of one hospital; without patients, persons and days. */
export const emergencyPatternSchema = z.strictObject({
  /** Who has asked. */
  mspId: mspIdSchema,
  department: departmentSchema,
  custodianMspId: mspIdSchema,
  class: recordClassSchema,
  emergencies: count,
  /** How many of them were found justified; left out where that, or the rest, are few. */
  justified: z.int().min(0).exactOptional(),
  /** How many for each reason; left out where one of them has few. */
  reasons: z.array(z.strictObject({ reason: z.enum(emergencyReasons), emergencies: count })).exactOptional(),
  /** Which ordinary rule would have covered them: what holds by default of the class, or consents that patients of the department give. */
  wouldBeCoveredBy: z.enum(['default-policy', 'consent']).exactOptional(),
});
export type EmergencyPattern = z.output<typeof emergencyPatternSchema>;

const contract = 'EmergencyContract';
const ofPseudonym = { pseudonym: pseudonymSchema };
const ofTicket = { ticketId: ticketIdSchema };
const { RequestAccess } = accessArea.transactions;
/**
 * An emergency as it is now, and which records it opened: left out where others have written over the ticket that would tell. Whether its review is late,
 * the ledger's time says.
 */
const shownSchema = z.strictObject({
  emergency: shownEmergencySchema,
  recordIds: z.array(recordIdSchema).exactOptional(),
  isOverdue: z.boolean(),
});

const emergencyTransactions = {
  BreakGlass: {
    contract,
    name: 'BreakGlass',
    kind: 'submit',
    summary:
      'A clinician opens records in an emergency, without a consent: the prepared summary first, others after it. The decision is committed, the patient told, and a review is due within 72 hours.',
    request: RequestAccess.request.omit({ purpose: true }).extend({
      reason: z.enum(emergencyReasons),
      opening: openingSchema,
      /** Who of the own hospital has countersigned it, where the members have set that somebody has to. */
      second: actorTagSchema.exactOptional(),
      narrativeCommitment: sha256Schema,
      /** 4 hours at most. */
      lastsMinutes: z.int().min(5).max(240),
    }),
    response: RequestAccess.response,
    callers: [staff('clinician')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
    evenly: 'unless-permitted',
  },
  ShowCardInEmergency: {
    contract,
    name: 'ShowCardInEmergency',
    kind: 'submit',
    summary:
      'A clinician has the card of somebody before them who cannot decide. It opens nothing, is answered alike whatever the card is, and the patient is told.',
    request: z.strictObject({
      ...RequestAccess.request.pick({ ticketId: true, nonce: true, department: true }).shape,
      cardId: cardIdSchema,
      reason: z.enum(emergencyReasons),
    }),
    response: z.strictObject({ ...ofTicket, until: instantSchema }),
    callers: [staff('clinician')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
    evenly: 'always',
  },
  ListForEmergency: {
    contract,
    name: 'ListForEmergency',
    kind: 'evaluate',
    summary:
      'Lists what an emergency would open now of the patient whose card the caller has had before them, and what it would if a second person countersigned it; nothing of any other card.',
    request: z.strictObject({ ...ofTicket, opening: openingSchema, ...pageFields }),
    response: pageOf(listedSchema.extend({ needsSecondPerson: z.literal(true).exactOptional() })).omit({ unreadable: true }),
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
    evenly: 'always',
  },
  CountersignEmergency: {
    contract,
    name: 'CountersignEmergency',
    kind: 'submit',
    summary:
      'A second person of the asker’s hospital, of another department, says before an emergency that these records may be opened in it; it opens nothing by itself.',
    request: z.strictObject({
      ...RequestAccess.request.pick({ ticketId: true, nonce: true, pseudonym: true, recordIds: true }).shape,
      /** Who will ask. */
      asker: actorTagSchema,
    }),
    response: z.strictObject({ ...ofTicket, signer: actorTagSchema, until: instantSchema }),
    callers: [staff('clinician'), staff('privacyOfficer')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND'],
    endorsement: 'channel',
    evenly: 'always',
  },
  PutEmergencyNarrative: {
    contract,
    name: 'PutEmergencyNarrative',
    kind: 'submit',
    summary: 'Keeps what happened, in the words of who has broken the glass, in the private data of their hospital.',
    request: z.strictObject({ ...ofTicket, transientSha256: sha256Schema }),
    transient: narrativeSchema.pick({ text: true, salt: true }),
    response: z.strictObject(ofTicket),
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  GetEmergencyNarrative: {
    contract,
    name: 'GetEmergencyNarrative',
    kind: 'evaluate',
    summary: 'Reads what happened in an emergency of the caller’s own hospital, for who reviews it.',
    request: z.strictObject(ofTicket),
    response: narrativeSchema,
    callers: [staff('privacyOfficer')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  SetEmergencyChoice: {
    contract,
    name: 'SetEmergencyChoice',
    kind: 'submit',
    summary: 'The patient says what may be opened in an emergency: nothing, or up to a label and a level.',
    request: z.strictObject({ ...ofPseudonym, choice: emergencyStanceSchema }),
    response: z.strictObject({ ...ofPseudonym, version: z.int().min(1), choice: emergencyStanceSchema }),
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: [],
    endorsement: 'channel',
  },
  GetEmergencyChoice: {
    contract,
    name: 'GetEmergencyChoice',
    kind: 'evaluate',
    summary: 'Reads what may be opened in an emergency; of a patient who has said nothing, what holds then.',
    request: z.strictObject(ofPseudonym),
    response: z.strictObject({ ...ofPseudonym, choice: emergencyStanceSchema, said: emergencyChoiceSchema.exactOptional() }),
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('privacyOfficer')],
    refusals: [],
    endorsement: 'channel',
  },
  ReviewEmergency: {
    contract,
    name: 'ReviewEmergency',
    kind: 'submit',
    summary:
      'A privacy officer of the records’ hospital, or of the asker’s in another department, says of the case that they were shown whether it was justified, or doubtful where others have written over it; what was not justified is closed.',
    /** `caseSha256`: of what who reviews it was shown, which they reckon themselves. */
    request: z.strictObject({ ...ofTicket, outcome: z.enum(emergencyOutcomes), caseSha256: sha256Schema }),
    response: z.strictObject({ ...ofTicket, state: z.enum(emergencyStates) }),
    callers: [staff('privacyOfficer')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  GetEmergency: {
    contract,
    name: 'GetEmergency',
    kind: 'evaluate',
    summary: 'Reads an emergency, for the patient and for privacy officers of the two hospitals.',
    request: z.strictObject(ofTicket),
    response: shownSchema,
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('privacyOfficer')],
    refusals: [],
    endorsement: 'channel',
  },
  ListEmergencies: {
    contract,
    name: 'ListEmergencies',
    kind: 'evaluate',
    summary: 'Lists the emergencies that concern the caller’s own hospital, as the asker’s or the records’, the newest first.',
    request: z.strictObject(pageFields),
    response: pageOf(shownSchema),
    callers: [staff('privacyOfficer')],
    refusals: [],
    endorsement: 'channel',
  },
  GetEmergencyStatistics: {
    contract,
    name: 'GetEmergencyStatistics',
    kind: 'evaluate',
    summary:
      'Counts the emergencies of a quarter that is over and concern the caller’s own hospital by department and class, without patients or persons and nothing of fewer than five, and says which an ordinary rule would have covered.',
    request: z.strictObject({ quarter: quarterSchema }),
    response: z.strictObject({
      patterns: z.array(emergencyPatternSchema),
      /** Whether there were more lines than are looked at: the newest are. */
      isCut: z.boolean(),
    }),
    callers: [staff('privacyOfficer')],
    refusals: ['ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ListOwnEmergencies: {
    contract,
    name: 'ListOwnEmergencies',
    kind: 'evaluate',
    summary: 'Lists the emergencies in which records of the patient were opened, the newest first.',
    request: z.strictObject({ ...ofPseudonym, ...pageFields }),
    response: pageOf(shownSchema),
    callers: [patientOr(delegationBases, 'consents', 'view')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const told = { ...ofTicket, ...ofPseudonym };
/** What may happen in the area. */
const emergencyEvents = {
  EmergencyLookupNoted: told,
  EmergencyCountersigned: told,
  EmergencyPermitted: told,
  EmergencyDenied: told,
  EmergencyReviewed: told,
  EmergencyChoiceChanged: { ...ofPseudonym, version: z.int().min(1) },
} as const satisfies EventTable;
const patientsOwn = ['EmergencyChoiceChanged'] as const satisfies readonly (keyof typeof emergencyEvents)[];

/** What is opened in an emergency without a consent, and its review. */
export const emergencyArea = defineArea({
  entities: emergencyEntities,
  events: emergencyEvents,
  patientsOwn,
  transactions: emergencyTransactions,
});
