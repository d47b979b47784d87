import fc from 'fast-check';
import { commonRefusals, parseResponse, roles, transactions } from '@lianyi/domain';
import { A, AUTHORITY, B, type HospitalRole, must } from './cast.fixture';
import { usePrepared, useStage } from './stage.fixture';
import { type As, type Bend, newKey, type Outcome } from './consortium.fixture';
import { storedPin } from './pin.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();
/** For each transaction; `npm run test:deep` takes more. */
const MUTATIONS = process.env['LIANYI_DEEP'] === '1' ? 1_000 : 40;

describe.each(names)('%s', (name) => {
  const entry = transactions[name];
  const sample = samples[name];
  const prepared = usePrepared(stage, sample);

  it('writes exactly its write set, says what has happened, and answers as the catalogue says', async () => {
    const { input, as, bend } = prepared();
    const outcome = must(await stage().cast.invoke(name, input, as, bend));
    // a set: the peer sorts it anyway
    expect([...outcome.written].sort()).toEqual([...sample.written].sort());
    expect(outcome.events.map((event) => event['name'])).toEqual(sample.events);
    expect(() => parseResponse(entry, JSON.stringify(outcome.answer))).not.toThrow();
  });

  if (entry.kind === 'evaluate') {
    it('writes nothing even when somebody submits it', async () => {
      const { input, as, bend } = prepared();
      // this invocation is a submission: what the chaincode hands over would be in the block
      expect(await stage().cast.invoke(name, input, as, bend)).toMatchObject({ status: 200, written: [], writes: 0, events: [] });
    });
  }

  describe('who may ask', () => {
    // the fixture's word, not the catalogue's
    const mayCall = (who: string): boolean =>
      (sample.callers === 'M' && who !== 'S' && who !== 'G' && who !== 'H') || sample.callers.split(' ').includes(who);
    const cells: readonly (readonly [string, boolean, () => As])[] = [
      ...roles.map((role): readonly [string, boolean, () => As] => [
        `a ${role}`,
        mayCall(role),
        () => stage().cast.staff(role === 'regulator' ? AUTHORITY : A, role),
      ]),
      ['an administrator', mayCall('A'), () => stage().cast.admin(A)],
      ['a patient', mayCall('P'), () => stage().patient],
      ['the owner of a summary slot', mayCall('S'), () => stage().cast.newSlotOwner()],
      ['a guardian', mayCall('G'), () => ({ kind: 'guardian', pseudonym: stage().patient.pseudonym, carrier: A, key: newKey() })],
      ['who has a recovery code', mayCall('H'), () => ({ kind: 'pin', pinId: 'nobody', carrier: A, key: newKey() })],
      ['a bare member certificate', mayCall('M'), () => ({ kind: 'member', msp: A })],
    ];
    const closed = cells.filter(([, open]) => !open);
    const open = cells.filter(([, isOpen]) => isOpen);

    if (closed.length > 0) {
      it.each(closed)('not %s: NOT_PERMITTED, and nothing is written', async (_who, _open, who) => {
        const { input, bend } = prepared();
        const outcome = await stage().cast.invoke(name, input, who(), bend);
        expect(outcome).toMatchObject({ status: 500, code: 'NOT_PERMITTED', writes: 0, events: [] });
      });
    }

    it.each(open)('%s: past the catalogue', async (_who, _open, who) => {
      const { input, bend } = prepared();
      const { code, details } = await stage().cast.invoke(name, input, who(), bend);
      // a use case may still refuse this one, for a reason of its own
      expect(code === 'NOT_PERMITTED' && 'transaction' in details).toBe(false);
    });
  });

  if (sample.by === 'patient') {
    it('refuses another patient, whose signature is perfectly good', async () => {
      const { input } = prepared();
      const other = await stage().cast.newPatient();
      expect(await stage().cast.invoke(name, input, other)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    });
  }

  if (sample.by === 'slot') {
    it('refuses the owner of another slot, whose signature is perfectly good', async () => {
      const { input } = prepared();
      expect(await stage().cast.invoke(name, input, stage().cast.newSlotOwner())).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    });
  }

  if (sample.by === 'guardian') {
    it('refuses the guardian of another patient, whose signature is perfectly good', async () => {
      const { input } = prepared();
      const other = await stage().cast.newPatient();
      const [guardian] = await stage().cast.nameGuardians(other);
      expect(await stage().cast.invoke(name, input, guardian)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    });
  }

  if (sample.by === 'pin') {
    it('refuses whoever has another PIN’s code, whose signature is perfectly good', async () => {
      const { input } = prepared();
      const other = await storedPin(stage());
      for (const holder of [other.finder, other.opener])
        expect(await stage().cast.invoke(name, input, holder)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    });
  }

  const isOfPeople = new Set<string>(['patient', 'slot', 'guardian', 'pin', 'member']).has(sample.by);
  if (!isOfPeople) {
    const by = sample.by as 'administrator' | HospitalRole; // the others were left out just above
    const itsLike = (): As => (by === 'administrator' ? stage().cast.admin(B) : stage().cast.staff(B, by));
    const asksTheSame = async (): Promise<Outcome> => {
      const { input, bend } = prepared();
      return stage().cast.invoke(name, input, itsLike(), bend);
    };
    if ('everyHospitalForItself' in sample)
      it('lets their like at another hospital do the same there', async () => {
        must(await asksTheSame());
      });
    else
      it('refuses their like at another hospital, whose signature is perfectly good, and writes nothing', async () => {
        expectRefusal(await asksTheSame(), new Set<string>([...commonRefusals, ...entry.refusals]));
      });
  }

  if (sample.by !== 'member' && sample.by !== 'administrator') {
    it.each<readonly [string, Bend, string]>([
      ['for another channel', { statement: { channel: 'other' } }, 'PROOF_MISMATCH'],
      ['for another chaincode', { statement: { chaincode: 'other' } }, 'PROOF_MISMATCH'],
      ['for another network', { statement: { genesis: 'A'.repeat(43) } }, 'PROOF_MISMATCH'],
      ['for another transaction', { statement: { transaction: 'AccessContract:Other' } }, 'PROOF_MISMATCH'],
      ['for another request', { statement: { requestHash: 'A'.repeat(43) } }, 'PROOF_MISMATCH'],
      ['that has expired', { statement: { notAfter: '2026-01-15T08:00:00.000Z', issuedAt: '2026-01-15T07:59:00.000Z' } }, 'TIME_SKEW'],
      ['from the future', { statement: { issuedAt: '2026-01-15T08:02:00.001Z', notAfter: '2026-01-15T08:03:00.000Z' } }, 'TIME_SKEW'],
      ['that is good for too long', { statement: { notAfter: '2026-01-15T09:00:00.001Z' } }, 'TIME_SKEW'],
      ['with a flipped bit', { signature: (text) => flip(text) }, 'BAD_SIGNATURE'],
    ])('refuses a statement %s, and writes nothing', async (_what, bend, code) => {
      const { input, as, bend: ownBend } = prepared();
      const outcome = await stage().cast.invoke(name, input, as, { ...ownBend, ...bend });
      expect(outcome).toMatchObject({ status: 500, code, writes: 0, events: [] });
    });
  }

  it('answers malformed requests each with a refusal of its kind, and writes nothing', async () => {
    const { input, as, bend } = prepared();
    const allowed = new Set<string>([...commonRefusals, ...entry.refusals]);
    await fc.assert(
      fc.asyncProperty(mutationOf(input), async (mutated) => {
        const outcome = await stage().cast.invoke(name, input, as, {
          ...bend,
          argument: stage().cast.argument(name, mutated, as),
          keepKey: true,
        });
        if (outcome.status === 200) {
          // what a mutation leaves valid is a request like any other: it has to be one that the schema takes
          expect(entry.request.safeParse(mutated).success).toBe(true);
          return;
        }
        const isRequest = entry.request.safeParse(mutated).success;
        expectRefusal(outcome, isRequest ? allowed : new Set(['INVALID_REQUEST']));
      }),
      { numRuns: MUTATIONS, seed: 3, endOnFailure: true },
    );
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '1',
    '{"input":{}}{}',
    '{"input":{},"input":{}}',
    '{"input":{},"proof":{}}',
    '{"input":{},"actor":"me"}',
    `{"input":${'['.repeat(40)}${']'.repeat(40)}}`,
    '{"input":{"__proto__":{}}}',
    '{"input":{"\\ud800":1}}',
    '{"input":{"n":1e400}}',
    '{"input":{"n":1.5}}',
  ])('refuses %s as its argument', async (argument) => {
    const { as } = prepared();
    expect(await stage().cast.invoke(name, {}, as, { argument })).toMatchObject({ status: 500, code: 'INVALID_REQUEST', writes: 0 });
  });
});

function flip(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

function expectRefusal(outcome: Outcome, allowed: ReadonlySet<string>): void {
  const { status, writes, events, code, message } = outcome;
  // an untyped fault has no code at all
  const isTyped = code !== undefined && allowed.has(code) && message.length <= 4_096;
  const isRefusal = status === 500 && writes === 0 && events.length === 0 && isTyped;
  expect(isRefusal ? undefined : outcome).toBeUndefined();
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'x'.repeat(65),
    'a b',
    'é',
    '../..',
    'a\u0000b',
    '\u202e',
    -1,
    0,
    1.5,
    2 ** 53,
    1e21,
    [],
    {},
    [[]],
    { constructor: 1 },
    '2026-02-30T00:00:00.000Z',
    '2026-01-15T08:00:00Z',
  ),
  fc.string(),
  fc.integer(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(
    fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
    fc.string(),
    { maxKeys: 3 },
  ),
);

/** A valid input, changed in one to three places: a value replaced, a member dropped, one added, a list grown. */
function mutationOf(input: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({ at: fc.nat(), kind: fc.constantFrom('replace', 'drop', 'add', 'repeat'), value: junk });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value: unknown, { at, kind, value: by }) => mutate(value, at, kind, by), structuredClone(input)));
}

type Spot = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };

function mutate(root: unknown, at: number, kind: string, by: unknown): unknown {
  const spots = spotsOf(root);
  const spot = spots[at % Math.max(1, spots.length)];
  if (spot === undefined) return by;
  const holder = spot.holder as Record<string | number, unknown>;
  if (kind === 'drop' && Array.isArray(spot.holder)) spot.holder.splice(Number(spot.key), 1);
  else if (kind === 'drop') Reflect.deleteProperty(holder, spot.key);
  else if (kind === 'add' && !Array.isArray(spot.holder)) holder['actor'] = by;
  else if (kind === 'repeat' && Array.isArray(spot.holder)) for (let n = 0; n < 70; n += 1) spot.holder.push(spot.holder[Number(spot.key)]);
  else holder[spot.key] = by;
  return root;
}

function spotsOf(value: unknown): Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder: holder, key: Array.isArray(value) ? Number(key) : key }, ...spotsOf(holder[key])]);
}
