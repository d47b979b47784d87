import { type Endpoint, type Ledger, mspIdSchema, sha256 } from '@lianyi/domain';
import { waitUntil } from '@lianyi/test/wait-until';
import { findEndpoint, LedgerDirectory } from './directory';

const d = mspIdSchema.parse('HospitalDMSP');
const isKeys = ({ kind }: Endpoint): boolean => kind === 'keys';
const entry = (kind: string, state = 'active'): Endpoint => ({ kind, state, mspId: d }) as Endpoint; // as much as is asked about

/** The directory of a member whose entries may change, and how often the ledger was asked. */
function directoryOf(entries: Endpoint[]) {
  let asked = 0;
  const now = { millis: 1_000_000 };
  const evaluate = (): Promise<unknown> => {
    asked += 1;
    return Promise.resolve({ items: [...entries] });
  };
  return { directory: new LedgerDirectory({ evaluate } as unknown as Ledger, () => now.millis), asked: () => asked, now };
}

describe('a directory of which many ask at once', () => {
  it('asks the ledger once, and once more for all who must know what is later', async () => {
    let answer: () => void = () => undefined;
    let asked = 0;
    const evaluate = async (): Promise<unknown> => {
      asked += 1;
      await new Promise<void>((resolve) => (answer = resolve));
      return { items: [entry('keys')] };
    };
    const directory = new LedgerDirectory({ evaluate } as unknown as Ledger, () => 1_000_000);
    const first = Promise.all(Array.from({ length: 50 }, () => directory.endpoints(d)));
    const later = Promise.all(Array.from({ length: 50 }, () => directory.endpoints(d, 0)));
    expect(asked).toBe(1);
    answer();
    expect(await first).toHaveLength(50);
    await waitUntil('asked again', () => asked === 2);
    answer();
    expect(await later).toHaveLength(50);
    expect(asked).toBe(2);
  });

  it('asks again after a question that failed', async () => {
    let asked = 0;
    const evaluate = (): Promise<unknown> => ((asked += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve({ items: [] }));
    const directory = new LedgerDirectory({ evaluate } as unknown as Ledger, () => 1_000_000);
    const [first, second] = await Promise.allSettled([directory.endpoints(d), directory.endpoints(d, 0)]);
    expect([first.status, second.status, asked]).toEqual(['rejected', 'fulfilled', 2]);
  });

  it('tells without a question whether a certificate was there when it was read last', async () => {
    const [known, other] = [sha256('known'), sha256('other')];
    const { directory, asked, now } = directoryOf([{ ...entry('vault'), tlsSha256: known }]);
    expect(directory.wasRegistered(d, known)).toBe(false);
    await directory.endpoints(d);
    now.millis += 3_600_000;
    expect([directory.wasRegistered(d, known), directory.wasRegistered(d, other)]).toEqual([true, false]);
    expect(asked()).toBe(1);
  });
});

describe('what the ledger’s directory answers for ten seconds', () => {
  it('is used again, and no longer than that', async () => {
    const { directory, asked, now } = directoryOf([entry('keys')]);
    for (const after of [0, 9_999, 1]) {
      now.millis += after;
      expect(await findEndpoint(directory, d, isKeys)).toEqual(entry('keys'));
    }
    expect(asked()).toBe(2);
  });

  it('does not hide an endpoint that was registered a moment after', async () => {
    const entries = [entry('vault')];
    const { directory, asked } = directoryOf(entries);
    expect(await directory.endpoints(d)).toEqual([entry('vault')]);
    entries.push(entry('keys'));
    expect(await findEndpoint(directory, d, isKeys)).toEqual(entry('keys'));
    expect(await findEndpoint(directory, d, isKeys)).toEqual(entry('keys'));
    expect(asked()).toBe(2);
  });

  it.each([
    ['none of the member', []],
    ['one of another kind alone', [entry('vault')]],
    ['a retired one alone', [entry('keys', 'retired')]],
  ])('finds nothing where the ledger has %s', async (_name, entries) => {
    const { directory } = directoryOf(entries);
    expect(await findEndpoint(directory, d, isKeys)).toBeUndefined();
  });
});
