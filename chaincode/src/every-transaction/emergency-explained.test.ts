import { A, B, C, must } from './cast.fixture';
import { type As, type Outcome, type Staff } from './consortium.fixture';
import { emergency, glassInput } from './emergency.fixture';
import { adopt, setting } from './governance.fixture';
import { retract, suspendRelationship } from './refusal-case.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;
const stranger = (): Staff => stage().cast.staff(B, 'clinician');

function explain(
  by: As = stage().patient,
  { scope = 'full', recordId = stage().recordId, who = stranger(), ...twist }: Json & { recordId?: string; who?: Staff } = {},
): Promise<Outcome> {
  const { cast, patient } = stage();
  return cast.invoke('ExplainAccess', cast.explainInput(patient, recordId, who, { purpose: 'ETREAT', emergency: { scope }, ...twist }), by);
}
/** What breaking the glass comes to, as an explanation has it. */
async function broken(opening: Json, recordId = stage().recordId): Promise<Json> {
  const { answer } = must(
    await stage().cast.invoke('BreakGlass', glassInput(stage(), stranger(), { opening, recordIds: [recordId] }), stranger()),
  );
  return answer?.['decision'] === 'permit'
    ? { effect: 'permit', provisionIds: ['emergency'] }
    : { effect: 'deny', reasons: answer?.['reasons'] };
}
const choose = async (choice: Json): Promise<void> => {
  must(await stage().cast.invoke('SetEmergencyChoice', { pseudonym: stage().patient.pseudonym, choice }, stage().patient));
};
const FULL = { scope: 'full', withoutDataset: 'none-prepared' };

describe('how an emergency would be decided', () => {
  it.each<readonly [string, () => Promise<unknown>]>([
    ['nobody has said anything', () => Promise.resolve()],
    ['the patient refuses', () => choose({ stance: 'refused' })],
    ['the patient allows less', () => choose({ stance: 'allowed', maxConfidentiality: 'L', maxDataLevel: 1 })],
    ['the record was retracted', () => retract(stage())],
    ['the patient has closed the hospital', () => suspendRelationship(stage())],
    ['the members have closed the class', () => adopt(stage().cast, setting('deny-all'))],
    [
      'a second person has to sign',
      async () => {
        const value = { '1': 'countersigned', '2': 'countersigned', '3': 'countersigned', '4': 'countersigned', '5': 'closed' };
        await adopt(stage().cast, { name: 'emergency-signers', value });
      },
    ],
    [
      'the patient has forbidden the department',
      async () => {
        const { cast, patient } = stage();
        const provisions = [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }];
        must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
      },
    ],
    [
      'who asks owes reviews',
      async () => {
        for (let count = 0; count < 8; count += 1) await emergency(stage(), stranger());
      },
    ],
  ])('is told as it is decided where %s, for all and for the summary', async (_world, happens) => {
    await happens();
    for (const opening of [FULL, { scope: 'dataset' }]) {
      const told = must(await explain(stage().patient, { scope: opening.scope })).answer;
      expect(told).toMatchObject({ outcome: 'decided', decision: await broken(opening) });
    }
  });

  it('says what each has said, and names the prohibition', async () => {
    const { cast, patient } = stage();
    const provisions = [{ provisionId: 'no', effect: 'deny', purposes: ['ETREAT'], validFrom: cast.instant(-1) }];
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
    const { sources } = must(await explain()).answer as { readonly sources: readonly Json[] };
    expect(sources.map(({ source }) => source)).toEqual([
      'purpose',
      'emergency',
      'retraction',
      'relationship',
      'prohibitions',
      'emergency',
    ]);
    expect(sources[4]).toMatchObject({ forbiddenBy: [{ provisionId: 'no' }] });
  });

  it('is told to the hospital’s privacy officer too, to nobody who asks, and to no other hospital', async () => {
    const { cast } = stage();
    expect(must(await explain(cast.staff(A, 'privacyOfficer'))).answer).toMatchObject({ outcome: 'decided' });
    for (const by of [stranger(), cast.staff(A, 'clinician'), cast.staff(C, 'privacyOfficer')])
      expect(await explain(by)).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('is told of a record that is not there as unknown', async () => {
    expect(must(await explain(undefined, { recordId: 'nothing' })).answer).toMatchObject({
      ...{ decision: { effect: 'deny', reasons: ['NO_CONSENT'] }, isRecordKnown: false },
    });
  });

  it('is refused for who may break no glass, and for another purpose', async () => {
    const { cast } = stage();
    const who = cast.staff(B, 'nurse');
    expect(must(await explain(undefined, { who })).answer).toEqual({ outcome: 'refused', code: 'NOT_PERMITTED' });
    expect(await explain(undefined, { purpose: 'TREAT' })).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
