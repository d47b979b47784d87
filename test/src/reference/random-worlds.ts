import {
  type AccessFacts,
  type AccessQuestion,
  actorTagSchema,
  confidentialities,
  consentPurposes,
  dataLevelSchema,
  departmentSchema,
  encounterIdSchema,
  type Grantee,
  granteeSchema,
  type GrantFacts,
  groupSchema,
  implicitPolicies,
  type Instant,
  instantOf,
  millisecondsOf,
  type Months,
  mspIdSchema,
  type Provision,
  provisionIdSchema,
  purposes,
  recordClasses,
  recordIdSchema,
  relationshipStates,
  relationshipTypeSchema,
  roles,
  emergencyScopes,
} from '@lianyi/domain';
import { type EmergencyFacts } from '@lianyi/domain/deciding';
import { type Random } from './random';

type Asker = AccessQuestion['actor'];
type Duty = NonNullable<NonNullable<Asker['groups']>[number]['duty']>;
/** What is asked, and what is known. */
export interface World {
  readonly question: AccessQuestion;
  readonly facts: AccessFacts;
  /** Where the glass is broken. */
  readonly emergency?: EmergencyFacts;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Around an instant: equal, a millisecond beside it, hours. */
const BESIDE = [-30 * HOUR, -2 * HOUR, -1, 0, 0, 1, 2 * HOUR, 30 * HOUR];
const MONDAY = Date.UTC(2026, 2, 23);
const mspIds = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((id) => mspIdSchema.parse(id));
const actorTags = ['dr-lin', 'dr-wu'].map((tag) => actorTagSchema.parse(tag));
const departments = ['cardiology', 'oncology', 'psychiatry'].map((name) => departmentSchema.parse(name));
const groups = ['night-team', 'tumour-board'].map((name) => groupSchema.parse(name));
const recordIds = ['rec-1', 'rec-2'].map((id) => recordIdSchema.parse(id));
const encounters = ['enc-1', 'enc-2'].map((id) => encounterIdSchema.parse(id));
const MONTHS = ['2025-11', '2025-12', '2026-01', '2026-02'];
const provisionIds = Array.from({ length: 24 }, (_, index) => provisionIdSchema.parse(`p${index}`));
const levels = [...dataLevelSchema.values];
const usualRoles = [...Array.from({ length: 8 }, () => 'clinician' as const), 'nurse', 'researcher'] as const;
const grantees = mspIds
  .slice(0, 2)
  .flatMap((mspId) => [
    ...actorTags.map((name) => ({ kind: 'person', mspId, name })),
    ...departments.map((name) => ({ kind: 'department', mspId, name })),
    ...groups.map((name) => ({ kind: 'group', mspId, name })),
    ...(['clinician', 'nurse'] as const).map((name) => ({ kind: 'role', mspId, name })),
    { kind: 'organisation', mspId, name: 'all' },
  ])
  .map((each): Grantee => granteeSchema.parse(each));

const spelled = new Map<number, Instant>();
/** An instant by its milliseconds; the same few are asked for again and again. */
function instantAt(millis: number): Instant {
  const known = spelled.get(millis) ?? instantOf(millis);
  spelled.set(millis, known);
  return known;
}

/** As often several records are asked for together, and so many. */
const SEVERAL = { chance: 0.15, most: 5 };

/**
 * A question and what is known, small enough that they meet: some third of them is permitted. Of several records asked for together it is one for
 * each, of the same asker and the same patient.
 */
export function worldsOf(random: Random): readonly World[] {
  const world = worldOf(random);
  if (!random.chance(SEVERAL.chance)) return [world];
  const more = Array.from({ length: random.below(SEVERAL.most) }, () => anotherOf(random, world));
  return [world, ...more];
}

/** The same question of the same hospital's about another record, or about the same kind of it. */
function anotherOf(random: Random, { question, ...known }: World): World {
  if (random.chance(0.1)) return { question: { ...question, record: undefined }, ...known };
  const at = millisecondsOf(question.at);
  const other = recordOf(random, at);
  const record = random.chance(0.5) ? { ...other, ...question.record } : other;
  return { question: { ...question, record }, ...known };
}

function worldOf(random: Random): World {
  const at = MONDAY + random.below(14 * 48) * 30 * MINUTE + random.of([0, 0, 0, 1, -1]);
  const record = random.chance(0.03) ? undefined : recordOf(random, at);
  const emergency = random.chance(0.2) ? emergencyOf(random, at) : undefined;
  const usual = emergency === undefined ? 'TREAT' : 'ETREAT';
  const question = {
    at: instantAt(at),
    purpose: random.chance(0.75) ? usual : random.of(purposes),
    actor: askerOf(random, at),
    record,
    ...random.maybe(0.05, () => ({ again: true as const })),
  } as const;
  return { question, facts: factsOf(random, at), ...(emergency === undefined ? {} : { emergency }) };
}

function emergencyOf(random: Random, at: number): EmergencyFacts {
  const maxConfidentiality = random.chance(0.5) ? 'R' : random.of(confidentialities);
  return {
    scope: random.chance(0.75) ? 'full' : random.of(emergencyScopes),
    until: instantAt(at + random.of(BESIDE.slice(4)) * (1 + random.below(8))),
    isInDebt: random.chance(0.05),
    hasOverdue: random.chance(0.1),
    signers: signersOf(random),
    ...random.maybe(0.5, () => ({ second: { recordIds: random.some(recordIds, 2).sort(), until: instantAt(at + random.of(BESIDE)) } })),
    ...random.maybe(0.6, () => ({
      choice: random.chance(0.1)
        ? ({ stance: 'refused' } as const)
        : ({ stance: 'allowed', maxConfidentiality, maxDataLevel: random.of([4, 4, ...levels] as const) } as const),
    })),
  };
}

function askerOf(random: Random, at: number): Asker {
  const department = random.of(departments);
  return {
    mspId: random.of(mspIds.slice(0, 2)),
    actorTag: random.of(actorTags),
    roles: random.chance(0.9) ? [random.of(usualRoles)] : random.some(roles, 3),
    department,
    departments: [...new Set([department, ...random.some(departments, 3)])],
    ...random.maybe(0.6, () => ({
      groups: random.some(groups, 2).map((group) => ({
        group,
        state: random.of(['active', 'active', 'active', 'pending', 'left'] as const),
        ...random.maybe(0.7, () => ({ duty: dutyOf(random, at) })),
      })),
    })),
  };
}

function dutyOf(random: Random, at: number): Duty {
  const from = at - random.below(48) * HOUR + random.of([0, 0, 1, 60 * HOUR]);
  const offsets = [{ from: instantAt(from), minutes: random.of([0, 480, -300, 330, 60]) }];
  if (random.chance(0.4)) offsets.push({ from: instantAt(from + (1 + random.below(60)) * HOUR), minutes: random.of([0, 540, -240, 120]) });
  const time = (): string => `${String(random.below(24)).padStart(2, '0')}:${random.of(['00', '30'])}`;
  const turns = Array.from({ length: 1 + random.below(3) }, () => {
    const begins = time();
    const days = random.some([1, 2, 3, 4, 5, 6, 7] as const, 7).sort();
    return { days, from: begins, until: random.chance(0.1) ? begins : time() };
  });
  return { zone: 'Etc/UTC', offsets, until: instantAt(at + random.of([0, 1, HOUR, 100 * HOUR, 1_000 * HOUR])), turns };
}

function recordOf(random: Random, at: number): NonNullable<AccessQuestion['record']> {
  return {
    recordId: random.of(recordIds),
    class: random.of(recordClasses),
    dataLevel: random.of([3, 3, 4, ...levels] as const),
    confidentiality: random.chance(0.7) ? 'N' : random.of(confidentialities),
    custodianMspId: random.of(mspIds.slice(0, 2)),
    authorMspId: random.of(mspIds),
    anchoredAt: instantAt(at - random.below(10) * HOUR),
    ...random.maybe(0.6, () => ({ careMonths: monthsOf(random) })),
    ...random.maybe(0.6, () => ({ encounter: random.of(encounters) })),
    state: random.chance(0.96) ? 'current' : 'retracted',
  };
}

function monthsOf(random: Random): Months {
  const [first = '', last = first] = random.some(MONTHS, 2).sort();
  return { first, last };
}

function factsOf(random: Random, at: number): AccessFacts {
  return {
    relationship: random.chance(0.97) ? relationshipOf(random) : undefined,
    grants: random.some(grantees, 6).map((grantee) => grantOf(random, at, grantee)),
    defaultPolicies: defaultsOf(random),
    levelApprovers: approversOf(random),
    approval: random.chance(0.6) ? approvalOf(random, at) : undefined,
  };
}

/** Of each class one of the four, the first more often than the others. */
function defaultsOf(random: Random): AccessFacts['defaultPolicies'] {
  const policies = recordClasses.map((each) => [each, random.of(['basic-normal', ...implicitPolicies])] as const);
  return Object.fromEntries(policies) as AccessFacts['defaultPolicies']; // Object.fromEntries cannot say that every class stands there
}

/** Seldom two, so that most emergencies need nobody else. */
function signersOf(random: Random): EmergencyFacts['signers'] {
  const signer = (): 'alone' | 'countersigned' => (random.chance(0.2) ? 'countersigned' : 'alone');
  return { ...{ '1': signer(), '2': signer(), '3': signer(), '4': signer() }, '5': random.chance(0.5) ? 'countersigned' : 'closed' };
}

/** Seldom of a level, so that most worlds need nobody. */
function approversOf(random: Random): AccessFacts['levelApprovers'] {
  const approver = () => (random.chance(0.15) ? 'custodian' : 'none');
  return { '1': approver(), '2': approver(), '3': approver(), '4': approver(), '5': approver() };
}

function approvalOf(random: Random, at: number): NonNullable<AccessFacts['approval']> {
  return {
    state: random.chance(0.85) ? 'given' : 'withdrawn',
    levels: [...new Set([random.of([3, 4, 5] as const), ...random.some(levels, 4)])].sort(),
    until: instantAt(at + random.of([HOUR, HOUR, ...BESIDE])),
  };
}

function relationshipOf(random: Random): NonNullable<AccessFacts['relationship']> {
  return {
    type: random.chance(0.7) ? 'care' : random.of(relationshipTypeSchema.options),
    state: random.chance(0.85) ? 'active' : random.of(relationshipStates),
    ...random.maybe(0.08, () => ({ suspendedBy: random.of(['patient', 'organisation', 'both'] as const) })),
    ...random.maybe(0.2, () => ({ group: random.of(groups) })),
  };
}

function grantOf(random: Random, at: number, grantee: Grantee): GrantFacts {
  const ids = random.some(provisionIds, 3);
  const state = random.chance(0.85) ? 'active' : 'revoked';
  const provisions = ids.map((provisionId) => provisionOf(random, at, provisionId));
  const taken = random.maybe(0.6, () => ({
    taken: random.some(ids, 3).map((provisionId) => ({ provisionId, count: 1 + random.below(2) })),
  }));
  return { grantee, version: 1 + random.below(3), state, provisions, ...taken };
}

function provisionOf(random: Random, at: number, provisionId: Provision['provisionId']): Provision {
  const scope = {
    provisionId,
    purposes: random.chance(0.5) ? ('any' as const) : [...new Set(['TREAT' as const, ...random.some(consentPurposes, 2)])],
    ...random.maybe(0.35, () => ({ classes: random.some(recordClasses, 5) })),
    ...random.maybe(0.3, () => ({ confidentiality: random.some(confidentialities, 5) })),
    ...random.maybe(0.15, () => ({ authorMspIds: random.some(mspIds, 2) })),
    ...random.maybe(0.15, () => ({ recordIds: random.some(recordIds, 2) })),
    ...random.maybe(0.15, () => ({
      recordPeriod: { from: instantAt(at - random.below(12) * HOUR), until: instantAt(at - random.below(9) * HOUR + 1) },
    })),
    ...random.maybe(0.15, () => ({ careMonths: monthsOf(random) })),
    ...random.maybe(0.15, () => ({ encounters: random.some(encounters, 2) })),
    validFrom: instantAt(at + (random.chance(0.75) ? -HOUR : random.of(BESIDE))),
  };
  const validUntil = instantAt(at + (random.chance(0.75) ? 3 * HOUR : random.of(BESIDE)));
  if (random.chance(0.12)) {
    return {
      effect: 'deny',
      ...scope,
      ...random.maybe(0.4, () => ({ minDataLevel: random.of(levels) })),
      ...random.maybe(0.5, () => ({ validUntil })),
    };
  }
  const limits = {
    ...random.maybe(0.4, () => ({ maxDataLevel: random.of(levels) })),
    ...random.maybe(0.35, () => ({ uses: 1 + random.below(3) })),
    ...random.maybe(0.3, () => ({ handling: random.of(['view', 'store', 'store'] as const) })),
    ...random.maybe(0.3, () => ({ eraseAt: instantAt(at + random.of([4, 5, 6] as const) * HOUR) })),
    ...random.maybe(0.4, () => ({ onward: true as const })),
  };
  return { effect: 'permit', ...scope, ...limits, validUntil };
}
