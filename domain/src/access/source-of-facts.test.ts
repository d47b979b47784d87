import { policiesOf } from '../governance/parameters';
import { groupSchema, provisionIdSchema, weeklyDutySchema } from '../index';
import { A, B, cardiologist, facts, forbid, grant, hours, NOW, ownClinician, permit, question, record, revoked } from '../story.fixture';
import { departmentSchema } from '../ids';
import { factsNeededFor } from './decide-access';
import { type AskingActor, type KnownQuestion } from './question';
import { approvals } from './sources/approvals';
import { defaultPolicy } from './sources/default-policy';
import { deniableGranteesOf, dutyAs, dutyIn, granteesOf } from './sources/grantees';
import { grants } from './sources/grants';
import { type PolicySource, SILENT } from './sources/policy-source';
import { prohibitions } from './sources/prohibitions';
import { purposeGate } from './sources/purpose-gate';
import { openRelationship } from './sources/relationship';
import { retraction } from './sources/retraction';

const grantee = (kind: string, name: string): object => ({ kind: 'grant', grantee: { kind, mspId: B, name } });
const asAnybody = [
  grantee('person', 'dr-lin'),
  grantee('department', 'cardiology'),
  grantee('role', 'clinician'),
  grantee('organisation', 'all'),
];
const relationship = { kind: 'relationship', mspId: A };
const [byDefault, byLevel] = ['default-policies', 'level-approvers'].map((name) => ({ kind: 'parameter', name }));
const approval = { kind: 'approval', mspId: B, actorTag: 'dr-lin' };

describe('what each source reads', () => {
  const asked = { actor: cardiologist, custodianMspId: A };
  it.each<readonly [string, PolicySource, readonly unknown[]]>([
    ['the purposes', purposeGate, []],
    ['retraction', retraction, []],
    ['the relationship', openRelationship, [relationship]],
    ['prohibitions', prohibitions, asAnybody],
    ['grants', grants, asAnybody],
    ['the default policy', defaultPolicy, [byDefault, relationship]],
    ['approvals', approvals, [byLevel, approval]],
  ])('for %s is so much', (_of, source, needed) => {
    expect(source.needs(asked)).toEqual(needed);
  });
  it('is read once for all of them, in their order', () => {
    expect(factsNeededFor(asked)).toEqual([relationship, ...asAnybody, byDefault, byLevel, approval]);
  });
});

const [night, day] = [groupSchema.parse('night'), groupSchema.parse('day')];
/** From seven to nine by UTC, every day; it is eight. */
const duty = weeklyDutySchema.parse({
  zone: 'Etc/UTC',
  offsets: [{ from: hours(-1_000), minutes: 0 }],
  until: hours(1_000),
  turns: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '07:00', until: '09:00' }],
});
const member = (...groups: NonNullable<AskingActor['groups']>): AskingActor => ({ ...cardiologist, groups });
const ofNight = { group: night, state: 'active' } as const;

describe('whether somebody is on duty in a group', () => {
  it.each<readonly [string, AskingActor, object]>([
    ['of whom no groups are known', cardiologist, { isOn: false }],
    ['of another group', member({ group: day, state: 'active' }), { isOn: false }],
    ['who has left it', member({ group: night, state: 'left' }), { isOn: false }],
    ['who has left it and is active in another', member({ group: night, state: 'left' }, { group: day, state: 'active' }), { isOn: false }],
    ['who waits for a second person', member({ group: night, state: 'pending', duty }), { isOn: false }],
    ['without turns', member(ofNight), { isOn: true }],
    ['in a turn', member({ ...ofNight, duty }), { isOn: true, until: hours(1) }],
    [
      'in a turn, whatever the groups before',
      member({ group: day, state: 'active' }, { ...ofNight, duty }),
      { isOn: true, until: hours(1) },
    ],
  ])('is said of somebody %s', (_who, actor, expected) => {
    expect(dutyIn(night, actor, NOW)).toStrictEqual(expected);
    expect(dutyAs({ kind: 'group', mspId: B, name: night }, actor, NOW)).toStrictEqual(expected);
  });
  it('is said of nobody off their turn, nor after the duty’s end', () => {
    expect(dutyIn(night, member({ ...ofNight, duty }), hours(1))).toStrictEqual({ isOn: false });
    expect(dutyIn(night, member({ ...ofNight, duty }), hours(1_000))).toStrictEqual({ isOn: false });
  });
  it('is no question of anything but a group', () => {
    expect(dutyAs({ kind: 'department', mspId: B, name: departmentSchema.parse('night') }, member(), NOW)).toStrictEqual({ isOn: true });
  });
});

describe('by what somebody is meant', () => {
  const [zeta, alpha] = ['zeta', 'alpha'].map((name) => departmentSchema.parse(name));
  const many: AskingActor = {
    ...member({ group: night, state: 'left' }, { group: day, state: 'active' }),
    roles: ['nurse', 'clinician'],
    department: zeta ?? cardiologist.department,
    departments: [zeta ?? cardiologist.department, alpha ?? cardiologist.department],
  };
  const spelled = (of: readonly { readonly kind: string; readonly mspId: string; readonly name: string }[]): string[] =>
    of.map(({ kind, mspId, name }) => `${kind} ${mspId === B ? name : mspId}`);

  it('is to permit by the department they ask for, and to forbid by all of theirs and groups that they have left, in one order', () => {
    expect(spelled(granteesOf(many))).toEqual([
      'person dr-lin',
      'department zeta',
      'role clinician',
      'role nurse',
      'organisation all',
      'group day',
    ]);
    expect(spelled(deniableGranteesOf(many))).toEqual([
      'person dr-lin',
      'department alpha',
      'department zeta',
      'role clinician',
      'role nurse',
      'organisation all',
      'group night',
      'group day',
    ]);
    expect(spelled(deniableGranteesOf({ ...many, groups: [] }))).not.toContain('group night');
  });
});

describe('the default policy', () => {
  const asked: KnownQuestion = { ...question({ actor: ownClinician }), record };
  const judged = (changes: Partial<KnownQuestion>, given: Parameters<typeof facts>[1] = {}): object =>
    defaultPolicy.judge({ ...asked, ...changes }, facts([], given));

  it('permits without an end where no group is the party, and while they are on duty where one is', () => {
    const provisionId = provisionIdSchema.parse('default');
    expect(judged({})).toStrictEqual({ addressed: true, permits: [{ provisionId }] });
    const ofGroup = { relationship: { type: 'care', state: 'active', group: night } } as const;
    expect(judged({ actor: { ...ownClinician, groups: [{ ...ofNight, duty }] } }, ofGroup)).toStrictEqual({
      addressed: true,
      permits: [{ provisionId, until: hours(1) }],
    });
  });
  it.each<readonly [string, Partial<KnownQuestion>, Parameters<typeof facts>[1]]>([
    ['there is no relationship', {}, { relationship: undefined }],
    ['it is to deny all', {}, { defaultPolicies: policiesOf('deny-all') }],
    ['it is for emergencies only', {}, { defaultPolicies: policiesOf('break-glass-only') }],
    ['it is to deny what is of the record’s class', {}, { defaultPolicies: { ...policiesOf('basic-normal'), [record.class]: 'deny-all' } }],
    ['who asks is of another hospital', { actor: cardiologist }, {}],
    ['who asks is a nurse', { actor: { ...ownClinician, roles: ['nurse'] } }, {}],
    ['the relationship is a laboratory’s', {}, { relationship: { type: 'laboratory', state: 'active' } }],
    ['a group is the party, and who asks is of none', {}, { relationship: { type: 'care', state: 'active', group: night } }],
  ])('says nothing where %s', (_what, changes, given) => {
    expect(judged(changes, given)).toBe(SILENT);
  });
  it.each(['HPAYMT', 'HOPERAT', 'TREAT'] as const)('permits %s where it opens all that its staff may do', (purpose) => {
    expect(judged({ purpose }, { defaultPolicies: policiesOf('all-normal') })).toHaveProperty('permits');
  });
  it.each<readonly [string, Partial<KnownQuestion>, Parameters<typeof facts>[1], readonly string[]]>([
    ['the relationship is over', {}, { relationship: { type: 'care', state: 'terminated' } }, ['RELATIONSHIP_NOT_ACTIVE']],
    ['it is no treatment', { purpose: 'PATRQT' }, {}, ['PURPOSE_NOT_ALLOWED']],
    ['the level is above the policy’s', { record: { ...record, dataLevel: 5 } }, {}, ['LEVEL_NEEDS_APPROVAL']],
    ['the label is restricted', { record: { ...record, confidentiality: 'R' } }, {}, ['LABEL_NOT_COVERED']],
  ])('tells what is lacking where %s', (_what, changes, given, lacks) => {
    expect(judged(changes, given)).toStrictEqual({ addressed: true, shortfalls: [{ provisionId: 'default', lacks }] });
  });
});

describe('grants', () => {
  it('tell what permits, and of each other attempt what it lacks', () => {
    const given = grant([permit(), permit({ provisionId: 'p2', purposes: ['HRESCH'] })]);
    const grantVersion = { grantee: given.grantee, version: 1 };
    expect(grants.judge(question(), facts([given]))).toStrictEqual({
      addressed: true,
      permits: [{ provisionId: 'p1', grantVersion, until: hours(24) }],
      obligations: [{ handling: 'store' }],
      shortfalls: [{ provisionId: 'p2', grantVersion, lacks: ['PURPOSE_NOT_ALLOWED'] }],
      remarks: [],
      revoked: [],
    });
  });
  it('tell that one is revoked, and are silent where there is none', () => {
    const gone = revoked([permit()]);
    const nothing = { permits: [], obligations: [], shortfalls: [] };
    const told = { remarks: ['POLICY_REVOKED'], revoked: [{ grantee: gone.grantee, version: gone.version }] };
    expect(grants.judge(question(), facts([gone]))).toStrictEqual({ addressed: true, ...nothing, ...told });
    expect(grants.judge(question(), facts([]))).toStrictEqual({ addressed: false, ...nothing, remarks: [], revoked: [] });
  });
});

describe('what a permission says of copies', () => {
  const bound = (...provisions: readonly Parameters<typeof permit>[0][]): unknown =>
    grants.judge(question(), facts([grant(provisions.map((each) => permit(each)))])).obligations;
  it.each<readonly [string, Parameters<typeof permit>[0], unknown]>([
    ['nothing: kept, and not handed on', {}, [{ handling: 'store' }]],
    ['that it is viewed', { handling: 'view' }, [{ handling: 'view' }]],
    ['until when it is kept', { eraseAt: hours(25) }, [{ handling: 'store', eraseAt: hours(25) }]],
    ['that it is handed on', { onward: true }, [{ handling: 'store', onward: true }]],
    ['all of it, of a purpose that nobody asked for', { purposes: ['HRESCH'], handling: 'view' }, []],
  ])('is told: %s', (_what, says, expected) => {
    expect(bound(says)).toStrictEqual(expected);
  });
  it('binds also where no use of it is left, and where something else is lacking it does not', () => {
    const counted = permit({ uses: 1, handling: 'view' });
    const taken = { ...grant([counted]), taken: [{ provisionId: counted.provisionId, count: 1 }] };
    expect(grants.judge(question(), facts([taken]))).toMatchObject({ permits: [], obligations: [{ handling: 'view' }] });
    expect(grants.judge(question({ purpose: 'PATRQT' }), facts([taken])).obligations).toStrictEqual([]);
  });
});

describe('a second approval', () => {
  const none = facts([]).levelApprovers;
  const levelApprovers = { ...none, '3': 'custodian', '5': 'custodian' } as const;
  const given: NonNullable<NonNullable<Parameters<typeof facts>[1]>['approval']> = { state: 'given', levels: [3, 4], until: hours(1) };
  const judged = (approval: Parameters<typeof facts>[1], at = NOW, dataLevel: 3 | 5 = 3): unknown =>
    approvals.judge({ ...question(), at, record: { ...record, dataLevel } }, facts([], approval));
  const missing = { unapproved: ['CUSTODIAN_APPROVAL_MISSING'] };

  it('is nothing that is asked for where the members have not set it for the level', () => {
    expect(judged({ levelApprovers: none })).toBe(SILENT);
    expect(judged({ levelApprovers: { ...none, '5': 'custodian' } })).toBe(SILENT);
  });
  it('ends every permit when it ends', () => {
    expect(judged({ levelApprovers, approval: given })).toStrictEqual({ ends: [{ at: hours(1) }] });
  });
  it.each<readonly [string, () => unknown]>([
    ['there is none', () => judged({ levelApprovers, approval: undefined })],
    ['it is withdrawn', () => judged({ levelApprovers, approval: { ...given, state: 'withdrawn' } })],
    ['it is for other levels', () => judged({ levelApprovers, approval: given }, NOW, 5)],
    ['it ends just now', () => judged({ levelApprovers, approval: given }, hours(1))],
    ['it is over', () => judged({ levelApprovers, approval: given }, hours(2))],
  ])('is missing where %s', (_what, told) => {
    expect(told()).toStrictEqual(missing);
  });
});

describe('prohibitions', () => {
  const { grantee: to } = grant([permit()]);
  const origin = { provisionId: 'd1', grantVersion: { grantee: to, version: 1 } };
  const denies = { denials: ['DENIED_BY_PROVISION'], forbiddenBy: [origin], ends: [] };
  const silent = { denials: [], forbiddenBy: [], ends: [] };
  it.each<readonly [string, ReturnType<typeof forbid>, object]>([
    ['in force', forbid(), denies],
    ['that begins now', forbid({ validFrom: NOW }), denies],
    ['that begins later', forbid({ validFrom: hours(1) }), { ...silent, ends: [{ ...origin, at: hours(1) }] }],
    ['of another purpose that begins later', forbid({ validFrom: hours(1), purposes: ['HRESCH'] }), silent],
    ['that is over', forbid({ validUntil: NOW }), silent],
  ])('say of one %s', (_when, provision, expected) => {
    expect(prohibitions.judge(question(), facts([grant([permit(), provision])]))).toStrictEqual(expected);
  });
  it('say nothing of one that is revoked', () => {
    expect(prohibitions.judge(question(), facts([revoked([forbid()])]))).toStrictEqual(silent);
  });
});

describe('the relationship', () => {
  it.each(['laboratory', 'care'] as const)('that serves every purpose says nothing: %s', (type) => {
    expect(openRelationship.judge(question({ purpose: 'HRESCH' }), facts([], { relationship: { type, state: 'active' } }))).toBe(SILENT);
  });
  it('that serves other purposes denies', () => {
    const relationship = { type: 'insurer', state: 'active' } as const;
    expect(openRelationship.judge(question(), facts([], { relationship }))).toStrictEqual({ denials: ['PURPOSE_NOT_ALLOWED'] });
    expect(openRelationship.judge(question({ purpose: 'HPAYMT' }), facts([], { relationship }))).toBe(SILENT);
  });
  it('that is not there denies', () => {
    expect(openRelationship.judge(question(), facts([], { relationship: undefined }))).toStrictEqual({
      denials: ['RELATIONSHIP_NOT_ACTIVE'],
    });
  });
});
