import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { guardian, member, patientAlone, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { pseudonymSchema, recoveryCaseIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { guardianSetSchema, recoveryCaseSchema, recoveryStateSchema, recoveryEntities } from './entities';

const contract = 'RecoveryContract';
const caseKey = { pseudonym: pseudonymSchema, caseId: recoveryCaseIdSchema };
/** The new wallet makes id, nonce and key. */
const draft = { ...caseKey, nonce: idNonceSchema, newKeyHash: sha256Schema };
const answer = z.strictObject({ ...caseKey, state: recoveryStateSchema, coolingOffUntil: instantSchema });
const { guardians, threshold, coolingOffMinutes } = guardianSetSchema.shape;

const recoveryTransactions = {
  SetGuardians: {
    contract,
    name: 'SetGuardians',
    kind: 'submit',
    summary:
      'The patient names who vouches for them when wallet and phrase are lost, how many it takes, and for how long the old key may veto; in the place of whom they have named before. An open recovery by those is void.',
    request: z.strictObject({ pseudonym: pseudonymSchema, guardians, threshold, coolingOffMinutes }),
    response: guardianSetSchema.pick({ pseudonym: true, threshold: true, coolingOffMinutes: true, setAt: true }),
    callers: [patientAlone],
    refusals: ['COOLING_OFF_TOO_SHORT', 'GUARDIAN_THRESHOLD'],
    endorsement: 'channel',
  },
  GetGuardians: {
    contract,
    name: 'GetGuardians',
    kind: 'evaluate',
    summary: 'Reads whom a patient has named to vouch for them: key hashes, how many it takes, and for how long the old key may veto.',
    request: z.strictObject({ pseudonym: pseudonymSchema }),
    response: guardianSetSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  OpenRecovery: {
    contract,
    name: 'OpenRecovery',
    kind: 'submit',
    summary:
      'A guardian opens the recovery of a pseudonym for the key of a new wallet, and with that approves it. From now on the old key may veto, for as long as the patient has said, and no less than the members have agreed on.',
    request: z.strictObject(draft),
    response: answer,
    callers: [guardian],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'ILLEGAL_STATE', 'RECOVERY_OPEN'],
    endorsement: 'channel',
  },
  ApproveRecovery: {
    contract,
    name: 'ApproveRecovery',
    kind: 'submit',
    summary: 'Another guardian approves a recovery. With as many as the patient has said, only the time of the cooling-off is missing.',
    request: z.strictObject(caseKey),
    response: answer,
    callers: [guardian],
    refusals: ['ALREADY_EXISTS', 'NOT_FOUND', 'ILLEGAL_STATE', 'RECOVERY_EXPIRED'],
    endorsement: 'channel',
  },
  ProposeRecovery: {
    contract,
    name: 'ProposeRecovery',
    kind: 'submit',
    summary:
      'A registrar of the patient’s hospital, who has met the patient, opens the recovery of a pseudonym for the key of a new wallet, with the salted hash of what was shown.',
    request: z.strictObject({ ...draft, evidence: sha256Schema }),
    response: answer,
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE', 'RECOVERY_OPEN'],
    endorsement: 'channel',
  },
  ConfirmRecovery: {
    contract,
    name: 'ConfirmRecovery',
    kind: 'submit',
    summary:
      'A registrar of another hospital, who has met the patient and was shown the same, confirms it; also what another one has confirmed, whom the patient’s hospital does not believe.',
    request: z.strictObject({ ...caseKey, evidence: sha256Schema }),
    response: answer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH', 'RECOVERY_EXPIRED'],
    endorsement: 'channel',
  },
  VetoRecovery: {
    contract,
    name: 'VetoRecovery',
    kind: 'submit',
    summary: 'The patient, with the old key, refuses a recovery: it is over for ever.',
    request: z.strictObject(caseKey),
    response: answer,
    callers: [patientAlone],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  CompleteRecovery: {
    contract,
    name: 'CompleteRecovery',
    kind: 'submit',
    summary:
      'The first command of the new key, which after the cooling-off takes the old one’s place. Relationships, consents and delegations stay.',
    request: z.strictObject(caseKey),
    response: answer,
    callers: [patientAlone],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'RECOVERY_NOT_DUE', 'RECOVERY_EXPIRED'],
    endorsement: 'channel',
  },
  GetRecovery: {
    contract,
    name: 'GetRecovery',
    kind: 'evaluate',
    summary: 'Reads a recovery: who has vouched, how far it is, and until when the old key may veto.',
    request: z.strictObject(caseKey),
    response: recoveryCaseSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListRecoveries: {
    contract,
    name: 'ListRecoveries',
    kind: 'evaluate',
    summary: 'Lists every recovery of a pseudonym, for the patient or a registrar of their hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(recoveryCaseSchema),
    callers: [patientOr(delegationBases, 'view'), staff('registrar')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const recoveryEvents = {
  GuardiansChanged: { pseudonym: pseudonymSchema },
  RecoveryOpened: caseKey,
  RecoveryApproved: caseKey,
  RecoveryConfirmed: caseKey,
  RecoveryVetoed: caseKey,
  RecoveryCompleted: caseKey,
  RecoveryExpired: caseKey,
  RecoverySuperseded: caseKey,
} as const satisfies EventTable;
const patientsOwn = [
  'GuardiansChanged',
  'RecoveryVetoed',
  'RecoveryCompleted',
  'RecoverySuperseded',
] as const satisfies readonly (keyof typeof recoveryEvents)[];

/** How a pseudonym gets a new key when wallet and phrase are lost. */
export const recoveryArea = defineArea({
  entities: recoveryEntities,
  events: recoveryEvents,
  patientsOwn,
  transactions: recoveryTransactions,
});
