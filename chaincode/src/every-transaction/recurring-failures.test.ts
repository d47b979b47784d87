import { transactions } from '@lianyi/domain';
import { type StateWrite } from '../ledger/state';
import { A, B, C, must, type Stage } from './cast.fixture';
import { returnTo, useStage } from './stage.fixture';
import { type As, newKey, type Outcome, type Staff } from './consortium.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

const expectRefused = (outcome: Outcome, code: unknown = expect.any(String)): void => {
  expect(outcome).toMatchObject({ status: 500, code, writes: 0, events: [] });
};
const perform = async (name: (typeof names)[number]): Promise<{ readonly outcome: Outcome; readonly writes: readonly StateWrite[] }> => {
  const { cast } = stage();
  const { input, as, bend } = await samples[name].prepare(stage());
  const before = cast.state.applied.length;
  const outcome = must(await cast.invoke(name, input, as, bend));
  return { outcome, writes: cast.state.applied.slice(before).flat() };
};
const textOf = (writes: readonly StateWrite[], space: StateWrite['space']['kind']): string =>
  writes
    .filter((write) => write.space.kind === space)
    .map((write) => `${write.key} ${write.kind === 'put' ? Buffer.from(write.value).toString() : ''}`)
    .join('\n');

/** What goes wrong again and again in health records on a ledger, as far as chaincode decides it; the others are told on a network. */
describe('a failure of many such systems', () => {
  describe('the caller is whoever the arguments name', () => {
    const claims = ['actor', 'caller', 'sender', 'signer', 'requester', 'owner', 'role'];

    it.each(names)('%s takes no such argument', async (name) => {
      const { input, as, bend } = await samples[name].prepare(stage());
      for (const claim of claims.filter((each) => !(each in input))) {
        expectRefused(await stage().cast.invoke(name, { ...input, [claim]: B }, as, { ...bend, keepKey: true }), 'INVALID_REQUEST');
      }
    });
  });

  describe('whoever knows the pseudonym gives and takes away consent', () => {
    const others = ({ cast }: Stage): readonly As[] => [
      ...(['clinician', 'registrar', 'recordAdmin', 'privacyOfficer', 'orgAdmin', 'keyService'] as const).flatMap((role) =>
        [A, B].map((msp) => cast.staff(msp, role)),
      ),
      cast.admin(A),
      cast.admin(B),
      { kind: 'member', msp: A },
    ];

    it.each(['GrantPolicy', 'AmendPolicy', 'RevokePolicy'] as const)(
      '%s is the patient’s: staff, administrators, others are refused',
      async (name) => {
        const { cast } = stage();
        const { input } = await samples[name].prepare(stage());
        for (const as of [...others(stage()), await cast.newPatient()]) expectRefused(await cast.invoke(name, input, as));
      },
    );
  });

  it('a name is a person, whichever organisation gave it: here the same name at another hospital is somebody else', async () => {
    const { cast, patient, recordId } = stage();
    const known = cast.staff(B, 'clinician');
    const { input, staff } = cast.staffInput(['clinician'], known.actorTag);
    must(await cast.invoke('RegisterStaff', input, cast.admin(C)));
    const namesake = staff(C);
    const grantee = { kind: 'person', mspId: B, name: known.actorTag };
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    const ask = async (by: Staff): Promise<Outcome> => cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], by), by);
    expect(must(await ask(known)).answer).toMatchObject({ decision: 'permit' });
    expect(must(await ask(namesake)).answer).toMatchObject({ decision: 'deny' });
    const asked = cast.accessInput(patient, [recordId], known);
    must(await cast.invoke('RequestAccess', asked, known));
    expectRefused(await cast.invoke('CloseTicket', { ticketId: asked['ticketId'] }, namesake), 'NOT_PERMITTED');
    // nor by a statement that names the other's organisation
    expectRefused(await ask({ ...namesake, msp: B }), 'BAD_SIGNATURE');
  });

  describe('what is private is in keys, values, events or answers', () => {
    const secretsOf = (value: unknown): readonly string[] =>
      typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(secretsOf)
        : [String(value)].filter((text) => text.length > 8);
    const withSecret = names.filter((name) => samples[name].written.some((kind) => kind.includes('/')));

    it('is asked of each transaction that writes private data', () => {
      expect(withSecret).toEqual(expect.arrayContaining(['LinkIdentifier', 'PutEnvelope', 'PutPointerQuery']));
    });

    it.each(withSecret)('%s tells none of what came by the transient field', async (name) => {
      const { cast } = stage();
      const { input, as, bend } = await samples[name].prepare(stage());
      const before = cast.state.applied.length;
      const outcome = must(await cast.invoke(name, input, as, bend));
      const told = [
        textOf(cast.state.applied.slice(before).flat(), 'public'),
        JSON.stringify([outcome.answer ?? null, outcome.events]),
      ].join();
      const said = JSON.stringify(input);
      expect(secretsOf(bend?.transient).filter((secret) => told.includes(secret) && !said.includes(secret))).toEqual([]);
    });
  });

  it('parts of a key run together: here each kind of entry has as many parts, and a part holds no separator', async () => {
    const partsOf = new Map<string, Set<number>>();
    const toBeginning = returnTo(stage());
    for (const name of names) {
      toBeginning();
      for (const { key } of (await perform(name)).writes) {
        const [start, kind = '', ...parts] = key.split('\u0000');
        expect({ key, start, end: parts.pop(), empty: parts.filter((part) => part === '') }).toEqual({
          key,
          start: '',
          end: '',
          empty: [],
        });
        partsOf.set(kind, (partsOf.get(kind) ?? new Set()).add(parts.length));
      }
    }
    expect([...partsOf].filter(([, lengths]) => lengths.size !== 1)).toEqual([]);
    expect(partsOf.size).toBeGreaterThan(20);
  });

  it.each(['a\u0000b', 'a:b', 'a/b', 'a|b', 'a~b', 'a#b', ' a', ''])(
    'an id that holds a separator is refused, not mended: %j',
    async (actorTag) => {
      const { cast } = stage();
      expectRefused(
        await cast.invoke('RegisterStaff', { ...cast.staffInput(['nurse']).input, actorTag }, cast.admin(A)),
        'INVALID_REQUEST',
      );
    },
  );

  describe('an administrator may do everything', () => {
    const notTheirs = names.filter((name) => samples[name].callers !== 'M' && !samples[name].callers.split(' ').includes('A'));

    it.each(notTheirs)('%s is refused to administrators, of whichever hospital', async (name) => {
      const { cast } = stage();
      const { input, bend } = await samples[name].prepare(stage());
      for (const msp of [A, B]) expectRefused(await cast.invoke(name, input, cast.admin(msp), bend), 'NOT_PERMITTED');
    });

    it('also where they sign with the key of somebody whom they have registered a moment ago: one person is no clinician', async () => {
      const { cast, patient, recordId } = stage();
      const { input, staff } = cast.staffInput(['clinician'], cast.id('tag'), newKey());
      const outcome = await cast.invoke('RegisterStaff', input, cast.admin(B));
      const asked = await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], staff(B)), staff(B));
      // without the patient's consent they are denied as anybody is
      expect({ registered: outcome.status, decision: asked.answer?.['decision'] ?? asked.code }).toEqual({
        registered: 200,
        decision: 'deny',
      });
    });
  });

  describe('a list reads whatever there is', () => {
    const MOST = 100;
    const lists = names.filter((name) => 'limit' in ((transactions[name].request as { shape?: object }).shape ?? {}));

    it('is asked of all lists but one, which is told by name what to read', () => {
      expect(lists.length).toBeGreaterThan(10);
      expect(names.filter((name) => name.startsWith('List') && !lists.includes(name))).toEqual(['ListSummarySlots']);
    });

    it.each(lists)('%s says how much it wants, a hundred at most', async (name) => {
      const { cast } = stage();
      const { input, as, bend } = await samples[name].prepare(stage());
      for (const limit of [undefined, 0, -1, 1.5, MOST + 1, 1e9, '10']) {
        const bent = { ...input, limit };
        expectRefused(
          await cast.invoke(name, bent, as, { ...bend, argument: cast.argument(name, bent, as), keepKey: true }),
          'INVALID_REQUEST',
        );
      }
      must(await cast.invoke(name, { ...input, limit: MOST }, as, { ...bend, keepKey: true }));
    });

    it.each(names)('%s scans within a limit, if at all', async (name) => {
      const { cast } = stage();
      const { input, as, bend } = await samples[name].prepare(stage());
      const scan = jest.spyOn(cast.state, 'scan');
      must(await cast.invoke(name, input, as, bend));
      const requests = scan.mock.calls.map(([request]) => request);
      scan.mockRestore();
      expect(requests.filter(({ limit }) => !(limit >= 1 && limit <= 1_025))).toEqual([]);
    });
  });
});
