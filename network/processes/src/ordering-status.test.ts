import { type ChannelInfo } from '@lianyi/network-administration';
import { consortiumOf, planOf } from '@lianyi/test/support/consortium-fixture';
import { orderingStatus } from './ordering-status';

describe('who orders each channel, as status tells it', () => {
  const plan = planOf(consortiumOf());
  const info = (consensusRelation: string, status = 'active'): ChannelInfo => ({
    name: 'emr',
    status,
    consensusRelation,
    height: 3,
  });
  const [a, b, c, r] = plan.orderers.map(({ name }) => name);
  const found = (...infos: readonly (readonly [string | undefined, ChannelInfo])[]): Parameters<typeof orderingStatus>[1] =>
    new Map([['emr', new Map(infos.map(([name, of]) => [name ?? '', of]))]]);
  const consenter = info('consenter');

  it.each([
    [
      'all work',
      found([a, consenter], [b, consenter], [c, consenter], [r, consenter]),
      { orderers: 4, working: 4, mayStop: 1, mayLie: 1, mayStopNow: 1 },
    ],
    [
      'one gives no answer',
      found([a, consenter], [b, consenter], [c, consenter]),
      { orderers: 4, working: 3, mayStop: 1, mayLie: 1, mayStopNow: 0 },
    ],
    [
      'one only follows, and is none of them',
      found([a, consenter], [b, consenter], [c, consenter], [r, info('follower')]),
      { orderers: 3, working: 3, mayStop: 1, mayLie: 0, mayStopNow: 1 },
    ],
    [
      'one still draws blocks',
      found([a, consenter], [b, consenter], [c, consenter], [r, info('consenter', 'onboarding')]),
      { orderers: 4, working: 3, mayStop: 1, mayLie: 1, mayStopNow: 0 },
    ],
  ])('%s', (_what, participation, expected) => {
    expect(orderingStatus(plan, participation)).toEqual([{ channel: 'emr', ordering: 'bft', ...expected }]);
  });
});
