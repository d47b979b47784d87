import { type NetworkFigures, ratiosOf, type Row, rowOf } from './figures';
import { renderFigures } from './render';

describe('rowOf', () => {
  it('counts what succeeded per second and takes percentiles by nearest rank', () => {
    const latenciesMillis = Array.from({ length: 200 }, (_none, index) => 200 - index); // 200 … 1
    expect(rowOf('submit', 8, [{ elapsedMillis: 4000, latenciesMillis, failures: 3 }])).toEqual({
      ...{ operation: 'submit', concurrency: 8, calls: 200, failures: 3, perSecond: 50 },
      ...{ p50Millis: 100, p95Millis: 190, p99Millis: 198, maxMillis: 200 },
    });
  });

  it('takes a single call for every percentile', () => {
    const row = rowOf('evaluate', 1, [{ elapsedMillis: 1000, latenciesMillis: [7.26], failures: 0 }]);
    expect([row.p50Millis, row.p95Millis, row.p99Millis, row.maxMillis]).toEqual([7.3, 7.3, 7.3, 7.3]);
  });

  it('pools the windows of all rounds and divides the network’s processor time by the calls', () => {
    const window = { elapsedMillis: 1000, latenciesMillis: [1, 3], failures: 1, processorMillis: 30 };
    expect(rowOf('submit', 1, [window, { ...window, latenciesMillis: [2, 4, 5, 6] }])).toMatchObject({
      ...{ calls: 6, failures: 2, perSecond: 3, p50Millis: 3, maxMillis: 6, processorMillisPerCall: 10 },
    });
  });
});

const row: Row = {
  ...{ operation: 'submit', concurrency: 8, calls: 10, failures: 0, perSecond: 50 },
  ...{ p50Millis: 1, p95Millis: 1, p99Millis: 1, maxMillis: 1, processorMillisPerCall: 4 },
};
const embedded: NetworkFigures = {
  network: 'embedded',
  caveat: 'a workbench',
  startUp: [{ stages: [{ name: 'peers', millis: 10 }], readyMillis: 900, firstCommitMillis: 1000 }],
  endings: [{ stop: 20 }],
  rows: [row],
  memory: { idle: [{ kind: 'chaincode', processes: 3, mebibytes: 100 }], afterLoad: [{ kind: 'chaincode', processes: 3, mebibytes: 150 }] },
};
const fabric: NetworkFigures = {
  ...embedded,
  network: 'fabric',
  fabricVersion: '3.1.5',
  startUp: [{ stages: [], readyMillis: 3000, firstCommitMillis: 4000 }],
  rows: [{ ...row, perSecond: 25, processorMillisPerCall: 40 }],
};

describe('ratiosOf', () => {
  it('divides the workbench’s figures by real Fabric’s, line by line', () => {
    expect(ratiosOf([fabric, embedded])).toEqual([
      { what: 'time from nothing to the first committed transaction', embeddedToFabric: 0.25 },
      { what: 'calls a second, submit by 8 at once', embeddedToFabric: 2 },
      { what: 'processor time a call, submit by 8 at once', embeddedToFabric: 0.1 },
      { what: 'memory idle', embeddedToFabric: 1 },
      { what: 'memory after load', embeddedToFabric: 1 },
    ]);
  });

  it('compares nothing when only one network was measured', () => {
    expect(ratiosOf([embedded])).toEqual([]);
  });
});

describe('renderFigures', () => {
  it('names the network in every line of throughput, the embedded one as a workbench', () => {
    const networks = [embedded, fabric];
    const machine = { cpu: 'x', cores: 2, memoryGibibytes: 8, loadBefore: 0, node: 'v24' };
    const batch = { timeoutMillis: 20, maxMessageCount: 100 };
    const text = renderFigures({ machine, batch, rounds: 1, networks, ratios: ratiosOf(networks) });
    const lines = text.split('\n').filter((line) => /^ {2}submit/.test(line));
    expect(lines.map((line) => /WORKBENCH \(embedded\)|REAL FABRIC/.exec(line)?.[0])).toEqual(['WORKBENCH (embedded)', 'REAL FABRIC']);
    expect(text).toContain('REAL FABRIC 3.1.5: from nothing');
    expect(text).toContain('not Hyperledger Fabric’s');
  });
});
