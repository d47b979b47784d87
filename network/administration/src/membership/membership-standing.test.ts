import { buildGenesisBlock, common } from '@lianyi/fabric-protocol';
import { OperatorError, type Organization } from '@lianyi/network-model';
import { configOf } from '@lianyi/test/support/config-fixture';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { BATCH } from '@lianyi/test/support/ledger-fixture';
import { outlineOf, withMember } from '../channel-update/membership-change';
import { withStanding } from '../session/standing';
import { standingOfJoin, standingOfLeave } from './membership-standing';

const consortium = consortiumOf();
const X: Organization = { mspId: 'XMSP', name: 'x', domain: 'x.example', roles: ['peer', 'orderer'], peers: 1, users: [] };
type Session = Parameters<typeof standingOfJoin>[0];

/** A channel's configuration with or without the organisation; or a channel that gives none. */
type Shown = 'outside' | 'member' | Error;
function sessionOf(channels: Readonly<Record<string, Shown>>): Session {
  const members = consortium.organizations.filter(({ roles }) => roles.includes('peer'));
  const before = configOf(buildGenesisBlock({ channel: 'emr', organizations: members.map(outlineOf), batch: BATCH })).getChannelGroup();
  const group = before ?? new common.ConfigGroup();
  const shown = (what: Exclude<Shown, Error>): common.Config => {
    const config = new common.Config();
    config.setSequence(what === 'member' ? 7 : 6);
    config.setChannelGroup(
      what === 'member' ? withMember({ organization: X, presented: outlineOf(X), peerPort: 0 }, consortium)(group) : group,
    );
    return config;
  };
  const session = {
    channels: Object.entries(channels).map(([name, what]) => ({
      name,
      isOwn: name === 'emr',
      newestConfig: () => (what instanceof Error ? Promise.reject(what) : Promise.resolve(shown(what))),
    })),
    peerOf: () => {
      throw new Error('it does not run');
    },
  };
  return session as unknown as Session; // as much as is asked
}
const silent = new OperatorError('NOT_RUNNING', { en: 'no orderer answers', zh: '没有排序节点应答' });

describe('where an organisation stands whose coming or going ended half-way', () => {
  it.each<readonly [string, Parameters<typeof sessionOf>[0], Partial<Organization>, string]>([
    ['before anything was changed', { emr: 'outside' }, {}, 'emr: configuration 6 does not have XMSP as a member'],
    [
      'once it is a member whose peer does not answer',
      { emr: 'member' },
      {},
      'emr: configuration 7 has XMSP as a member, its peer does not answer',
    ],
    [
      'once it is a member without a peer',
      { emr: 'member' },
      { roles: ['client'] },
      'emr: configuration 7 has XMSP as a member, it has no peer',
    ],
    [
      'beside a channel that it is not to join',
      { emr: 'member', pair: 'outside' },
      {},
      'emr: configuration 7 has XMSP as a member, its peer does not answer',
    ],
    [
      'on one channel, while the other cannot be read',
      { emr: silent, pair: 'member' },
      {},
      'emr: cannot be read now (no orderer answers), pair: configuration 7 has XMSP as a member, its peer does not answer',
    ],
  ])('is told: %s', async (_when, channels, changes, found) => {
    const organization = { ...X, ...changes };
    const [join, leave] = [
      await standingOfJoin(sessionOf(channels), organization),
      await standingOfLeave(sessionOf(channels), organization),
    ];
    expect([join.found.en, leave.found.en]).toEqual([found, found]);
    expect(join.next.en).toBe("the same addOrg completes it, 'removeOrg --organization XMSP' takes it back");
    expect(leave.next.en).toBe('the same removeOrg completes it, addOrg with the same names takes XMSP in again');
    for (const { zh } of [join.found, join.next, leave.next]) expect(zh).toMatch(/\p{Script=Han}/u);
  });
});

describe('a change that ends half-way', () => {
  const standing = { found: { en: 'emr: half', zh: 'emr：一半' }, next: { en: 'do it again', zh: '再来一次' } };
  const told = (error: unknown, look: () => Promise<typeof standing> = () => Promise.resolve(standing)): Promise<unknown> =>
    withStanding(() => Promise.reject(error as Error), look).catch((thrown: unknown) => thrown);

  it.each<readonly [string, unknown, string, string]>([
    ['a failure that has a code', silent, 'NOT_RUNNING', 'no orderer answers; emr: half; do it again'],
    ['words of Fabric', new Error('no such channel'), 'FABRIC_REFUSED', 'no such channel; emr: half; do it again'],
    [
      'a full disk',
      Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }),
      'DISK',
      'there is no room left on the disk: ENOSPC: no space; emr: half; do it again',
    ],
    [
      'a key that is gone',
      Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }),
      'STATE_INCOMPLETE',
      'a file is not as the network left it; put it back: ENOENT: no such file; emr: half; do it again',
    ],
    ['what is no error', 'gone', 'FABRIC_REFUSED', 'gone; emr: half; do it again'],
  ])('says so behind %s, which keeps its code', async (_what, error, code, sentence) => {
    expect(await told(error)).toMatchObject({
      name: 'OperatorError',
      code,
      message: sentence,
      sentence: { zh: expect.stringContaining('；emr：一半；再来一次') as string },
    });
  });

  it('says that nobody can tell now, where nobody can, and keeps the failure itself', async () => {
    const failed = await told(silent, () => Promise.reject(new Error('the socket is closed')));
    expect(failed).toMatchObject({ code: 'NOT_RUNNING', cause: silent });
    expect((failed as Error).message).toBe(
      "no orderer answers; what the channels have cannot be read now: the socket is closed; 'status' tells what runs; the same command completes what was begun",
    );
  });

  it('is none that ends well', async () => {
    const look = jest.fn();
    expect(await withStanding(() => Promise.resolve('done'), look)).toBe('done');
    expect(look).not.toHaveBeenCalled();
  });
});
