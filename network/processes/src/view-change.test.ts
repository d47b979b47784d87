import { viewChangesIn } from './view-change';
import { LagDetector } from './watchdog';

describe('an orderer that wants another leader', () => {
  const metrics = (channel: string, current: number, next: number): string =>
    `consensus_smartbft_viewchange_current_view{channel="${channel}"} ${current}\nconsensus_smartbft_viewchange_next_view{channel="${channel}"} ${next}\n`;

  it('is known by its metrics, channel by channel', () => {
    expect(viewChangesIn(metrics('emr', 0, 1) + metrics('audit', 2, 2))).toEqual(['emr']);
    expect(viewChangesIn('consensus_etcdraft_is_leader{channel="emr"} 1\n')).toEqual([]);
  });

  it('counts as standing while the others go on without it, though its height grows', () => {
    const detector = new LagDetector(10_000);
    const look = (height: number, voteless: number, at: number): readonly string[] =>
      detector.look([{ name: 'o1', height }, { name: 'o5', height: voteless }], at); // prettier-ignore
    expect(look(100, 0, 0)).toEqual([]);
    expect(look(150, 0, 9_000)).toEqual([]);
    expect(look(160, 0, 10_000)).toEqual(['o5']);
    expect(look(0, 0, 21_000)).toEqual([]); // all want another leader: it is not one orderer that stands
  });
});
