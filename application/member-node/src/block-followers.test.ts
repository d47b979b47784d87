import { mspIdSchema } from '@lianyi/domain';
import { type BlockSink, BuriedSignatures, ConfigurationUnread } from '@lianyi/ledger-client';
import { waitUntil } from '@lianyi/test/wait-until';
import { BlockFollowers, type FollowedSource } from './block-followers';
import { newLogger } from './http/log';

const mspId = mspIdSchema.parse('HospitalAMSP');
const sink: BlockSink = {
  checkpoint: () => Promise.resolve({ nextBlock: 0n, previousHash: undefined, configuration: undefined }),
  apply: () => Promise.resolve(),
};

describe('a peer whose blocks are followed', () => {
  /** The first stream fails so; the next one stays open and silent. */
  const failingWith = (error: Error): FollowedSource => {
    let opened = 0;
    const { promise: closed, resolve } = Promise.withResolvers<undefined>();
    const close = (): void => {
      resolve(undefined);
    };
    return {
      mspId,
      newest: () => Promise.resolve(5n),
      giveUpConnection: close,
      open: () => {
        opened += 1;
        const next =
          opened === 1 ? (): Promise<never> => Promise.reject(error) : () => closed.then(() => ({ done: true, value: undefined }) as const);
        return Promise.resolve({ [Symbol.asyncIterator]: () => ({ next }), close, [Symbol.dispose]: close });
      },
    };
  };

  it.each<readonly [string, Error, readonly string[]]>([
    [
      'a block with its signatures buried',
      new BuriedSignatures(7, 'many'),
      [`${mspId}: block 7 carries many; another peer may have it without them`],
    ],
    [
      'a configuration that this version cannot read',
      new ConfigurationUnread(8, 'its configuration', new Error('no message stands in these bytes')),
      [`${mspId}: block 8: its configuration cannot be read by this version (no message stands in these bytes)`],
    ],
    ['a lost connection', new Error('lost'), []],
  ])('is a fault because of %s only until it goes on', async (_what, error, faults) => {
    const seen: (readonly string[])[] = [];
    const log = newLogger('silent', mspId);
    const followers: BlockFollowers = new BlockFollowers([failingWith(error)], { sinkOf: () => sink }, log);
    await waitUntil('told', () => {
      seen.push(followers.faults);
      return seen.some((each) => each.length > 0) || seen.length > 3;
    });
    expect(seen.find((each) => each.length > 0) ?? []).toEqual(faults);
    await waitUntil('going on', () => followers.faults.length === 0);
    await followers.stop();
  });
});
