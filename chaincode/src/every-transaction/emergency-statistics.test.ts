import { canonicalJson } from '@lianyi/domain';
import { A, B, C, must } from './cast.fixture';
import { type Outcome, type Staff } from './consortium.fixture';
import { emergency, glassInput, reviewerOf, reviewing } from './emergency.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;

const Q1 = '2026-Q1';
/** When the first quarter is told: it is over, and its last review is due. */
const TOLD_FROM = Date.UTC(2026, 3, 4);
const ask = (quarter: string, by: Staff): Promise<Outcome> => stage().cast.invoke('GetEmergencyStatistics', { quarter }, by);
async function counted(msp: string = A, quarter = Q1): Promise<Json | undefined> {
  const { cast } = stage();
  cast.now = Math.max(cast.now, TOLD_FROM);
  return must(await ask(quarter, cast.staff(msp, 'privacyOfficer'))).answer;
}
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
    const began = cast.now;
    await emergencies(4);
    expect(await counted()).toEqual({ patterns: [], isCut: false });
    cast.now = began + 1_000;
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

  it('count whole quarters, which do not overlap, each by itself', async () => {
    const { cast } = stage();
    await emergencies(5);
    cast.now = Date.UTC(2026, 3, 1) - 1;
    await emergencies(1);
    cast.now += 1;
    await emergencies(4);
    expect(await counted()).toMatchObject({ patterns: [{ emergencies: 6 }] });
    cast.now = Date.UTC(2026, 6, 4);
    expect(await counted(A, '2026-Q2')).toEqual({ patterns: [], isCut: false });
    expect(await counted(A, '2025-Q4')).toEqual({ patterns: [], isCut: false });
    expect(await counted()).toMatchObject({ patterns: [{ emergencies: 6 }] });
  });

  it('say nothing of a quarter before its last review is due', async () => {
    const { cast } = stage();
    await emergencies(5);
    for (const at of [cast.now, Date.UTC(2026, 3, 1), TOLD_FROM - 1]) {
      cast.now = at;
      expect(await ask(Q1, cast.staff(A, 'privacyOfficer'))).toMatchObject({ code: 'ILLEGAL_STATE' });
    }
    cast.now = TOLD_FROM;
    must(await ask(Q1, cast.staff(A, 'privacyOfficer')));
  });

  it.each(['2026-01', '2026-Q5', '2026-Q0', '1999-Q1', '2026-Q1-2026-Q2', '2026-01-01T00:00:00.000Z', ''])(
    'take no other period: %j',
    async (quarter) => {
      expect(await ask(quarter, stage().cast.staff(A, 'privacyOfficer'))).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );

  it('look at a thousand lines and no more, whatever they lead to', async () => {
    const { cast } = stage();
    await emergencies(5);
    const space = { kind: 'public' } as const;
    const prefix = `\u0000emergencyOf\u0000organisation\u0000${A}`;
    const [key, text] = [...cast.state.dump(space)].find(([each]) => each.startsWith(prefix)) ?? ['', ''];
    // lines of others that lead to nothing, newer than what there is
    const [, , , , time = '', ticketId = ''] = key.split('\u0000');
    const newer = String(Number(time) - 1).padStart(time.length, '0');
    const { openedAt, ...line } = JSON.parse(text) as { readonly openedAt: string };
    const at = new Date(Date.parse(openedAt) + 1).toISOString();
    const made = Array.from({ length: 1_001 }, (_, each) => {
      const forged = `t${String(each)}`;
      const value = Buffer.from(canonicalJson({ ...line, openedAt: at, ticketId: forged }));
      return { kind: 'put', space, key: key.replace(time, newer).replace(ticketId, forged), value } as const;
    });
    await cast.state.apply(made);
    const from = cast.state.reads.length;
    expect(await counted()).toEqual({ patterns: [], isCut: true });
    expect(
      cast.state.reads
        .slice(from)
        .flatMap(({ keys }) => keys)
        .filter((each) => each.startsWith('\u0000emergency\u0000')),
    ).toHaveLength(1_000);
  });

  it.each(['clinician', 'recordAdmin', 'orgAdmin'] as const)('are not for a %s', async (role) => {
    const { cast } = stage();
    expect(await ask(Q1, cast.staff(A, role))).toMatchObject({
      code: 'NOT_PERMITTED',
    });
  });
});
