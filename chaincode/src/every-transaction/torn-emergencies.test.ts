import { canonicalJson } from '@lianyi/domain';
import { A, B, C, must } from './cast.fixture';
import { type As, type Outcome, sha256Of, type Staff } from './consortium.fixture';
import { emergency, glassInput, reviewerOf, reviewing } from './emergency.fixture';
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

describe('an emergency that others have written over, or deleted', () => {
  /** Of a stranger's, whose ticket can be read still. */
  async function harmed(value: string | undefined): Promise<{ readonly ticketId: string }> {
    const { ticketId } = await emergency(stage(), stranger());
    await harm('emergency', ticketId, value);
    return { ticketId };
  }

  it.each(wrongs)('is shown to both hospitals and the patient, as far as its ticket tells it (%s)', async (value) => {
    const { cast, patient, recordId } = stage();
    const { ticketId } = await harmed(value);
    for (const [name, input, by] of [
      ['ListEmergencies', { limit: 10 }, officer()],
      ['ListEmergencies', { limit: 10 }, cast.staff(B, 'privacyOfficer')],
      ['ListOwnEmergencies', { pseudonym: patient.pseudonym, limit: 10 }, patient],
    ] as const) {
      const { items } = must(await cast.invoke(name, input, by)).answer as { readonly items: readonly { readonly emergency: Json }[] };
      expect(items).toMatchObject([{ emergency: { ticketId, state: 'open', asker: { mspId: B } }, recordIds: [recordId] }]);
      for (const lost of ['reason', 'opening', 'narrativeCommitment']) expect(items[0]?.emergency).not.toHaveProperty(lost);
    }
    const { code } = await cast.invoke('GetEmergency', { ticketId }, cast.staff(C, 'privacyOfficer'));
    expect(code).toBe('NOT_PERMITTED');
  });

  it.each(wrongs)('is found doubtful and nothing else: that ends the debt, and its ticket (%s)', async (value) => {
    const { ticketId } = await harmed(value);
    for (const outcome of ['justified', 'not-justified'])
      expect(await review(await reviewing(stage(), ticketId, outcome))).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
    const said = await reviewing(stage(), ticketId, 'doubtful');
    expect(await review(said, stage().cast.staff(B, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(await review(said, stage().cast.staff(C, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    const { written } = must(await review(said));
    expect([...written].sort()).toEqual(['access', 'accessEvent', 'emergency', 'emergencyDebt', 'emergencyDebt']);
    expect(openDebts()).toEqual([]);
    const { answer } = must(await stage().cast.invoke('GetEmergency', { ticketId }, officer()));
    expect(answer).toMatchObject({ emergency: { state: 'reviewed', review: { outcome: 'doubtful' } }, isOverdue: false });
    expect(await review(said)).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
  });

  it('is not made of a ticket that was denied, nor of one of no emergency', async () => {
    const { cast, patient, recordId } = stage();
    const asked = cast.accessInput(patient, [recordId], cast.staff(A, 'clinician'));
    must(await cast.invoke('RequestAccess', asked, cast.staff(A, 'clinician')));
    const denied = glassInput(stage(), stranger(), { recordIds: ['no-such-record'] });
    must(await cast.invoke('BreakGlass', denied, stranger()));
    for (const ticketId of [asked['ticketId'], denied.ticketId]) {
      expect(await cast.invoke('GetEmergency', { ticketId }, officer())).toMatchObject({ code: 'NOT_PERMITTED' });
      const said = { ticketId, outcome: 'doubtful', caseSha256: sha256Of('it') };
      expect(await review(said)).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
    }
  });

  it('is no word for a case that can be read', async () => {
    const { ticketId } = await emergency(stage(), stranger());
    expect(await review(await reviewing(stage(), ticketId, 'doubtful'))).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
  });

  it('is read by nobody where others write less of it than a case has, or call one doubtful that is whole', async () => {
    const { ticketId } = await emergency(stage(), stranger());
    const { state } = stage().cast;
    const [key = '', text = ''] = [...state.dump(space)].find(([each]) => each.startsWith('\u0000emergency\u0000')) ?? [];
    const { reason, ...lacking } = JSON.parse(text) as Json;
    const { opening: _opening, narrativeCommitment: _commitment, ...bare } = lacking;
    const review = { outcome: 'doubtful', at: stage().cast.instant(), by: { kind: 'staff', mspId: A, actorTag: officer().actorTag } };
    for (const wrong of [lacking, bare, { ...lacking, reason, ...JSON.parse(text), state: 'reviewed', review }]) {
      await state.apply([{ kind: 'put', space, key, value: Buffer.from(canonicalJson(wrong)) }]);
      const { answer } = must(await stage().cast.invoke('GetEmergency', { ticketId }, officer()));
      expect(answer).toMatchObject({ emergency: { state: 'open' } });
      expect(answer?.['emergency']).not.toHaveProperty('reason');
    }
  });
});
