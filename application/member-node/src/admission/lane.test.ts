import { callerAddress } from './address';
import { Lane } from './lane';

describe('a lane', () => {
  it('lets so much in at once and the rest wait in turn', async () => {
    const lane = new Lane({ atOnce: 2, perCaller: 2, waiting: 2 });
    const [leaveA] = await Promise.all([lane.enter('a'), lane.enter('b')]);
    const order: string[] = [];
    const third = lane.enter('c').then(() => order.push('c'));
    expect(lane.load).toEqual({ running: 2, waiting: 1 });
    leaveA();
    leaveA();
    await third;
    expect(order).toEqual(['c']);
    expect(lane.load).toEqual({ running: 2, waiting: 0 });
  });

  it('keeps room for others while one caller fills its share', async () => {
    const lane = new Lane({ atOnce: 4, perCaller: 2, waiting: 8 });
    await lane.enter('greedy');
    await lane.enter('greedy');
    const waiting = lane.enter('greedy');
    await expect(lane.enter('other')).resolves.toBeDefined();
    expect(lane.load).toEqual({ running: 3, waiting: 1 });
    void waiting.catch(() => undefined);
  });

  it('tells a caller whose share runs and waits to slow down', async () => {
    const lane = new Lane({ atOnce: 4, perCaller: 1, waiting: 8 });
    await lane.enter('greedy');
    void lane.enter('greedy').catch(() => undefined);
    await expect(lane.enter('greedy')).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 1 } });
  });

  it('lets a caller wait for more than runs, if it is told so, and no more than that', async () => {
    const lane = new Lane({ atOnce: 4, perCaller: 1, waiting: 8, waitingPerCaller: 3 });
    const leave = await lane.enter('busy');
    const waiting = Array.from({ length: 3 }, () => lane.run('busy', () => Promise.resolve('done')));
    await expect(lane.enter('busy')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(lane.run('other', () => Promise.resolve('done'))).resolves.toBe('done');
    leave();
    await expect(Promise.all(waiting)).resolves.toHaveLength(3);
  });

  it('says that the node is busy when too many wait, and to who waited too long', async () => {
    const lane = new Lane({ atOnce: 1, perCaller: 1, waiting: 1, patienceMillis: 5 });
    await lane.enter('a');
    const late = lane.enter('b');
    await expect(lane.enter('c')).rejects.toMatchObject({ code: 'NODE_BUSY' });
    await expect(late).rejects.toMatchObject({ code: 'NODE_BUSY', details: { retryAfterSeconds: 1 } });
    expect(lane.load).toEqual({ running: 1, waiting: 0 });
  });

  it('has who has most waiting give way to who has fewer, if it is told so, and to nobody who would have as many', async () => {
    const lane = new Lane({ atOnce: 1, perCaller: 1, waiting: 4, waitingPerCaller: 4, largestGivesWay: true });
    const leave = await lane.enter('running');
    const codes: string[] = [];
    const wait = (caller: string): Promise<unknown> =>
      lane
        .run(caller, () => Promise.resolve(codes.push(caller)))
        .catch((error: unknown) => codes.push(`${caller} ${(error as { code: string }).code}`));
    const waiting = ['greedy', 'greedy', 'greedy', 'one', 'two', 'three', 'three'].map(wait);
    await new Promise((done) => setTimeout(done, 5));
    expect(codes.toSorted()).toEqual(['greedy NODE_BUSY', 'greedy NODE_BUSY', 'three NODE_BUSY']);
    leave();
    await Promise.all(waiting);
    expect(codes.slice(3)).toEqual(['greedy', 'one', 'two', 'three']);
  });

  describe('with one place for each', () => {
    const limits = { atOnce: 4, perCaller: 2, waiting: 4, hasOneForEach: true };

    it('lets in who has none running, though others hold all', async () => {
      const lane = new Lane(limits);
      for (const greedy of ['a', 'a', 'b', 'b']) await lane.enter(greedy);
      await expect(lane.run('c', () => Promise.resolve('done'))).resolves.toBe('done');
      await expect(lane.enter('d')).resolves.toBeDefined();
      await expect(lane.enter('e')).resolves.toBeDefined();
      expect(lane.load).toEqual({ running: 6, waiting: 0 });
    });

    it('lets in who has none running, though others fill the queue', async () => {
      const lane = new Lane({ ...limits, waitingPerCaller: 4 });
      for (const greedy of ['a', 'a', 'b', 'b']) await lane.enter(greedy);
      for (let count = 0; count < 4; count += 1) void lane.enter('a').catch(() => undefined);
      await expect(lane.enter('c')).resolves.toBeDefined();
    });

    it('has a second one only where there is room', async () => {
      const lane = new Lane({ ...limits, patienceMillis: 5 });
      for (const greedy of ['a', 'a', 'b', 'b', 'c']) await lane.enter(greedy);
      await expect(lane.enter('c')).rejects.toMatchObject({ code: 'NODE_BUSY' });
    });

    it('starts nobody who waits while more run than may', async () => {
      const lane = new Lane(limits);
      const leave = await lane.enter('a');
      for (const greedy of ['a', 'b', 'b', 'c', 'd']) await lane.enter(greedy);
      const waiting = lane.enter('c');
      leave();
      expect(lane.load).toEqual({ running: 5, waiting: 1 });
      void waiting.catch(() => undefined);
    });
  });

  it('gives its place back when the work fails', async () => {
    const lane = new Lane({ atOnce: 1, perCaller: 1, waiting: 0 });
    await expect(lane.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(lane.run('a', () => Promise.resolve('done'))).resolves.toBe('done');
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0000:0000:ffff:1:2:3', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
])('%s is counted as %s', (ip, caller) => {
  expect(callerAddress(ip)).toBe(caller);
});
