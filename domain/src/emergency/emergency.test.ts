import {
  addMilliseconds,
  departmentSchema,
  type Emergency,
  type EmergencyDebt,
  type EmergencyStance,
  emergencySchema,
  mspIdSchema,
  sha256,
  type StaffActor,
  ticketIdSchema,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { A, B, cardiology, hours, lin, NOW, origin, patient } from '../story.fixture';
import {
  assertEscalates,
  debtLimits,
  debtorsOf,
  isOverdue,
  listedUnder,
  opensMore,
  owing,
  owed,
  paidOff,
  reviewEmergency,
} from './emergency';

const C = mspIdSchema.parse('HospitalCMSP');
const neurology = departmentSchema.parse('neurology');
const opened = (changes: Partial<Emergency> = {}): Emergency =>
  emergencySchema.parse({
    ...{ schemaVersion: 1, ticketId: ticketIdSchema.parse('t1'), pseudonym: patient, custodianMspId: A },
    ...{ asker: { mspId: B, actorTag: lin, department: cardiology }, reason: 'no-time', opening: { scope: 'dataset' } },
    ...{ narrativeCommitment: sha256('it'), openedAt: NOW, endsAt: hours(1), reviewDueAt: hours(72), state: 'open', origin },
    ...changes,
  });
const debt = (kind: 'person' | 'department', count: number): EmergencyDebt => {
  const debtor = debtorsOf(opened().asker)[kind];
  const empty: EmergencyDebt = { schemaVersion: 1, debtor, open: [] };
  return Array.from({ length: count }, (_, at) => opened({ ticketId: ticketIdSchema.parse(`t${at}`) })).reduce(
    (sum, each) => owing(sum, debtor, each),
    empty,
  );
};

describe('what waits for its review', () => {
  it.each<readonly ['person' | 'department', number, number, boolean, boolean]>([
    ['person', 1, 72, false, false],
    ['person', 2, 71, false, false],
    ['person', 2, 72, true, false],
    ['person', 7, 0, false, false],
    ['person', 7, 72, true, false],
    ['person', 8, 0, false, true],
    ['person', 8, 72, true, true],
    ['department', 5, 72, false, false],
    ['department', 6, 72, true, false],
    ['department', 63, 0, false, false],
    ['department', 64, 0, false, true],
  ])('of a %s, %d after %d hours, has a second person sign: %s, and holds back: %s', (kind, count, after, signs, holds) => {
    const debts = { person: undefined, department: undefined, [kind]: debt(kind, count) };
    expect(owed(debts, hours(after))).toEqual({ isInDebt: holds, hasOverdue: signs });
  });

  it('is late at the instant at which it is due', () => {
    expect(isOverdue(opened(), hours(72, -1))).toBe(false);
    expect(isOverdue(opened(), hours(72))).toBe(true);
    expect(isOverdue(opened({ state: 'reviewed' }), hours(72))).toBe(false);
  });

  it('is less with each review', () => {
    const overdue = debt('person', debtLimits.person.overdue);
    expect(owed({ person: paidOff(overdue, opened()), department: undefined }, hours(72)).hasOverdue).toBe(false);
    const full = debt('person', debtLimits.person.open);
    expect(owed({ person: paidOff(full, opened()), department: undefined }, hours(0)).isInDebt).toBe(false);
    expect(paidOff(overdue, opened({ ticketId: ticketIdSchema.parse('other') }))).toEqual(overdue);
  });
});

describe('who reviews', () => {
  const officer = (changes: Partial<StaffActor> = {}): StaffActor => ({
    ...{ kind: 'staff', mspId: A, actorTag: 'po' as StaffActor['actorTag'], roles: ['privacyOfficer'], departments: [] },
    ...changes,
  });
  const review = (by: StaffActor, of = opened()) =>
    reviewEmergency(of, by, { outcome: 'justified', at: NOW, by: origin.actor }, [cardiology, paediatrics]);
  const paediatrics = departmentSchema.parse('paediatrics');

  it.each<readonly [string, Partial<StaffActor>]>([
    ['somebody of the records’ hospital', {}],
    ['somebody there in a department of the same name', { departments: [cardiology] }],
    ['another department of the asker’s hospital', { mspId: B, departments: [neurology] }],
  ])('may be %s', (_who, changes) => {
    expect(review(officer(changes))).toMatchObject({ state: 'reviewed', review: { outcome: 'justified' } });
  });

  it.each<readonly [string, Partial<StaffActor>]>([
    ['another hospital', { mspId: C }],
    ['the asker', { mspId: B, actorTag: lin, departments: [neurology] }],
    ['the asker’s department', { mspId: B, departments: [neurology, cardiology] }],
    ['another department of the asker’s', { mspId: B, departments: [departmentSchema.parse('paediatrics')] }],
    ['somebody of the asker’s hospital without a department', { mspId: B, departments: [] }],
  ])('is not %s', (_who, changes) => {
    expectRefusal('NOT_PERMITTED', () => review(officer(changes)));
  });

  it('is not the asker’s department where the records are its own hospital’s', () => {
    const own = opened({ custodianMspId: B });
    expectRefusal('NOT_PERMITTED', () => review(officer({ mspId: B, departments: [cardiology] }), own));
    expect(listedUnder(own).map(({ party }) => party.name)).toEqual([patient, B]);
  });

  it('does it once', () => {
    expectRefusal('ILLEGAL_STATE', () => review(officer(), review(officer())));
  });

  it.each<readonly [string, string, 'justified' | 'not-justified', 'justified' | 'not-justified', boolean]>([
    ['the records’ hospital takes back what the asker’s own found justified', B, 'justified', 'not-justified', true],
    ['nobody finds justified what was found not to be', B, 'not-justified', 'justified', false],
    ['nobody says the same again', B, 'justified', 'justified', false],
    ['the records’ hospital does not take back its own word', A, 'justified', 'not-justified', false],
  ])('%s', (_what, firstMspId, first, second, isDone) => {
    const by = { kind: 'staff', mspId: firstMspId, actorTag: 'po' } as typeof origin.actor;
    const reviewed = { ...opened(), state: 'reviewed', review: { outcome: first, at: NOW, by } } as const;
    const again = () => reviewEmergency(reviewed, officer(), { outcome: second, at: NOW, by: origin.actor }, []);
    if (isDone) expect(again().review?.outcome).toBe('not-justified');
    else expectRefusal('ILLEGAL_STATE', again);
  });
});

describe('going on from a summary to all', () => {
  const { asker } = opened();
  const escalate = (earlier: Emergency | undefined, now = NOW) => {
    assertEscalates({ scope: 'full', after: ticketIdSchema.parse('t1') }, earlier, { pseudonym: patient, asker, now });
  };
  it('follows within a day, in the department, for the patient', () => {
    escalate(opened(), hours(24, -1));
    escalate(opened({ asker: { ...asker, actorTag: 'dr-wu' as typeof lin } }));
    assertEscalates({ scope: 'full', withoutDataset: 'none-prepared' }, undefined, { pseudonym: patient, asker, now: NOW });
  });
  it.each<readonly [string, Partial<Emergency>, number]>([
    ['a day later', {}, 24],
    ['another department’s', { asker: { ...asker, department: neurology } }, 0],
    ['another hospital’s', { asker: { ...asker, mspId: A } }, 0],
    ['another patient’s', { pseudonym: 'psn-2' as typeof patient }, 0],
    ['one of all', { opening: { scope: 'full', withoutDataset: 'none-prepared' } }, 0],
  ])('is refused after %s', (_which, changes, after) => {
    expectRefusal('ILLEGAL_STATE', () => {
      escalate(opened(changes), addMilliseconds(NOW, after * 3_600_000));
    });
  });
  it('is refused after what never was', () => {
    expectRefusal('NOT_FOUND', () => {
      escalate(undefined);
    });
  });
});

describe('a patient’s word', () => {
  const allowed = (maxConfidentiality: 'L' | 'N' | 'R', maxDataLevel: 3 | 4): EmergencyStance => ({
    ...{ stance: 'allowed', maxConfidentiality, maxDataLevel },
  });
  const refused: EmergencyStance = { stance: 'refused' };
  it.each<readonly [string, EmergencyStance, EmergencyStance, boolean]>([
    ['the same', allowed('N', 4), allowed('N', 4), false],
    ['a stricter label', allowed('N', 4), allowed('L', 4), false],
    ['a refusal', allowed('N', 4), refused, false],
    ['a wider label', allowed('N', 4), allowed('R', 3), true],
    ['a higher level', allowed('R', 3), allowed('N', 4), true],
    ['anything after a refusal', refused, allowed('L', 3), true],
    ['a refusal after a refusal', refused, refused, false],
  ])('is compared: %s', (_what, present, next, expected) => {
    expect(opensMore(present, next)).toBe(expected);
  });
});
