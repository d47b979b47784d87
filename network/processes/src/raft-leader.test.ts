import { channelsLed } from './raft-leader';

describe('the orderers that lead channels by Raft', () => {
  it('say so in their metrics', () => {
    const metrics = [
      '# TYPE consensus_etcdraft_is_leader gauge',
      'consensus_etcdraft_is_leader{channel="emr"} 1',
      'consensus_etcdraft_is_leader{channel="claims"} 0',
      'consensus_etcdraft_leader_changes{channel="claims"} 1',
    ].join('\n');
    expect(channelsLed(metrics)).toEqual(['emr']);
    expect(channelsLed('')).toEqual([]);
  });
});
