import { rowOf } from '../../bench/figures';

describe('rowOf', () => {
  it('counts what succeeded per second and takes percentiles by nearest rank', () => {
    const latenciesMillis = Array.from({ length: 200 }, (_none, index) => 200 - index); // 200 … 1
    expect(rowOf('submit', 8, { elapsedMillis: 4000, latenciesMillis, failures: 3 })).toEqual({
      ...{ operation: 'submit', concurrency: 8, calls: 200, failures: 3, perSecond: 50 },
      ...{ p50Millis: 100, p95Millis: 190, p99Millis: 198, maxMillis: 200 },
    });
  });

  it('takes a single call for every percentile', () => {
    const row = rowOf('evaluate', 1, { elapsedMillis: 1000, latenciesMillis: [7.26], failures: 0 });
    expect([row.p50Millis, row.p95Millis, row.p99Millis, row.maxMillis]).toEqual([7.3, 7.3, 7.3, 7.3]);
  });
});
