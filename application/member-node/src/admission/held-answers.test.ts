import { HeldAnswers } from './held-answers';

describe('answers that are held', () => {
  const gone: string[] = [];
  let held: HeldAnswers;
  beforeEach(() => {
    gone.length = 0;
    held = new HeldAnswers(3);
  });
  /** Holds until it has to give way. */
  const hold = (name: string, hospital = 'A'): Promise<number> =>
    held.hold(hospital, async (givenWay) => {
      await givenWay;
      return gone.push(name);
    });

  it('are no more than are spared: the oldest gives way', async () => {
    const waiting = ['first', 'second', 'third', 'fourth', 'fifth'].map((name) => hold(name));
    await Promise.all(waiting.slice(0, 2));
    expect(gone).toEqual(['first', 'second']);
  });

  it('give way where one hospital’s patients hold the most, and no other’s', async () => {
    const other = hold('other', 'B');
    const waiting = ['first', 'second', 'third'].map((name) => hold(name));
    await waiting[0];
    expect(gone).toEqual(['first']);
    await Promise.race([other, Promise.resolve()]);
    expect(gone).toEqual(['first']);
  });

  it('count no more once they were given', async () => {
    for (let each = 0; each < 9; each += 1) await held.hold('A', () => Promise.resolve(each));
    void hold('first');
    await Promise.resolve();
    expect(gone).toEqual([]);
  });
});
