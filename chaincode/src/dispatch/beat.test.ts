import { Beats } from './beat';
import { allGoneOn, BeatClock } from './beat-clock.fixture';

/** When a question is answered that takes so long: waiting for its peer, and then at work of its own. */
async function answeredAt({ waits = 0, works = 0 }: { readonly waits?: number; readonly works?: number }): Promise<number> {
  const clock = new BeatClock();
  const beat = new Beats(clock).begin();
  await clock.wait(waits);
  clock.work(works);
  let at: number | undefined;
  void beat.end().then(() => {
    at = clock.now();
  });
  await allGoneOn();
  await clock.wait(500);
  if (at === undefined) throw new Error('never answered');
  return at;
}

describe('the beat', () => {
  it.each([
    [{}, 20],
    [{ waits: 2 }, 20],
    [{ works: 2.4 }, 20],
    [{ waits: 7.9, works: 6 }, 20],
    [{ waits: 19.999 }, 20],
    [{ waits: 20 }, 40],
    [{ waits: 26 }, 40],
    [{ waits: 199 }, 200],
  ])('answers what took %j after %i ms', async (took, at) => {
    expect(await answeredAt(took)).toBe(at);
  });

  it.each([
    [{ works: 20.5 }, 40],
    [{ works: 45 }, 60],
    [{ waits: 30, works: 11 }, 60],
  ])('waits for the end of a beat, too, that has begun while the process was at work: %j', async (took, at) => {
    expect(Math.abs((await answeredAt(took)) - at)).toBeLessThan(1);
  });

  it('counts from each question for itself, and holds up nobody beside it', async () => {
    const clock = new BeatClock();
    const beats = new Beats(clock);
    const answered: number[] = [];
    const ask = (): void => {
      void beats
        .begin()
        .end()
        .then(() => answered.push(clock.now()));
    };
    ask();
    await clock.wait(7);
    ask();
    await clock.wait(100);
    expect(answered).toEqual([20, 27]);
  });

  it('leaves nothing to be counted behind what is answered without it', async () => {
    const clock = new BeatClock();
    const beat = new Beats(clock).begin();
    await clock.wait(25);
    beat.stop();
    expect(clock.set).toBe(0);
  });

  it('holds a thousand answers and no more, and again as many once those are sent', async () => {
    const clock = new BeatClock();
    const beats = new Beats(clock);
    let answered = 0;
    const ask = (): void => {
      void beats
        .begin()
        .end()
        .then(() => (answered += 1));
    };
    for (const turn of [0, 1]) {
      for (let each = 0; each < 1_003; each += 1) ask();
      await allGoneOn();
      expect(answered).toBe(turn * 1_003 + 3);
      await clock.wait(20);
      expect(answered).toBe((turn + 1) * 1_003);
    }
  });
});
