import { type Disclosure } from '@lianyi/domain';
import { A, B, C, must } from './cast.fixture';
import { type Patient, sha256Of } from './consortium.fixture';
import { heldCopy, receiver } from './copies.fixture';
import { emergency } from './emergency.fixture';
import { ticket } from './sample.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;

/** What a patient is told, over pages of two lines. */
async function accountOf(patient: Patient, period: Json = {}): Promise<readonly Disclosure[]> {
  const found: Disclosure[] = [];
  for (let after: string | undefined; ;) {
    const page = { pseudonym: patient.pseudonym, ...period, limit: 2, ...(after === undefined ? {} : { after }) };
    const { answer } = must(await stage().cast.invoke('ListDisclosures', page, patient));
    const { items, next } = answer as { readonly items: readonly Disclosure[]; readonly next?: string };
    found.push(...items);
    if (next === undefined) return found;
    after = next;
  }
}

/** Everything of a kind that the ledger has. */
const everyEntry = (objectType: string): readonly Json[] =>
  [...stage().cast.state.dump({ kind: 'public' })]
    .filter(([key]) => key.startsWith(`\u0000${objectType}\u0000`))
    .map(([, value]) => JSON.parse(value) as Json);

const release = async (ticketId: string, recordId: string, msp: string = A): Promise<void> => {
  const { cast } = stage();
  cast.now += 1_000;
  const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  must(await cast.invoke('RecordKeyRelease', input, cast.staff(msp, 'keyService')));
};

describe('the accounting of disclosures', () => {
  it('has everything that has left, of all patients together, and nothing else', async () => {
    const { cast, patient, recordId } = stage();
    // by consent, twice under one ticket; in an emergency; by the patient; and of another hospital's patient, handed on
    const permitted = await ticket(stage());
    await release(permitted, recordId);
    await release(permitted, recordId);
    const { ticketId } = await emergency(stage(), cast.staff(B, 'clinician'));
    await release(ticketId, recordId);
    const own = cast.ownInput(patient, [recordId]);
    must(await cast.invoke('OpenOwnRecords', own, patient));
    await release(String(own['ticketId']), recordId);
    const held = await heldCopy(stage());
    const { ticketId: of, recordId: copied } = held;
    must(await cast.invoke('DiscloseOnward', { ticketId: of, recordId: copied, to: receiver(stage()) }, cast.staff(A, 'clinician')));

    const [mine, theirs] = [await accountOf(patient), await accountOf(held.patient)];
    const committed = [...everyEntry('keyRelease'), ...everyEntry('copy').filter(({ from }) => from !== undefined)];
    expect(mine.length + theirs.length).toBe(committed.length);
    const released = everyEntry('keyRelease').map((entry) => `${String(entry['ticketId'])} ${String(entry['at'])}`);
    const told = [...mine, ...theirs].filter(({ kind }) => kind === 'released').map(({ ticketId: id, at }) => `${String(id)} ${at}`);
    expect([...told].sort()).toEqual([...released].sort());
    expect(mine).toMatchObject([
      { kind: 'released', to: { mspId: A, own: 'patient' }, provisionIds: ['own'], purpose: 'PATRQT' },
      { kind: 'released', to: { mspId: B }, emergency: 'cannot-consent', purpose: 'ETREAT' },
      { kind: 'released', to: { mspId: B, department: 'cardiology' }, purpose: 'TREAT' },
      { kind: 'released', to: { mspId: B, actorTag: cast.staff(B, 'clinician').actorTag } },
    ]);
    // of one instant: their order is that of their ids
    expect([...theirs].sort((one, other) => (one.kind < other.kind ? -1 : 1))).toMatchObject([
      { kind: 'handed-on', handedOnBy: A, to: { mspId: C } },
      { kind: 'released', to: { mspId: A } },
    ]);
  });

  it('is of a period, and looks no further than its beginning', async () => {
    const { cast, patient, recordId } = stage();
    const permitted = await ticket(stage());
    await release(permitted, recordId);
    const since = cast.instant(500);
    await release(permitted, recordId);
    const until = cast.instant(500);
    await release(permitted, recordId);
    expect(await accountOf(patient)).toHaveLength(3);
    expect(await accountOf(patient, { since, until })).toHaveLength(1);
    const scans = cast.state.scans.length;
    expect(await accountOf(patient, { since: until })).toHaveLength(1);
    // the page in which the period begins is the last
    expect(cast.state.scans.length - scans).toBe(1);
  });

  it('has no permit under which nothing was fetched', async () => {
    await ticket(stage());
    expect(await accountOf(stage().patient)).toEqual([]);
  });
});
