import { canonicalJson, denialsOf, type Output, recordIdSchema, type transactions } from '@lianyi/domain';
import fc from 'fast-check';
import { A, B, type Cast, must } from './cast.fixture';
import { type Patient, type Staff } from './consortium.fixture';
import { returnTo, useStage } from './stage.fixture';

const stage = useStage();

type Asked = Output<typeof transactions.RequestAccess>;
type Explained = Extract<Output<typeof transactions.ExplainAccess>, { outcome: 'decided' }>;

const classes = ['laboratory-report', 'imaging-report', 'history'] as const;
const labels = ['N', 'R', 'V'] as const;
const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[] | undefined> =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { nil: undefined });
const provision = fc.record({
  effect: fc.oneof({ weight: 11, arbitrary: fc.constant('permit') }, { weight: 1, arbitrary: fc.constant('deny') }),
  purposes: fc.constantFrom<unknown>('any', ['TREAT'], ['TREAT'], ['HRESCH']),
  classes: some(classes),
  confidentiality: some(labels),
  level: fc.option(fc.integer({ min: 2, max: 5 }), { nil: undefined }),
  beginsMs: fc.constantFrom(-3_600_000, -3_600_000, 1_800_000),
  lastsMs: fc.constantFrom(3_000_000, 7_200_000, 7_200_000),
});
type Drawn = typeof provision extends fc.Arbitrary<infer Value> ? Value : never;
/** What a patient has said to three grantees, whether of the last that is revoked, and what is asked for. */
const worlds = fc.record({
  said: fc.array(fc.array(provision, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  isRevoked: fc.constantFrom(true, false, false, false),
  purpose: fc.constantFrom('TREAT', 'TREAT', 'TREAT', 'TREAT', 'PATRQT', 'EMPLOYMENT'),
});

function spelled(cast: Cast, { level, beginsMs, lastsMs, ...drawn }: Drawn, index: number): object {
  const scope = Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined));
  const levels = level === undefined ? {} : drawn.effect === 'deny' ? { minDataLevel: level } : { maxDataLevel: level };
  return { provisionId: `p${index}`, ...scope, ...levels, validFrom: cast.instant(beginsMs), validUntil: cast.instant(beginsMs + lastsMs) };
}

/** Twelve records of all kinds, one that is retracted, and three that nobody has. */
async function anchored(): Promise<readonly string[]> {
  const { cast, patient, recordId } = stage();
  const made = [recordId];
  for (let each = 1; each < 13; each += 1)
    made.push(
      await cast.anchor(patient, { class: classes[each % 3], confidentiality: labels[each % 4] ?? 'N', dataLevel: 2 + (each % 4) }),
    );
  const retraction = { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'other' };
  must(await cast.invoke('RetractRecord', retraction, cast.staff(A, 'recordAdmin')));
  return [...made, 'nothing-1', 'nothing-2', 'nothing-3'].sort();
}

async function say({ said, isRevoked }: typeof worlds extends fc.Arbitrary<infer Value> ? Value : never): Promise<void> {
  const { cast, patient } = stage();
  const grantees = [cast.cardiologyOf(B), { kind: 'organisation', mspId: B, name: 'all' }, { kind: 'role', mspId: B, name: 'clinician' }];
  for (const [index, drafts] of said.entries()) {
    const provisions = drafts.map((draft, place) => spelled(cast, draft, 10 * index + place));
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: grantees[index], provisions }, patient));
  }
  const last = { pseudonym: patient.pseudonym, grantee: grantees[said.length - 1], previousVersion: 1 };
  if (isRevoked) must(await cast.invoke('RevokePolicy', last, patient));
}

describe('what is explained', () => {
  it('is what is decided: 1,008 questions of 63 worlds, for the patient and the privacy officer in turn', async () => {
    const { cast, patient } = stage();
    const clinician = cast.staff(B, 'clinician');
    const recordIds = await anchored();
    const again = returnTo(stage());
    const effects: string[] = [];
    for (const drawn of fc.sample(worlds, { numRuns: 63, seed: 20_260_501 })) {
      again();
      await say(drawn);
      const told: Explained[] = [];
      for (const [index, recordId] of recordIds.entries()) {
        const who = index % 2 === 0 ? patient : cast.staff(A, 'privacyOfficer');
        const question = cast.explainInput(patient, recordId, clinician, { purpose: drawn.purpose });
        told.push(must(await cast.invoke('ExplainAccess', question, who)).answer as unknown as Explained);
      }
      const asked = { ...cast.accessInput(patient, recordIds, clinician), purpose: drawn.purpose };
      const answer = must(await cast.invoke('RequestAccess', asked, clinician)).answer as unknown as Asked;
      const denied = denialsOf({ ...answer, recordIds: recordIds.map((recordId) => recordIdSchema.parse(recordId)) });
      expect(told.map(({ decision }) => (decision.effect === 'deny' ? decision.reasons : []))).toEqual(
        recordIds.map((recordId) => denied.find((each) => each.recordId === recordId)?.reasons ?? []),
      );
      const provisionIds = told.flatMap(({ decision }) => (decision.effect === 'permit' ? decision.provisionIds : []));
      expect([...new Set(provisionIds)].sort()).toEqual(answer.provisionIds);
      expect(canonicalJson(answer)).not.toContain('grantee');
      effects.push(...told.map(({ decision }) => decision.effect));
    }
    expect(effects).toHaveLength(1_008);
    expect(effects.filter((effect) => effect === 'permit').length).toBeGreaterThan(100);
  });
});

describe('who would be refused', () => {
  const hire = async (roles: readonly string[], more: object = {}, by?: Staff): Promise<Staff> => {
    const { cast } = stage();
    const { input, staff } = cast.staffInput(roles);
    must(await cast.invoke('RegisterStaff', { ...input, ...more }, by ?? cast.admin(B)));
    return staff(B);
  };
  const explain = async (who: Staff, more: object = {}, as: Patient | Staff = stage().patient): Promise<unknown> => {
    const { cast, patient, recordId } = stage();
    return must(await cast.invoke('ExplainAccess', cast.explainInput(patient, recordId, who, { ...more }), as)).answer;
  };
  const later = (): object => ({ dutyWindows: [{ from: stage().cast.instant(60_000), until: stage().cast.instant(120_000) }] });

  it.each<readonly [string, string, () => Promise<Staff>]>([
    [
      'who is revoked',
      'STAFF_REVOKED',
      async () => {
        const gone = await hire(['clinician']);
        must(await stage().cast.invoke('RevokeStaff', { actorTag: gone.actorTag }, stage().cast.admin(B)));
        return gone;
      },
    ],
    ['whom nobody has confirmed', 'STAFF_PENDING', () => hire(['clinician'], {}, stage().cast.staff(B, 'hrAdmin'))],
    ['who is off duty', 'OFF_DUTY', () => hire(['clinician'], later())],
    ['who has no role that asks', 'NOT_PERMITTED', () => hire(['registrar'])],
    ['who is not of the department', 'NOT_PERMITTED', () => hire(['clinician'], { departments: ['oncology'] })],
  ])('is explained as refused, and is refused: %s', async (_who, code, made) => {
    const { cast, patient, recordId } = stage();
    const who = await made();
    expect(await explain(who)).toEqual({ outcome: 'refused', code });
    expect(await explain(who, {}, cast.staff(A, 'privacyOfficer'))).toEqual({ outcome: 'refused', code });
    expect(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], who), who)).toMatchObject({ code, writes: 0 });
  });

  it('is not, of a patient who supposes an instant at which they are on duty', async () => {
    const who = await hire(['clinician'], later());
    expect(await explain(who, { at: stage().cast.instant(60_000) })).toMatchObject({ outcome: 'decided' });
    expect(await explain(who, { at: stage().cast.instant(120_000) })).toMatchObject({ outcome: 'refused', code: 'OFF_DUTY' });
  });

  it('tells a record that nobody has from one without consent, to the patient and the privacy officer', async () => {
    const { cast, patient } = stage();
    const clinician = cast.staff(B, 'clinician');
    for (const as of [patient, cast.staff(A, 'privacyOfficer')]) {
      const unknown = cast.explainInput(patient, 'nothing-1', clinician);
      const denial = { decision: { effect: 'deny', reasons: ['NO_CONSENT'] } };
      expect(must(await cast.invoke('ExplainAccess', unknown, as)).answer).toMatchObject({ ...denial, isRecordKnown: false });
      expect(await explain(clinician, {}, as)).toMatchObject({ ...denial, isRecordKnown: true });
    }
  });
});
