import { type MedicalRecord, type RecordId, recordSchema } from '@lianyi/domain';
import { Random } from '@lianyi/test/reference/random';
import { decide } from '../use-cases/access/decide';
import { ListPermitted } from '../use-cases/access/list-permitted';
import { type ReadScope } from '../use-cases/scope';
import { A, B, DEPARTMENT, must } from './cast.fixture';
import { type Outcome, type Staff } from './consortium.fixture';
import { listedWorld, type ListedWorld } from './listed-worlds.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
/** `LIANYI_DEEP=1` asks as many as are promised. */
const WORLDS = process.env['LIANYI_DEEP'] === '1' ? 100_000 : 500;

/** Read page by page, with pages of whatever length. */
async function listed(world: ListedWorld, limit: number): Promise<readonly RecordId[]> {
  const scope = world.scope();
  const found: RecordId[] = [];
  for (let after: string | undefined, turn = 0; turn < 20; turn += 1) {
    const { items, next } = await ListPermitted(scope, { ...world.asked, limit, ...(after === undefined ? {} : { after }) });
    found.push(...items.map(({ recordId }) => recordId));
    if (next === undefined) return found;
    after = next;
  }
  throw new Error('a list without end');
}

/** As a request decides that asks for this record alone. */
async function isPermitted({ ledger, now }: ReadScope, { asked, asker }: ListedWorld, recordId: RecordId): Promise<boolean> {
  const { pseudonym, purpose } = asked;
  const { decisions } = await decide(ledger, { pseudonym, recordIds: [recordId], purpose, at: now, actor: asker });
  return decisions[0]?.effect === 'permit';
}

const list = (by: Staff, overrides: Readonly<Record<string, unknown>> = {}): Promise<Outcome> => {
  const { cast, patient } = stage();
  const input = { pseudonym: patient.pseudonym, purpose: 'TREAT', department: DEPARTMENT, limit: 10, ...overrides };
  return cast.invoke('ListPermitted', input, by).then(must);
};
const itemsOf = ({ answer }: Outcome): unknown => answer?.['items'];
const grant = async (provision: object): Promise<void> => {
  const { cast, patient } = stage();
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [provision] }, patient));
};
/** What is told, and what is read for it: of each key its kind alone, because the pseudonyms differ. */
async function traceOf(
  ask: () => Promise<Outcome>,
): Promise<{ readonly answer: string; readonly reads: unknown; readonly scans: unknown }> {
  const { state } = stage().cast;
  const [reads, scans] = [state.reads.length, state.scans.length];
  const { answer } = await ask();
  return {
    answer: JSON.stringify(answer),
    reads: state.reads.slice(reads).map(({ keys }) => keys.map((key) => key.split('\u0000')[1])),
    scans: state.scans.slice(scans).map(({ objectType, limit }) => [objectType, limit]),
  };
}

describe('the list of what may be asked for', () => {
  it(`is the decision on each record, in ${WORLDS.toLocaleString('en')} random worlds`, async () => {
    const { cast, patient, recordId } = stage();
    const template: MedicalRecord = recordSchema.parse(
      must(await cast.invoke('GetRecord', { pseudonym: patient.pseudonym, recordId }, { kind: 'member', msp: patient.carrier })).answer,
    );
    const random = new Random(1);
    const tally = { permitted: 0, hidden: 0, mixed: 0 };
    for (let number = 0; number < WORLDS; number += 1) {
      const world = listedWorld(random, template);
      const permitted: RecordId[] = [];
      const scope = world.scope();
      for (const each of world.recordIds) if (await isPermitted(scope, world, each)) permitted.push(each);
      expect({ number, listed: await listed(world, 1 + random.below(4)) }).toEqual({ number, listed: permitted });
      const hidden = world.recordIds.length - permitted.length;
      tally.permitted += permitted.length;
      tally.hidden += hidden;
      if (permitted.length > 0 && hidden > 0) tally.mixed += 1;
    }
    // the worlds are such that there is something to list and something to hide, also beside each other
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(WORLDS / 10);
  });

  it('shows the first page of what there is, in whole', async () => {
    const { cast, patient, recordId } = stage();
    const told = await list(cast.staff(A, 'clinician'));
    expect(told.answer).toEqual({
      items: [
        {
          ...{
            pseudonym: patient.pseudonym,
            recordId,
            version: 1,
            class: 'laboratory-report',
            dataLevel: 3,
            confidentiality: 'N',
            custodianMspId: A,
            authorMspId: A,
          },
          ...{ format: 'fhir-r4-json', displayProfile: 'cn-lab@1', sizeBucket: 12, anchoredAt: cast.instant(), changedAt: cast.instant() },
        },
      ],
    });
  });

  it.each<readonly [role: string, msp: string, purpose: string, count: number]>([
    ['clinician', A, 'TREAT', 1],
    ['clinician', A, 'PATRQT', 0],
    ['clinician', A, 'EMPLOYMENT', 0],
    ['nurse', A, 'TREAT', 0],
    ['lab', A, 'TREAT', 0],
    ['researcher', A, 'TREAT', 0],
    ['clinician', B, 'TREAT', 0],
    ['nurse', B, 'TREAT', 0],
  ])('of a %s of %s who asks for %s has %i, while the patient has said nothing', async (role, msp, purpose, count) => {
    expect(itemsOf(await list(stage().cast.staff(msp, role), { purpose }))).toHaveLength(count);
  });

  it('has what a consent opens, by the purpose and role it names, until it is revoked', async () => {
    const { cast, patient, recordId } = stage();
    const second = await cast.anchor(patient, { dataLevel: 5 });
    const [clinician, nurse] = [cast.staff(B, 'clinician'), cast.staff(B, 'nurse')];
    await grant(cast.permit());
    for (const asker of [clinician, nurse]) expect(itemsOf(await list(asker))).toEqual([expect.objectContaining({ recordId })]);
    expect(itemsOf(await list(clinician, { purpose: 'PATRQT' }))).toEqual([]);
    expect(JSON.stringify((await list(clinician, { limit: 1 })).answer)).not.toContain(second);
    must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 }, patient));
    expect((await list(clinician)).answer).toEqual({ items: [] });
  });

  it('takes no use of a consent, and is empty once the last is taken', async () => {
    const { cast, patient, recordId } = stage();
    await cast.anchor(patient);
    await grant(cast.permit({ uses: 1 }));
    const clinician = cast.staff(B, 'clinician');
    // each for itself could be asked for; of both together, one
    for (let time = 0; time < 2; time += 1) expect(itemsOf(await list(clinician))).toHaveLength(2);
    must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], clinician), clinician));
    expect((await list(clinician)).answer).toEqual({ items: [] });
  });

  it('answers the same bytes of nobody, of a pseudonym without consent, of one that forbids and of one with nothing that is open', async () => {
    const { cast, patient } = stage();
    const clinician = cast.staff(B, 'clinician');
    const empty = '{"items":[]}';
    const told = async (pseudonym: string): Promise<string> => JSON.stringify((await list(clinician, { pseudonym })).answer);
    expect(await told('nobodys')).toBe(empty);
    expect(await told(patient.pseudonym)).toBe(empty);
    await grant(cast.permit({ classes: ['imaging-report'] }));
    expect(await told(patient.pseudonym)).toBe(empty);
    const provisions = [cast.permit(), { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }];
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    must(await cast.invoke('AmendPolicy', { ...key, provisions }, patient));
    expect(await told(patient.pseudonym)).toBe(empty);
  });

  it('reads of nobody as much as of a pseudonym without consent, and of neither a record', async () => {
    const { cast } = stage();
    const clinician = cast.staff(B, 'clinician');
    const ofNobody = await traceOf(() => list(clinician, { pseudonym: 'nobodys' }));
    expect(await traceOf(() => list(clinician))).toEqual(ofNobody);
    expect(ofNobody.scans).toEqual([]);
  });

  it('answers and reads alike for a record that is hidden and one that is not there, wherever a page ends', async () => {
    const { cast, patient } = stage();
    const clinician = cast.staff(A, 'clinician');
    for (let more = 0; more < 2; more += 1) await cast.anchor(patient);
    const before = cast.state.fork();
    const pages = async (): Promise<readonly object[]> => [
      await traceOf(() => list(clinician, { limit: 1 })),
      await traceOf(() => list(clinician, { limit: 3 })),
      await traceOf(() => list(clinician, { limit: 100 })),
    ];
    const withNone = await pages();
    for (let hidden = 0; hidden < 3; hidden += 1) {
      cast.state = before.fork();
      await cast.anchor(patient, { dataLevel: 5 });
      expect(await pages()).toEqual(withNone);
    }
  });

  it('is of no department that the asker is not of', async () => {
    const { cast } = stage();
    const clinician = cast.staff(A, 'clinician');
    const { pseudonym } = stage().patient;
    const refused = await cast.invoke('ListPermitted', { pseudonym, purpose: 'TREAT', department: 'oncology', limit: 1 }, clinician);
    expect(refused.code).toBe('NOT_PERMITTED');
  });
});
