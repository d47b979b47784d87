import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Outcome } from './consortium.fixture';

const stage = useStage();

describe('lists', () => {
  const pages = async (
    ask: (after: Readonly<Record<string, unknown>>) => Promise<Outcome>,
  ): Promise<Readonly<Record<string, unknown>>[]> => {
    const items: Readonly<Record<string, unknown>>[] = [];
    for (let after: unknown, turn = 0; turn < 50; turn += 1) {
      const { answer } = must(await ask(after === undefined ? {} : { after }));
      items.push(...(answer?.['items'] as typeof items));
      after = answer?.['next'];
      if (after === undefined) return items;
    }
    throw new Error('a list without end');
  };

  it('page through everything once, whatever the page', async () => {
    const { cast } = stage();
    const all = await pages((after) => cast.invoke('ListStaff', { limit: 100, ...after }, cast.admin(A)));
    for (const limit of [1, 5, all.length]) {
      expect(await pages((after) => cast.invoke('ListStaff', { limit, ...after }, cast.admin(A)))).toEqual(all);
    }
  });

  it('tell the patient the newest first', async () => {
    const { cast, patient, recordId } = stage();
    for (let n = 0; n < 3; n += 1) {
      cast.now += 1_000;
      must(
        await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')),
      );
    }
    const lines = await pages((after) => cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 2, ...after }, patient));
    const times = lines.map((line) => String(line['at']));
    expect(times).toEqual([...times].sort().reverse());
    expect(lines[0]).toMatchObject({
      event: 'AccessDenied',
      actor: { kind: 'staff', mspId: B },
      purpose: 'TREAT',
      reasons: ['NO_CONSENT'],
      decision: 'deny',
    });
  });

  it.each(['!', 'x'.repeat(513), 'bm90LWEtY3Vyc29y', 'Li4u', 'AA'])('refuse the cursor %s', async (after) => {
    const { cast, patient } = stage();
    expect((await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 2, after }, patient)).code).toBe('INVALID_REQUEST');
  });

  it('stay within what they are of', async () => {
    const { cast, patient } = stage();
    const other = await cast.newPatient();
    const lines = await pages((after) => cast.invoke('ListForPatient', { pseudonym: other.pseudonym, limit: 1, ...after }, other));
    expect(lines.map((line) => line['event'])).toEqual(['PatientRegistered']);
    expect(must(await cast.invoke('ListRecords', { pseudonym: patient.pseudonym, limit: 10 }, patient)).answer).toMatchObject({
      items: [{ pseudonym: patient.pseudonym }],
    });
  });
});
