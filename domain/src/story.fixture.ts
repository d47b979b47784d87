import { type z } from 'zod';
import {
  type AccessFacts,
  type AccessQuestion,
  actorTagSchema,
  type AskingActor,
  departmentSchema,
  type Grant,
  type GrantFacts,
  grantSchema,
  type Instant,
  instantOf,
  millisecondsOf,
  mspIdSchema,
  type Origin,
  type Provision,
  provisionSchema,
  pseudonymSchema,
  type RecordFacts,
  recordIdSchema,
  sha256,
} from './index';
import { initialSetting, policiesOf } from './deciding';

// The people and things of the domain's tests: hospital A keeps the records, a cardiologist of hospital B asks.
export const A = mspIdSchema.parse('HospitalAMSP');
export const B = mspIdSchema.parse('HospitalBMSP');
export const patient = pseudonymSchema.parse('psn-1');
export const lin = actorTagSchema.parse('dr-lin');
export const cardiology = departmentSchema.parse('cardiology');
export const labReport = recordIdSchema.parse('rec-lab');

export const NOW = instantOf(Date.UTC(2026, 4, 1, 8));
const HOUR_MS = 3_600_000;

/** The instant so many hours (and milliseconds) from now. */
export function hours(count: number, milliseconds = 0): Instant {
  return instantOf(millisecondsOf(NOW) + count * HOUR_MS + milliseconds);
}

export const origin: Origin = { requestHash: sha256('request'), actor: { kind: 'patient', pseudonym: patient } };

export const cardiologist: AskingActor = {
  mspId: B,
  actorTag: lin,
  roles: ['clinician'],
  department: cardiology,
  departments: [cardiology],
};
export const ownClinician: AskingActor = { ...cardiologist, mspId: A };

export const record: RecordFacts = {
  recordId: labReport,
  class: 'laboratory-report',
  dataLevel: 3,
  confidentiality: 'N',
  custodianMspId: A,
  authorMspId: A,
  anchoredAt: hours(-100),
  state: 'current',
};

type ProvisionInput = z.input<typeof provisionSchema>;
type PermitInput = Extract<ProvisionInput, { effect: 'permit' }>;
type DenyInput = Extract<ProvisionInput, { effect: 'deny' }>;

/** A permission for treatment from a day ago until in a day, but for what is said. */
export function permit(changes: Partial<PermitInput> = {}): Provision {
  return provisionSchema.parse({
    effect: 'permit',
    provisionId: 'p1',
    purposes: ['TREAT'],
    validFrom: hours(-24),
    validUntil: hours(24),
    ...changes,
  });
}

/** A prohibition of everything since a day ago, but for what is said. */
export function forbid(changes: Partial<DenyInput> = {}): Provision {
  return provisionSchema.parse({ effect: 'deny', provisionId: 'd1', purposes: 'any', validFrom: hours(-24), ...changes });
}

const grantees = {
  person: { kind: 'person', mspId: B, name: 'dr-lin' },
  department: { kind: 'department', mspId: B, name: 'cardiology' },
  role: { kind: 'role', mspId: B, name: 'clinician' },
  organisation: { kind: 'organisation', mspId: B, name: 'all' },
} as const;

type GranteeInput = z.input<typeof grantSchema>['grantee'];

/** An active grant, version 1, to hospital B's cardiology, but for what is said. */
export function grant(
  provisions: readonly Provision[],
  to: keyof typeof grantees | GranteeInput = 'department',
  changes: Partial<Grant> = {},
): Grant {
  return grantSchema.parse({
    schemaVersion: 1,
    pseudonym: patient,
    grantee: typeof to === 'string' ? grantees[to] : to,
    version: 1,
    state: 'active',
    provisions,
    grantedAt: hours(-24),
    changedAt: hours(-24),
    origin,
    ...changes,
  });
}

export function revoked(provisions: readonly Provision[], to: keyof typeof grantees = 'department'): Grant {
  return grant(provisions, to, { state: 'revoked', version: 2 });
}

export function question(changes: Partial<AccessQuestion> = {}): AccessQuestion {
  return { at: NOW, actor: cardiologist, purpose: 'TREAT', record, ...changes };
}

/** What holds of approvals as long as nobody has set anything. */
const nobodyApproves = { levelApprovers: initialSetting('level-approvers').value, approval: undefined };

export function facts(grants: readonly GrantFacts[], changes: Partial<AccessFacts> = {}): AccessFacts {
  return {
    relationship: { type: 'care', state: 'active' },
    grants,
    defaultPolicies: policiesOf('basic-normal'),
    ...nobodyApproves,
    ...changes,
  };
}
