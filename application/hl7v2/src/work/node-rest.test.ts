import { NodeRest } from './node-rest';

describe('the time for which the node is left alone', () => {
  let now = 1_000;
  let rest: NodeRest;
  beforeEach(() => {
    now = 1_000;
    rest = new NodeRest(() => now);
  });
  const fails = (id: number, tries: number, fault: 'node' | 'people' | 'moment' = 'node'): boolean => {
    now += 3_600_000;
    rest.failed({ fault }, { id, tries });
    return !rest.isOver;
  };
  /** Milliseconds from now. */
  const lasts = (): number => {
    const from = now;
    while (!rest.isOver) now += 1_000;
    return now - from;
  };

  it('is longer each time, up to half a minute, and short again after one that was published', () => {
    expect(rest.isOver).toBe(true);
    const lengths = [0, 1, 2, 3, 4, 5].map((id) => {
      fails(id, 0);
      return lasts();
    });
    expect(lengths).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    rest.published(9);
    expect([fails(1, 1), lasts()]).toEqual([true, 2_000]);
  });

  it('is none for what people have to set right, or what is of the moment', () => {
    expect([fails(1, 0, 'people'), fails(2, 0, 'moment')]).toEqual([false, false]);
  });

  it('is none for a message that has failed three times, while others have been published since it first did', () => {
    fails(1, 0);
    rest.published(2);
    expect([fails(1, 1), fails(1, 2), fails(1, 3), fails(1, 4)]).toEqual([true, true, false, false]);
  });

  it('is there however often messages fail, while none has been published since they first did', () => {
    rest.published(9);
    expect([fails(1, 0), fails(2, 0), fails(1, 5), fails(2, 6)]).toEqual([true, true, true, true]);
  });

  it('is there for another message, which fails for the first time, and for one that was published or failed otherwise since', () => {
    fails(1, 0);
    rest.published(2);
    expect([fails(1, 3), fails(3, 3)]).toEqual([false, true]);
    rest.published(1);
    expect(fails(1, 3)).toBe(true);
    rest.published(2);
    fails(1, 3, 'people');
    expect(fails(1, 3)).toBe(true);
  });

  it('is there after a fault of this program', () => {
    rest.faulted();
    expect(lasts()).toBe(2_000);
  });
});
