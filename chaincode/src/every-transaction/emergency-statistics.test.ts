import { A, B, C, must } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { emergency, glassInput, reviewerOf, reviewing } from './emergency.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;

const counted = async (msp: string = A, by: Staff = stage().cast.staff(msp, 'privacyOfficer'), since = -1): Promise<Json | undefined> =>
  must(await stage().cast.invoke('GetEmergencyStatistics', { since: stage().cast.instant(since) }, by)).answer;
/** So many emergencies of cardiologists of a hospital, of which the first are reviewed. */
async function emergencies(
  count: number,
  { justified = count, msp = B }: { readonly justified?: number; readonly msp?: string } = {},
): Promise<void> {
  const { cast } = stage();
  const reviewer = msp === A ? await reviewerOf(stage()) : cast.staff(A, 'privacyOfficer');
  for (let each = 0; each < count; each += 1) {
    const { ticketId } = await emergency(stage(), cast.staff(msp, 'clinician'));
    if (each < justified) must(await cast.invoke('ReviewEmergency', await reviewing(stage(), ticketId), reviewer));
  }
}
const ofCardiology = { department: 'cardiology', custodianMspId: A, class: 'laboratory-report' };

describe('the statistics of emergencies', () => {
  it('say of a frequent pattern which ordinary rule would have covered it, to the two hospitals and to no other', async () => {
    await emergencies(6);
    const pattern = { mspId: B, ...ofCardiology, emergencies: 6, justified: 6, wouldBeCoveredBy: 'consent' };
    const told = { patterns: [{ ...pattern, reasons: [{ reason: 'cannot-consent', emergencies: 6 }] }], isCut: false };
    expect(await counted(A)).toEqual(told);
    expect(await counted(B)).toEqual(told);
    expect(await counted(C)).toEqual({ patterns: [], isCut: false });
  });

  it('name what holds by default where the records are the own hospital’s', async () => {
    await emergencies(5, { msp: A });
    expect(await counted()).toMatchObject({ patterns: [{ mspId: A, wouldBeCoveredBy: 'default-policy' }] });
  });

  it('tell nothing of fewer than five, nor of patients and persons', async () => {
    const { patient, cast } = stage();
    await emergencies(4);
    expect(await counted()).toEqual({ patterns: [], isCut: false });
    await emergencies(1);
    const told = JSON.stringify(await counted());
    for (const secret of [patient.pseudonym, cast.staff(B, 'clinician').actorTag]) expect(told).not.toContain(secret);
  });

  it.each([
    [6, 4],
    [6, 5],
    [7, 3],
  ])('of %i with %i justified tell neither, and propose nothing: the rest could be reckoned', async (count, justified) => {
    await emergencies(count, { justified });
    const [pattern] = (await counted())?.['patterns'] as Json[];
    expect(pattern).toMatchObject({ emergencies: count });
    expect(pattern).not.toHaveProperty('justified');
    expect(pattern).not.toHaveProperty('wouldBeCoveredBy');
  });

  it('propose nothing of what nobody has found justified', async () => {
    await emergencies(5, { justified: 0 });
    const [pattern] = (await counted())?.['patterns'] as Json[];
    expect(pattern).toMatchObject({ justified: 0 });
    expect(pattern).not.toHaveProperty('wouldBeCoveredBy');
  });

  it('leave out the reasons where one of them has few', async () => {
    const { cast } = stage();
    await emergencies(5);
    const by = cast.staff(B, 'clinician');
    must(await cast.invoke('BreakGlass', glassInput(stage(), by, { reason: 'no-time' }), by));
    const [pattern] = (await counted())?.['patterns'] as Json[];
    expect(pattern).toMatchObject({ emergencies: 6 });
    expect(pattern).not.toHaveProperty('reasons');
  });

  it('count from the instant on that is asked for', async () => {
    const { cast } = stage();
    await emergencies(5);
    cast.now += 1_000;
    expect(await counted(A, undefined, 0)).toEqual({ patterns: [], isCut: false });
    expect(await counted(A, undefined, -1_000)).toMatchObject({ patterns: [{ emergencies: 5 }] });
  });

  it.each(['clinician', 'recordAdmin', 'orgAdmin'] as const)('are not for a %s', async (role) => {
    const { cast } = stage();
    expect(await cast.invoke('GetEmergencyStatistics', { since: cast.instant(-1) }, cast.staff(A, role))).toMatchObject({
      code: 'NOT_PERMITTED',
    });
  });
});
