import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, staff, type TransactionEntry } from '../catalogue/entry';
import { sha256Schema } from '../encoding/values';
import { pseudonymSchema } from '../ids';
import { deathSchema, deathStateSchema, incapacitySchema, incapacityStateSchema, capacityEntities } from './entities';

const contract = 'CapacityContract';
const about = z.strictObject({ pseudonym: pseudonymSchema });
const said = z.strictObject({ pseudonym: pseudonymSchema, evidence: sha256Schema });
const incapacityAnswer = z.strictObject({ pseudonym: pseudonymSchema, state: incapacityStateSchema });
const deathAnswer = z.strictObject({ pseudonym: pseudonymSchema, state: deathStateSchema });

const capacityTransactions = {
  DeclareIncapacity: {
    contract,
    name: 'DeclareIncapacity',
    kind: 'submit',
    summary: 'A clinician of the patient’s hospital declares that the patient cannot decide, with the salted hash of what was found.',
    request: said,
    response: incapacityAnswer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmIncapacity: {
    contract,
    name: 'ConfirmIncapacity',
    kind: 'submit',
    summary:
      'A clinician of another hospital, who has found the same, confirms it: whom the patient has appointed for that case acts, until the patient speaks by their own key.',
    request: said,
    response: incapacityAnswer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  GetIncapacity: {
    contract,
    name: 'GetIncapacity',
    kind: 'evaluate',
    summary: 'Reads what was declared of a patient’s capacity; whether the patient has spoken since, the pseudonym says.',
    request: about,
    response: incapacitySchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ProposeDeath: {
    contract,
    name: 'ProposeDeath',
    kind: 'submit',
    summary: 'A registrar of the patient’s hospital says that the patient has died, with the salted hash of what was shown.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmDeath: {
    contract,
    name: 'ConfirmDeath',
    kind: 'submit',
    summary:
      'A registrar of another hospital, who was shown the same, records the death: from then on nobody commands in the patient’s name. Consents last until their ends.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  DisputeDeath: {
    contract,
    name: 'DisputeDeath',
    kind: 'submit',
    summary: 'Another registrar of the patient’s hospital says that a recorded death is wrong, with the salted hash of what was shown.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  RevokeDeath: {
    contract,
    name: 'RevokeDeath',
    kind: 'submit',
    summary:
      'A registrar of another hospital, who has not recorded the death and was shown the same, takes the record back: the patient commands as before.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  GetDeath: {
    contract,
    name: 'GetDeath',
    kind: 'evaluate',
    summary: 'Reads what was said of a patient’s death.',
    request: about,
    response: deathSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const patient = { pseudonym: pseudonymSchema };
/** What may happen in the area. */
const capacityEvents = {
  IncapacityDeclared: patient,
  IncapacityConfirmed: patient,
  DeathProposed: patient,
  DeathConfirmed: patient,
  DeathDisputed: patient,
  DeathRevoked: patient,
} as const satisfies EventTable;

/** Whether a patient can decide, and whether they live. */
export const capacityArea = defineArea({
  entities: capacityEntities,
  events: capacityEvents,
  transactions: capacityTransactions,
});
