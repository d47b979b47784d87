import { A, B, must } from './cast.fixture';
import { type As, type Outcome, type Staff } from './consortium.fixture';
import { emergency, reviewerOf, reviewing } from './emergency.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;
const space = { kind: 'public' } as const;
const stranger = (): Staff => stage().cast.staff(B, 'clinician');
const officer = (): Staff => stage().cast.staff(A, 'privacyOfficer');

/** What others have written over, or deleted. */
const wrongs = ['{', '{"schemaVersion":1}', undefined] as const;
async function harm(objectType: string, id: string, value: string | undefined): Promise<void> {
  const { state } = stage().cast;
  const keys = [...state.dump(space).keys()].filter((key) => key.startsWith(`\u0000${objectType}\u0000`) && key.includes(id));
  expect(keys).not.toEqual([]);
  for (const key of keys)
    await state.apply([value === undefined ? { kind: 'delete', space, key } : { kind: 'put', space, key, value: Buffer.from(value) }]);
}
const review = async (said: Json, by: As = officer()): Promise<Outcome> => stage().cast.invoke('ReviewEmergency', said, by);
const openDebts = (): readonly unknown[] =>
  [...stage().cast.state.dump(space)]
    .filter(([key]) => key.startsWith('\u0000emergencyDebt\u0000'))
    .flatMap(([, text]) => (JSON.parse(text) as { open: readonly unknown[] }).open);

describe('an emergency whose ticket others have written over', () => {
  it.each(wrongs)('is told to both hospitals and the patient, beside the others (%s)', async (value) => {
    const { cast, patient } = stage();
    const { ticketId } = await emergency(stage(), stranger());
    cast.now += 1_000;
    const other = await emergency(stage(), stranger());
    await harm('access', ticketId, value);
    for (const [name, input, by] of [
      ['ListEmergencies', {}, officer()],
      ['ListEmergencies', {}, cast.staff(B, 'privacyOfficer')],
      ['ListOwnEmergencies', { pseudonym: patient.pseudonym }, patient],
    ] as const) {
      const { items } = must(await cast.invoke(name, { ...input, limit: 10 }, by)).answer as { readonly items: readonly Json[] };
      expect(items).toMatchObject([{ emergency: other, recordIds: [stage().recordId] }, { emergency: { ticketId } }]);
      expect(items[1]).not.toHaveProperty('recordIds');
    }
  });

  it.each(wrongs.flatMap((value) => ['justified', 'not-justified'].map((outcome) => [value, outcome] as const)))(
    'is reviewed, and ends the debt (%s, %s)',
    async (value, outcome) => {
      const { ticketId } = await emergency(stage(), stranger());
      expect(openDebts()).toHaveLength(2);
      const before = await reviewing(stage(), ticketId, outcome);
      await harm('access', ticketId, value);
      // of what the officer has been shown, and of nothing else
      expect(await review(before)).toMatchObject({ code: 'HASH_MISMATCH', writes: 0 });
      const said = await reviewing(stage(), ticketId, outcome);
      expect(await review(said, stage().cast.staff(B, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
      const { written } = must(await review(said));
      expect([...written].sort()).toEqual(['accessEvent', 'emergency', 'emergencyDebt', 'emergencyDebt']);
      expect(openDebts()).toEqual([]);
      expect(await review(said)).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
    },
  );

  it.each(wrongs)('is reviewed also where the staff entry of who has asked, or one of the debts, is %s', async (value) => {
    const { ticketId } = await emergency(stage(), stranger());
    const said = await reviewing(stage(), ticketId);
    await harm('staff', stranger().actorTag, value);
    await harm('emergencyDebt', 'person', value);
    expect(await review(said, stage().cast.staff(B, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    must(await review(said, await reviewerOf(stage(), B)));
  });
});
