import { type HeldPseudonym } from '@lianyi/client/wallet';
import { delegationIdSchema, mspIdSchema, type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { InboxNews } from './inbox-news';

const mspId = mspIdSchema.parse('HospitalAMSP');
const [own, ward, former] = ['psn-own', 'psn-ward', 'psn-former'].map((id) => pseudonymSchema.parse(id)) as [
  Pseudonym,
  Pseudonym,
  Pseudonym,
];
const held: readonly HeldPseudonym[] = [
  { pseudonym: own, mspId, open: [] },
  { pseudonym: ward, mspId, delegationId: delegationIdSchema.parse('d-1'), open: [] },
  { pseudonym: former, mspId, past: 'ended', open: [] },
];

/** Nodes that hold their answers until the test says that something has happened. */
class Nodes {
  readonly asked: string[] = [];
  readonly #held = new Map<string, (block: bigint) => void>();
  newest: bigint | undefined = 7n;
  others: { newest: () => Promise<bigint | undefined>; after: (block: bigint) => Promise<bigint | undefined> }[] = [];

  newsOf = (pseudonym: Pseudonym) =>
    Promise.resolve([
      {
        newest: () => Promise.resolve(this.newest),
        after: (block: bigint) => {
          this.asked.push(`${pseudonym} ${block}`);
          return new Promise<bigint>((resolve) => this.#held.set(pseudonym, resolve));
        },
      },
      ...this.others,
    ]);

  happens(pseudonym: Pseudonym, block: bigint): void {
    this.#held.get(pseudonym)?.(block);
  }
}

describe('the news that a wallet waits for', () => {
  const stop = new AbortController();
  afterAll(() => {
    stop.abort();
  });

  it('are of everybody whom it holds and acts for, from the newest block on, and of nobody of the past', async () => {
    const nodes = new Nodes();
    await new InboxNews(nodes, stop.signal, 60_000).start(Promise.resolve(held));
    expect(nodes.asked).toEqual(['psn-own 7', 'psn-ward 7']);
  });

  it('of the own pseudonym wake who reads the inbox, and say nothing themselves', async () => {
    const nodes = new Nodes();
    const news = new InboxNews(nodes, stop.signal, 60_000);
    await news.start(Promise.resolve(held));
    nodes.happens(own, 9n);
    await news.next();
    expect(news.ofOthers()).toEqual([]);
    expect(nodes.asked.at(-1)).toBe('psn-own 9');
  });

  it('of somebody for whom it acts say that there are some, once, and not what', async () => {
    const nodes = new Nodes();
    const news = new InboxNews(nodes, stop.signal, 60_000);
    await news.start(Promise.resolve(held));
    nodes.happens(ward, 9n);
    await news.next();
    expect([news.ofOthers(), news.ofOthers()]).toEqual([[{ pseudonym: ward, mspId, blockNumber: '9' }], []]);
  });

  it('are asked for no more where no node tells its height, until it has rested', async () => {
    const nodes = new Nodes();
    nodes.newest = undefined;
    await new InboxNews(nodes, stop.signal, 60_000).start(Promise.resolve(held));
    expect(nodes.asked).toEqual([]);
  });

  it('of one member mute no other: each is asked from its own place, and who lies is not asked without a rest', async () => {
    const nodes = new Nodes();
    const lies: bigint[] = [];
    const lie = (after: bigint): Promise<bigint> => {
      lies.push(after);
      return Promise.resolve(10n ** 14n + BigInt(lies.length));
    };
    nodes.others = [{ newest: () => Promise.resolve(10n ** 14n), after: lie }];
    const news = new InboxNews(nodes, stop.signal, 60_000);
    await news.start(Promise.resolve(held.slice(1, 2)));
    expect(nodes.asked).toEqual(['psn-ward 7']);
    await news.next();
    news.ofOthers();
    nodes.happens(ward, 9n);
    await news.next();
    expect(news.ofOthers()).toContainEqual({ pseudonym: ward, mspId, blockNumber: '9' });
    expect(nodes.asked.at(-1)).toBe('psn-ward 9');
    expect(lies.length).toBeLessThan(4);
  });
});
