import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { pageFields, pageOf } from '../encoding/values';
import { mspIdSchema, pseudonymSchema } from '../ids';
import { consentEvidenceSchema, countedGrantSchema, granteeSchema, grantSchema, provisionDraftsSchema, consentEntities } from './entities';

const contract = 'ConsentContract';
const version = z.int().min(1);
const grantKey = { pseudonym: pseudonymSchema, grantee: granteeSchema };
/** What is agreed to, and what was shown of it. */
const agreed = { provisions: provisionDraftsSchema, evidence: consentEvidenceSchema.exactOptional() };
/** Who reads what a patient has granted: the patient's side, and the hospital that keeps the pseudonym. */
const readers = [
  patientOr(delegationBases, 'consents', 'view'),
  ...(['registrar', 'recordAdmin', 'keyService', 'privacyOfficer'] as const).map((role) => staff(role)),
];
const answer = z.strictObject({ ...grantKey, version, state: z.enum(['active', 'revoked']) });

const consentTransactions = {
  GrantPolicy: {
    contract,
    name: 'GrantPolicy',
    kind: 'submit',
    summary:
      'The patient grants a policy to a person, department, group, role or organisation; writes its version 1, or the next after a revocation.',
    request: z.strictObject({ ...grantKey, ...agreed }),
    response: answer,
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['POLICY_ACTIVE', 'UNKNOWN_GRANTEE', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  AmendPolicy: {
    contract,
    name: 'AmendPolicy',
    kind: 'submit',
    summary: 'The patient replaces the provisions of an active policy; writes the next version.',
    request: z.strictObject({ ...grantKey, previousVersion: version, ...agreed }),
    response: answer,
    callers: [patientOr(delegationBases, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  RevokePolicy: {
    contract,
    name: 'RevokePolicy',
    kind: 'submit',
    summary: 'The patient revokes a policy; nothing rests on it from then on.',
    request: z.strictObject({ ...grantKey, previousVersion: version }),
    response: answer,
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  GetPolicy: {
    contract,
    name: 'GetPolicy',
    kind: 'evaluate',
    summary: 'Reads a policy, for the patient or the custodian’s staff.',
    request: z.strictObject(grantKey),
    response: countedGrantSchema,
    callers: readers,
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListPolicyVersions: {
    contract,
    name: 'ListPolicyVersions',
    kind: 'evaluate',
    summary: 'Lists the versions of a policy that later ones have replaced, oldest first, for the patient or the custodian’s staff.',
    request: z.strictObject({ ...grantKey, ...pageFields }),
    response: pageOf(grantSchema),
    callers: readers,
    refusals: [],
    endorsement: 'channel',
  },
  ListPolicies: {
    contract,
    name: 'ListPolicies',
    kind: 'evaluate',
    summary: 'Lists the patient’s policies.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(countedGrantSchema),
    callers: [patientOr(basesAndAssistance, 'consents', 'view')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** The grantee is told by its key parts; `name` may be a role or a department. */
const policy = {
  pseudonym: pseudonymSchema,
  granteeKind: z.enum(['person', 'department', 'group', 'role', 'organisation']),
  granteeMspId: mspIdSchema,
  granteeName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  version: z.int().min(1),
};
/** What may happen in the area. */
const consentEvents = {
  PolicyGranted: policy,
  PolicyAmended: policy,
  PolicyRevoked: policy,
} as const satisfies EventTable;
const patientsOwn = ['PolicyGranted', 'PolicyAmended', 'PolicyRevoked'] as const satisfies readonly (keyof typeof consentEvents)[];

/** What patients permit and forbid. */
export const consentArea = defineArea({ entities: consentEntities, events: consentEvents, patientsOwn, transactions: consentTransactions });
