import { type Endpoint, type Ledger, mspIdSchema } from '@lianyi/domain';
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
