import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientAlone, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { idNonceSchema, sha256Schema } from '../encoding/values';
import { cardIdSchema, linkIdSchema, mspIdSchema, pseudonymSchema } from '../ids';
import { cardSchema, cardShownSchema, cardStates, cardTokenSchema, refusalsOfCardTokens, suspensionReasonSchema } from './card';
import { identifierLinkSchema, pseudonymEntrySchema, registrarEntities } from './entities';

const contract = 'RegistrarContract';
const cardAnswer = z.strictObject({ cardId: cardIdSchema, state: z.enum(cardStates) });

const registrarTransactions = {
  RegisterPatient: {
    contract,
    name: 'RegisterPatient',
    kind: 'submit',
    summary:
      'Registers a pseudonym of a patient at the caller’s hospital with the hash of its first key; it is derived from the two and a nonce. Of one for whom others act, the key is that of the hand-over code.',
    request: z.strictObject({
      pseudonym: pseudonymSchema,
      nonce: idNonceSchema,
      suite: z.literal('P256-SHA256'),
      nextKeyHash: sha256Schema,
      kind: pseudonymEntrySchema.shape.kind,
    }),
    response: z.strictObject({ pseudonym: pseudonymSchema, state: pseudonymEntrySchema.shape.state }),
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
  },
  IssueCard: {
    contract,
    name: 'IssueCard',
    kind: 'submit',
    summary: 'Issues an e-card in state requested for a pseudonym of the caller’s hospital.',
    request: z.strictObject({
      cardId: cardIdSchema,
      nonce: idNonceSchema,
      pseudonym: pseudonymSchema,
      holderCommitment: sha256Schema,
    }),
    response: cardAnswer,
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ActivateCard: {
    contract,
    name: 'ActivateCard',
    kind: 'submit',
    summary: 'The patient activates a requested or suspended card, and names the hash of the key that signs its tokens.',
    request: z.strictObject({ cardId: cardIdSchema, tokenKeyHash: sha256Schema.exactOptional() }),
    response: cardAnswer,
    callers: [patientOr(delegationBases, 'cards')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  SetCardPaperCode: {
    contract,
    name: 'SetCardPaperCode',
    kind: 'submit',
    summary:
      'The patient makes a code on paper good for an active card, by the hash of its key, for at most two years, in the place of the one before; without one, none is good.',
    request: z.strictObject({ cardId: cardIdSchema, paperCode: cardSchema.shape.paperCode }),
    response: cardAnswer,
    callers: [patientOr(delegationBases, 'cards')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  SuspendCard: {
    contract,
    name: 'SuspendCard',
    kind: 'submit',
    summary: 'Suspends an active card, whose code on paper ends; by the issuing hospital or the patient.',
    request: z.strictObject({ cardId: cardIdSchema, reason: suspensionReasonSchema }),
    response: cardAnswer,
    callers: [staff('registrar'), patientOr(basesAndAssistance, 'cards')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ReportCardLost: {
    contract,
    name: 'ReportCardLost',
    kind: 'submit',
    summary:
      'Reports an active or suspended card lost, after which it can only be replaced or closed; by the issuing hospital or the patient.',
    request: z.strictObject({ cardId: cardIdSchema }),
    response: cardAnswer,
    callers: [staff('registrar'), patientOr(basesAndAssistance, 'cards')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ReplaceCard: {
    contract,
    name: 'ReplaceCard',
    kind: 'submit',
    summary:
      'Issues a new card, in state requested, to the same pseudonym in place of an active, suspended or lost one, which is replaced for ever; by the issuing hospital.',
    request: z.strictObject({
      cardId: cardIdSchema,
      successorId: cardIdSchema,
      nonce: idNonceSchema,
      holderCommitment: sha256Schema,
    }),
    response: z.strictObject({ ...cardAnswer.shape, replaces: cardIdSchema }),
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  CloseCard: {
    contract,
    name: 'CloseCard',
    kind: 'submit',
    summary: 'Closes a card for ever; by the issuing hospital.',
    request: z.strictObject({ cardId: cardIdSchema }),
    response: cardAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  VerifyCardToken: {
    contract,
    name: 'VerifyCardToken',
    kind: 'submit',
    summary:
      'Recognises an active card of any hospital by a token that its holder shows at the caller’s, at most 60 seconds old, and uses the token up in the whole consortium.',
    request: z.strictObject({ token: cardTokenSchema }),
    response: z.strictObject({ ...cardAnswer.shape, issuerMspId: mspIdSchema, pseudonym: pseudonymSchema, shown: cardShownSchema }),
    callers: [staff('registrar'), staff('clinician'), staff('pharmacist')],
    refusals: ['NOT_FOUND', ...refusalsOfCardTokens],
    endorsement: 'channel',
  },
  GetCard: {
    contract,
    name: 'GetCard',
    kind: 'evaluate',
    summary: 'Reads a card.',
    request: z.strictObject({ cardId: cardIdSchema }),
    response: cardSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  LinkIdentifier: {
    contract,
    name: 'LinkIdentifier',
    kind: 'submit',
    summary:
      'Links an identifier to a pseudonym in the private data of the caller’s hospital; identifier and pseudonym travel as transient data and are looked up in no public state.',
    request: z.strictObject({ linkId: linkIdSchema, transientSha256: sha256Schema }),
    transient: identifierLinkSchema.omit({ schemaVersion: true }),
    response: z.strictObject({ linkId: linkIdSchema }),
    callers: [staff('registrar')],
    refusals: ['IDENTIFIER_INVALID', 'IDENTIFIER_LINKED', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  ResolveIdentifier: {
    contract,
    name: 'ResolveIdentifier',
    kind: 'evaluate',
    summary: 'Reads an identifier link of the caller’s own hospital.',
    request: z.strictObject({ linkId: linkIdSchema }),
    response: identifierLinkSchema.pick({ linkId: true, pseudonym: true, system: true, value: true }),
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  UnlinkIdentifier: {
    contract,
    name: 'UnlinkIdentifier',
    kind: 'submit',
    summary: 'Purges an identifier link from the private data of the caller’s hospital.',
    request: z.strictObject({ linkId: linkIdSchema }),
    response: z.strictObject({ linkId: linkIdSchema }),
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  RotateKey: {
    contract,
    name: 'RotateKey',
    kind: 'submit',
    summary:
      'The patient uses up the present one-time key and does nothing else: no other command signed with that key can be committed any more.',
    request: z.strictObject({ pseudonym: pseudonymSchema }),
    response: z.strictObject({ pseudonym: pseudonymSchema, nextKeyHash: sha256Schema }),
    callers: [patientOr(delegationBases)],
    refusals: [],
    endorsement: 'channel',
  },
  TakeOverPseudonym: {
    contract,
    name: 'TakeOverPseudonym',
    kind: 'submit',
    summary:
      'The patient takes over a pseudonym for which others have acted, with the key of the hand-over code, and announces a key of their own wallet; staff act for them no more.',
    request: z.strictObject({ pseudonym: pseudonymSchema }),
    response: z.strictObject({ pseudonym: pseudonymSchema, nextKeyHash: sha256Schema }),
    callers: [patientAlone],
    refusals: ['ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetPseudonym: {
    contract,
    name: 'GetPseudonym',
    kind: 'evaluate',
    summary: 'Reads a pseudonym’s state, the hash of its next key, and which command used up the last one.',
    request: z.strictObject({ pseudonym: pseudonymSchema }),
    response: pseudonymEntrySchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const card = { cardId: cardIdSchema, pseudonym: pseudonymSchema };
/** What may happen in the area. Private changes have no event. */
const registrarEvents = {
  PatientRegistered: { pseudonym: pseudonymSchema, mspId: mspIdSchema },
  CardIssued: card,
  CardActivated: card,
  CardPaperCodeChanged: card,
  CardSuspended: card,
  CardLossReported: card,
  CardReplaced: { ...card, replacedBy: cardIdSchema },
  CardClosed: card,
  CardVerified: card,
  KeyRotated: { pseudonym: pseudonymSchema },
  TakeOverCompleted: { pseudonym: pseudonymSchema },
} as const satisfies EventTable;
const patientsOwn = [
  'CardActivated',
  'CardPaperCodeChanged',
  'CardSuspended',
  'CardLossReported',
  'KeyRotated',
  'TakeOverCompleted',
] as const satisfies readonly (keyof typeof registrarEvents)[];

/** Patients' pseudonyms, e-cards, and the private links to identifiers. */
export const registrarArea = defineArea({
  entities: registrarEntities,
  events: registrarEvents,
  patientsOwn,
  transactions: registrarTransactions,
});
