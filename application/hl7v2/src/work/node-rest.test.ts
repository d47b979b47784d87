import { NodeRest } from './node-rest';

const ROUND = 4;
const MINUTE = 60_000;

describe('the time for which the node is left alone', () => {
  let now = 1_000_000;
  let rest: NodeRest;
  beforeEach(() => {
    now = 1_000_000;
    rest = new NodeRest(ROUND, () => now);
  });
  const fail = (times = ROUND): void => {
    for (let each = 0; each < times; each += 1) rest.failed();
  };
  /** Milliseconds from now. */
  const lasts = (): number => {
    const from = now;
    while (!rest.isOver) now += 1_000;
    return now - from;
  };

  it('is none until a whole round has failed, and longer after each round, up to half a minute', () => {
    fail(ROUND - 1);
    expect(rest.isOver).toBe(true);
    fail(1);
    const lengths = [lasts()];
    for (let round = 0; round < 5; round += 1) {
      fail();
      lengths.push(lasts());
    }
    expect(lengths).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('is none where one is published in each round', () => {
    for (let each = 0; each < 100; each += 1) {
      fail(ROUND - 1);
      expect(rest.isOver).toBe(true);
      rest.published();
    }
  });

  it('stays short for five minutes after something was published, and grows then', () => {
    rest.published();
    const lengths: number[] = [];
    while (now < 1_000_000 + 5 * MINUTE) {
      fail();
      lengths.push(lasts());
    }
    expect(new Set(lengths)).toEqual(new Set([2_000]));
    fail();
    lasts();
    fail();
    expect(lasts()).toBe(4_000);
  });

  it('asks a node that is away for an hour little', () => {
    let asked = 0;
    while (now < 1_000_000 + 60 * MINUTE) {
      fail();
      asked += ROUND;
      lasts();
    }
    expect(asked).toBeLessThan(4 * 130);
  });
});

/** What the worker does by turns: one of four begun has failed before, the others are new. Nothing takes time but a rest. */
function longestWait({ old, failingNew, minutes }: { old: number; failingNew: number; minutes: number }): number {
  let now = 0;
  const rest = new NodeRest(ROUND, () => now);
  const fresh = Array.from({ length: failingNew }, () => ({ at: 0, isGood: false }));
  let again = old;
  let [turn, longest, next] = [0, 0, 0];
  while (now < minutes * MINUTE) {
    for (; next <= now; next += 5_000) fresh.push({ at: next, isGood: true });
    for (let each = 0; each < ROUND && rest.isOver; each += 1) {
      const isNew = turn % ROUND !== ROUND - 1 || again === 0;
      const message = isNew ? fresh.shift() : undefined;
      if (message === undefined && again === 0) break;
      turn += 1;
      if (message?.isGood === true) {
        rest.published();
        longest = Math.max(longest, now - message.at);
      } else {
        rest.failed();
        // whoever failed is due again later; so many are always due
        if (message !== undefined) again += 1;
      }
    }
    now += 1_000;
  }
  return longest;
}

describe('messages that fail for reasons of their own, in any number', () => {
  it.each([
    ['500 that have failed before', { old: 500, failingNew: 0 }, 30_000],
    ['5,000 that have failed before', { old: 5_000, failingNew: 0 }, 30_000],
    ['100 new ones at once, before the node has published anything', { old: 0, failingNew: 100 }, 15 * MINUTE],
  ])('keep the good ones waiting for no longer than that: %s', (_what, of, bound) => {
    expect(longestWait({ ...of, minutes: 60 })).toBeLessThanOrEqual(bound);
  });
});
