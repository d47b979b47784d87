import { B, must } from './cast.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

/** Provisions whose patient said nothing of their beginning. */
const permit = (): object => Object.fromEntries(Object.entries(stage().cast.permit()).filter(([field]) => field !== 'validFrom'));
const forbid = (): object => ({ provisionId: 'no', effect: 'deny', purposes: 'any' });

const change = async (name: 'GrantPolicy' | 'AmendPolicy', provisions: readonly object[], previousVersion?: number): Promise<void> => {
  const { cast, patient } = stage();
  const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
  must(await cast.invoke(name, { ...key, ...(previousVersion === undefined ? {} : { previousVersion }), provisions }, patient));
};
const ask = async (): Promise<unknown> => {
  const { cast, patient, recordId } = stage();
  return must(
    await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')),
  ).answer;
};
const explain = async (at?: string): Promise<unknown> => {
  const { cast, patient, recordId } = stage();
  const input = cast.explainInput(patient, recordId, cast.staff(B, 'clinician'), at === undefined ? {} : { at });
  return must(await cast.invoke('ExplainAccess', input, patient)).answer;
};

/** How far the clock of the next carrier is from that of the patient's, in milliseconds; the ledger takes two minutes either way. */
const clocks = [-119_000, -100_000, -1, 0, 1, 100_000];

describe('what a patient leaves out', () => {
  it('is filled with the time of the transaction', async () => {
    const { cast, patient } = stage();
    await change('GrantPolicy', [permit(), forbid()]);
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    const { provisions } = must(await cast.invoke('GetPolicy', key, patient)).answer as { provisions: { validFrom: string }[] };
    expect(provisions.map(({ validFrom }) => validFrom)).toEqual([cast.instant(), cast.instant()]);
  });

  it.each(clocks)('begins a prohibition with its transaction, for a request whose clock is %d ms off', async (offset) => {
    await change('GrantPolicy', [permit()]);
    await change('AmendPolicy', [permit(), forbid()], 1);
    stage().cast.now += offset;
    expect(await ask()).toMatchObject({ decision: 'deny', reasons: ['DENIED_BY_PROVISION'] });
    expect(await explain()).toMatchObject({ decision: { effect: 'deny', reasons: ['DENIED_BY_PROVISION'] } });
  });

  it.each(clocks)('leaves no gap in an amended consent, for a request whose clock is %d ms off', async (offset) => {
    await change('GrantPolicy', [permit()]);
    await change('AmendPolicy', [permit()], 1);
    stage().cast.now += offset;
    expect(await ask()).toMatchObject({ decision: 'permit' });
    expect(await explain()).toMatchObject({ decision: { effect: 'permit' } });
  });

  it('begins where the patient says that it begins later', async () => {
    const { cast } = stage();
    await change('GrantPolicy', [permit(), { ...forbid(), validFrom: cast.instant(60_000) }]);
    expect(await ask()).toMatchObject({ decision: 'permit', expiresAt: cast.instant(60_000) });
    cast.now += 60_000;
    expect(await ask()).toMatchObject({ decision: 'deny', reasons: ['DENIED_BY_PROVISION'] });
  });

  it('is judged by the instant that the patient wonders about, where one is named', async () => {
    const { cast } = stage();
    await change('GrantPolicy', [permit()]);
    expect(await explain(cast.instant(-1))).toMatchObject({ decision: { effect: 'deny', reasons: ['NOT_YET_VALID'] } });
    expect(await explain(cast.instant())).toMatchObject({ decision: { effect: 'permit' } });
  });

  it('is refused when the permission would have ended by its transaction', async () => {
    const { cast, patient } = stage();
    const provisions = [{ ...permit(), validUntil: cast.instant() }];
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions };
    expect(await cast.invoke('GrantPolicy', input, patient)).toMatchObject({ code: 'INVALID_REQUEST', writes: 0 });
  });
});
