import { Arrivals } from './arrivals';

const SECOND = 1_000;

describe('when a block was first seen', () => {
  let now = 0;
  let arrivals: Arrivals;
  beforeEach(() => {
    now = 1_000_000;
    arrivals = new Arrivals(() => now);
  });
  const ownDelivers = (number: bigint): number | undefined => arrivals.ofOwn(number, true);

  it('is when the own peer delivered it, or another one before', () => {
    expect(ownDelivers(1n)).toBe(now);
    arrivals.delivered(2n);
    now += 10 * SECOND;
    expect(ownDelivers(2n)).toBe(now - 10 * SECOND);
    arrivals.taken(2n);
    expect(ownDelivers(3n)).toBe(now);
  });

  it('is when the first of several others delivered it, who may deliver different blocks', () => {
    expect(ownDelivers(1n)).toBe(now);
    arrivals.delivered(2n);
    now += 4 * SECOND;
    arrivals.delivered(2n);
    arrivals.delivered(3n);
    now += 4 * SECOND;
    expect(ownDelivers(2n)).toBe(now - 8 * SECOND);
    arrivals.taken(2n);
    expect(ownDelivers(3n)).toBe(now - 4 * SECOND);
  });

  it('is not told of blocks that were there before', () => {
    expect(arrivals.ofOwn(1n, false)).toBeUndefined();
    arrivals.delivered(2n);
    expect(arrivals.ofOwn(2n, false)).toBeUndefined();
  });

  it('is, while the own peer catches up, no earlier than the first block that it lacked', () => {
    ownDelivers(1n);
    const held = now;
    arrivals.delivered(2n);
    now += 31 * SECOND;
    // whoever keeps a block from the own peer and gives it the next one with it gains half a minute, and not the rest
    expect([ownDelivers(2n), ownDelivers(3n), ownDelivers(4n)]).toEqual([held, held, held]);
    now += 61 * SECOND;
    expect(ownDelivers(5n)).toBe(now);
  });

  it('is the own peer’s delivery again when another one has taken the newest block', () => {
    ownDelivers(1n);
    arrivals.delivered(2n);
    now += 31 * SECOND;
    ownDelivers(2n);
    arrivals.taken(2n);
    expect(ownDelivers(3n)).toBe(now);
  });
});
