import { News } from './news';

const LONG = 60_000;
const none = (): Promise<undefined> => Promise.resolve(undefined);

describe('who waits for news of a patient', () => {
  it('is woken by the block that is about the patient, and by no other', async () => {
    const news = new News();
    const waiting = news.after('psn-1', 4n, { newest: none, millis: LONG });
    news.told(['psn-2'], 5n);
    news.told([], 6n);
    news.told(['psn-1'], 4n);
    news.told(['psn-2', 'psn-1'], 7n);
    await expect(waiting).resolves.toBe(7n);
  });

  it('is told at once what has happened since, and not what they know', async () => {
    const news = new News();
    await expect(news.after('psn-1', 4n, { newest: () => Promise.resolve(5n), millis: LONG })).resolves.toBe(5n);
    await expect(news.after('psn-1', 5n, { newest: () => Promise.resolve(5n), millis: 1 })).resolves.toBeUndefined();
  });

  it('hears what comes while it is looked up', async () => {
    const news = new News();
    const newest = (): Promise<undefined> => {
      news.told(['psn-1'], 5n);
      return none();
    };
    await expect(news.after('psn-1', 4n, { newest, millis: LONG })).resolves.toBe(5n);
  });

  it('ends without news where it has to give way, and is not woken any more', async () => {
    const news = new News();
    await expect(
      news.after('psn-1', 4n, { newest: none, millis: 10 * LONG, givenWay: Promise.resolve(undefined) }),
    ).resolves.toBeUndefined();
    news.told(['psn-1'], 5n);
  });

  it('wakes everybody who waits, and nobody when the time is up', async () => {
    const news = new News();
    const both = [news.after('psn-1', 4n, { newest: none, millis: LONG }), news.after('psn-1', 4n, { newest: none, millis: LONG })];
    await expect(news.after('psn-1', 4n, { newest: none, millis: 1 })).resolves.toBeUndefined();
    news.told(['psn-1'], 5n);
    await expect(Promise.all(both)).resolves.toEqual([5n, 5n]);
  });
});
