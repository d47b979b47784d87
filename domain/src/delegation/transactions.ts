import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientAlone, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { idNonceSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { delegationIdSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { delegationSchema, delegationStateSchema, delegationEntities } from './entities';
import { delegationBases, delegationScopesSchema } from '../delegated-acts';

const contract = 'DelegationContract';
const delegationKey = { pseudonym: pseudonymSchema, delegationId: delegationIdSchema };
/** The delegate's wallet makes id, nonce and first key; who appoints says in what and until when. */
const draft = {
  ...delegationKey,
  nonce: idNonceSchema,
  nextKeyHash: sha256Schema,
  scopes: delegationScopesSchema,
  validUntil: instantSchema,
};
/** What two registrars say, the second in the same words: who acts by which first key, by which right, for what and until when. */
const vouched = z.strictObject({ ...draft, basis: z.literal('court').exactOptional(), evidence: sha256Schema });
const answer = z.strictObject({ ...delegationKey, state: delegationStateSchema });

const delegationTransactions = {
  AppointDelegate: {
    contract,
    name: 'AppointDelegate',
    kind: 'submit',
    summary:
      'The patient appoints a proxy, who acts for them in the scopes named with keys of their own, until the end named; if the patient says so, only while the patient cannot decide.',
    request: z.strictObject({ ...draft, onIncapacity: delegationSchema.shape.onIncapacity }),
    response: answer,
    callers: [patientAlone],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'DELEGATION_TERM'],
    endorsement: 'channel',
  },
  ProposeDelegation: {
    contract,
    name: 'ProposeDelegation',
    kind: 'submit',
    summary:
      'A registrar of the patient’s hospital proposes that a parent act for a minor, who has no wallet, or somebody whom a court has named for an adult, with the salted hash of what was shown.',
    request: vouched,
    response: answer,
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE', 'DELEGATION_TERM'],
    endorsement: 'channel',
  },
  ConfirmDelegation: {
    contract,
    name: 'ConfirmDelegation',
    kind: 'submit',
    summary:
      'Another registrar of the hospital, who was shown the same, confirms a parent’s delegation, or one of another hospital a court’s, by saying once more who acts, for what and until when; from then on they act.',
    request: vouched,
    response: answer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH', 'DELEGATION_DIFFERS'],
    endorsement: 'channel',
  },
  EndDelegation: {
    contract,
    name: 'EndDelegation',
    kind: 'submit',
    summary:
      'Ends a delegation for ever; by the patient, by the delegate whose it is, or, of a parent’s or a court’s, by a registrar of the hospital.',
    request: z.strictObject(delegationKey),
    response: answer,
    callers: [patientOr(delegationBases), staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetDelegation: {
    contract,
    name: 'GetDelegation',
    kind: 'evaluate',
    summary: 'Reads a delegation: its state, the hash of the delegate’s next key, and which command used up the last one.',
    request: z.strictObject(delegationKey),
    response: delegationSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListDelegations: {
    contract,
    name: 'ListDelegations',
    kind: 'evaluate',
    summary: 'Lists who acts or has acted for a patient, for the patient or a registrar of their hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(delegationSchema),
    callers: [patientOr(delegationBases, 'view'), staff('registrar')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const delegationEvents = {
  DelegateAppointed: delegationKey,
  DelegationProposed: delegationKey,
  DelegationConfirmed: delegationKey,
  DelegationEnded: delegationKey,
} as const satisfies EventTable;
const patientsOwn = ['DelegateAppointed', 'DelegationEnded'] as const satisfies readonly (keyof typeof delegationEvents)[];

/** Who acts for a patient. */
export const delegationArea = defineArea({
  entities: delegationEntities,
  events: delegationEvents,
  patientsOwn,
  transactions: delegationTransactions,
});
