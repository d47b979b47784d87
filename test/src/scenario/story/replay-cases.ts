import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Hospital } from '@lianyi/workbench';
import { waitUntil } from '../../wait-until';
import { chainHeight } from '../peer-blocks';
import { type GetWorld } from './world';

/** A node that begins at block 0 follows the whole story three times, once from each member; beside other tests that takes its time. */
const FOLLOWED_WITHIN_MILLIS = 240_000;

interface Digest {
  readonly height: number;
  readonly digest: string;
  readonly chain: string;
  readonly judged: Readonly<Record<string, string>>;
  readonly others: readonly { readonly mspId: string; readonly height: number; readonly chain: string }[];
}

/** What a member node knows follows from the blocks. To be run last: a node is stopped for it. */
export function replayCases(world: GetWorld): void {
  const configOf = ({ member }: Hospital): string => join(world().scenario.consortium.data.node(member.mspId), 'node.json');
  const digestOf = async (hospital: Hospital): Promise<Digest> => {
    const { json, exitCode } = await world().scenario.consortium.commands.run(undefined, [
      'node',
      'digest',
      '--config',
      configOf(hospital),
    ]);
    if (exitCode !== 0) throw new Error(JSON.stringify(json));
    return json as Digest;
  };
  /** The digest at the present height, which every peer and every index of the node has reached. */
  const settledDigestOf = async (hospital: Hospital): Promise<Digest> => {
    const { scenario } = world();
    await Promise.all(scenario.hospitals.map((each) => scenario.catchUp(each)));
    const height = await chainHeight(await scenario.session(hospital), scenario.network.channel);
    const hasAll = async (): Promise<boolean> => {
      const { others, ...own } = await digestOf(hospital);
      return [own, ...others].every((each) => each.height >= height) && others.length > 0;
    };
    await waitUntil(`${hospital.member.mspId} has followed ${height} blocks of everybody`, hasAll, FOLLOWED_WITHIN_MILLIS);
    return digestOf(hospital);
  };

  it('is the same after the database was deleted and the chain followed again from block 0, and the chain is the same at every member', async () => {
    const { scenario } = world();
    const { b, c, consortium } = scenario;
    const before = await settledDigestOf(c);
    const atB = await settledDigestOf(b);
    expect(atB).toMatchObject({ height: before.height, chain: before.chain });
    expect(atB.digest).not.toBe(before.digest);
    for (const { chain, height } of [...before.others, ...atB.others]) expect([height, chain]).toEqual([before.height, before.chain]);

    await c.node.stop();
    const folder = consortium.data.node(c.member.mspId);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, 'data', `index.sqlite${suffix}`), { force: true });
    expect(await scenario.acts.commands.run(undefined, ['node', 'digest', '--config', configOf(c)])).toMatchObject({ exitCode: 1 });
    const { processes, repositoryRoot, data } = consortium.context;
    const again = await processes.start({
      name: 'the node without its database',
      args: [
        join(repositoryRoot, 'application/cli/dist/main.js'),
        ...['--json', 'node', 'start', '--config', configOf(c), '--exit-with-parent'],
      ],
      cwd: data.root,
      logFile: join(data.logs, 'node-replayed.log'),
      timeoutMillis: 60_000,
      parseReady: (line) => line,
    });
    try {
      expect(await settledDigestOf(c)).toEqual(before);
    } finally {
      await again.stop();
    }
  });
}
