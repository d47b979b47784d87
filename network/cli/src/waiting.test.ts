import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { type Server } from 'node:http';
import { join } from 'node:path';
import { common } from '@lianyi/fabric-protocol';
import { type ChannelHandle, type PeerClient } from '@lianyi/network-administration';
import { serveControl } from '@lianyi/network-model';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { waitUntil } from '@lianyi/test/wait-until';
import { followLogs, showLogs } from './logs';
import { runNetworkCli } from './program';
import { type Goals, reachGoals } from './wait-goals';

const run = async (...args: readonly string[]): Promise<{ exitCode: number; out: string; err: string }> => {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await runNetworkCli(
    ['node', 'lianyi-network', 'embedded', ...args],
    { out: (line) => out.push(line), err: (line) => err.push(line) },
    {},
  );
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
};

describe('logs --follow', () => {
  let folder: string;
  let told: string[];
  const output = { out: (line: string) => told.push(line), err: () => undefined };
  const write = (name: string, text: string): void => {
    appendFileSync(join(folder, `${name}.log`), text);
  };
  /** Follows while something is done, until so much has been told. */
  const following = async (node: string | undefined, act: () => void, expected: readonly string[]): Promise<void> => {
    const choice = { folder, node };
    const read = showLogs(choice, 2, output);
    let isOver = false;
    const followed = followLogs(choice, read, () => isOver, output);
    act();
    try {
      await waitUntil(`told: ${told.join(' | ')}`, () => told.length >= expected.length);
    } finally {
      isOver = true;
    }
    await followed;
    expect(told).toEqual(expected);
  };
  beforeEach(() => {
    folder = scratchDirectory();
    told = [];
    write('peer0.a.example', 'one\ntwo\nthree\n');
  });

  it('goes on after the end of one log, line by line', () =>
    following(
      'peer0.a.example',
      () => {
        write('peer0.a.example', 'four\nfi');
        write('peer0.a.example', 've\nsix without its end');
      },
      ['two\nthree', 'four\nfive'],
    ));

  it('says who writes, where several do, and finds who comes later', () => {
    write('orderer0.a.example', 'first\n');
    return following(undefined, () => {
      write('emr.a.example', 'new here\n');
    }, [...['== orderer0.a.example', 'first', '== peer0.a.example', 'two\nthree'], ...['== emr.a.example', 'new here']]);
  });

  it('begins anew where a start has put the former log aside', () =>
    following(
      'peer0.a.example',
      () => {
        writeFileSync(join(folder, 'peer0.a.example.log'), 'a\n');
      },
      ['two\nthree', 'a'],
    ));

  it('keeps a character whole that is written in two pieces', () => {
    const [head, tail] = [Buffer.from('病').subarray(0, 1), Buffer.concat([Buffer.from('病').subarray(1), Buffer.from('\n')])];
    return following(
      'peer0.a.example',
      () => {
        appendFileSync(join(folder, 'peer0.a.example.log'), head);
        setTimeout(() => {
          appendFileSync(join(folder, 'peer0.a.example.log'), tail);
        }, 300);
      },
      ['two\nthree', '病'],
    );
  });
});

describe('wait', () => {
  let dir: string;
  let server: Server | undefined;
  /** A network as its control socket shows it. */
  const serve = async (...nodes: readonly object[]): Promise<void> => {
    const status = { dir, channel: 'emr', channels: ['emr'], nodes };
    server = await serveControl({ dir, status: () => Promise.resolve(status) } as unknown as Parameters<typeof serveControl>[0]); // as much as is asked
  };
  const peer = (changes: object = {}): object => ({
    name: 'peer0.a.example',
    kind: 'peer',
    pid: 1,
    restarts: 0,
    stopped: false,
    ...changes,
  });
  beforeEach(() => {
    dir = join(scratchDirectory(), 'n');
    mkdirSync(dir);
  });
  afterEach(() => server?.close());

  it.each<readonly [string, readonly object[]]>([
    ['all nodes run', [peer()]],
    ['all run but one that somebody has stopped', [peer(), peer({ pid: undefined, stopped: true })]],
    ['there is none yet', []],
  ])('ends at once where the network answers and %s', async (_what, nodes) => {
    await serve(...nodes);
    expect(await run('wait', '--dir', dir, '--json')).toMatchObject({ exitCode: 0, out: JSON.stringify({ dir, ready: true }) });
  });

  it('ends when the network has become ready', async () => {
    const waited = run('wait', '--dir', dir, '--timeout', '60');
    await serve(peer());
    expect(await waited).toMatchObject({ exitCode: 0, out: `the network in ${dir} is ready` });
  });

  it.each<readonly [string, readonly object[] | undefined]>([
    ['does not run', undefined],
    ['has a node that has ended', [peer(), peer({ pid: undefined })]],
  ])('gives up when its time is over and the network %s', async (_what, nodes) => {
    if (nodes) await serve(...nodes);
    const { exitCode, err } = await run('wait', '--dir', dir, '--timeout', '0', '--lang', 'zh');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^TIMEOUT：/);
    expect(err).toContain(`${dir} 中的网络没有就绪（0 毫秒内）`);
  });

  it.each(['-1', '1.5', 'long', '86401', ''])('is given no time that is none: %j', async (timeout) => {
    expect(await run('wait', '--dir', dir, `--timeout=${timeout}`)).toMatchObject({ exitCode: 2, out: '' });
  });
});

describe('wait for what is committed', () => {
  const GOOD = 'a'.repeat(64);
  /** A peer of which the height grows with each look, up to a limit, and that has committed what it is told. */
  const peer = (name: string, limit: number, validation?: string, begin = 0): PeerClient => {
    let height = begin;
    const query = (): Promise<Buffer> => {
      height = Math.min(height + 1, limit);
      const info = new common.BlockchainInfo();
      info.setHeight(height);
      return Promise.resolve(Buffer.from(info.serializeBinary()));
    };
    return { node: { name }, query, validationOf: () => Promise.resolve(validation) } as unknown as PeerClient; // as much as is asked
  };
  const channel = { name: 'emr' } as unknown as ChannelHandle; // its name is all that these goals ask
  const reach = (goals: Partial<Goals>, peers: readonly PeerClient[], millis: number): Promise<object> =>
    reachGoals(channel, peers, { block: undefined, transaction: undefined, chaincode: undefined, ...goals }, Date.now() + millis);

  it('ends when the slowest peer has the block', async () => {
    expect(await reach({ block: 2 }, [peer('p0', 9), peer('p1', 3)], 60_000)).toEqual({ block: 2 });
  });

  it('is there at once for block 0 of a peer with one block', async () => {
    expect(await reach({ block: 0 }, [peer('p0', 1)], 1)).toEqual({ block: 0 });
  });

  it.each<readonly [string, readonly PeerClient[], string, string]>([
    ['is one short', [peer('p0', 9, '', 9), peer('p1', 3, '', 3)], 'block 3 of emr did not reach p1 (height 3)', 'p1（高度 3）'],
    ['has nothing', [peer('p0', 0)], 'did not reach p0 (height 0)', 'p0（高度 0）'],
    [
      'does not answer',
      [{ node: { name: 'p9' }, query: () => Promise.reject(new Error('gone')) } as unknown as PeerClient], // as much as is asked
      'p9 (height 0)',
      'p9（高度 0）',
    ],
  ])('gives up by name where a peer %s', async (_what, peers, en, zh) => {
    const failed = reach({ block: 3 }, peers, 1);
    await expect(failed).rejects.toMatchObject({
      code: 'TIMEOUT',
      sentence: { en: expect.stringContaining(en) as string, zh: expect.stringContaining(zh) as string },
    });
  });

  it('tells that a transaction took effect at every peer', async () => {
    const peers = [peer('p0', 1, 'VALID'), peer('p1', 1, 'VALID')];
    expect(await reach({ transaction: GOOD }, peers, 1_000)).toEqual({ transaction: GOOD, validation: 'VALID' });
  });

  it.each<readonly [string, readonly (string | undefined)[], string, RegExp]>([
    ['was invalid', ['MVCC_READ_CONFLICT', 'MVCC_READ_CONFLICT'], 'FABRIC_REFUSED', /committed as invalid: MVCC_READ_CONFLICT/],
    ['was invalid at one of them', ['VALID', 'ENDORSEMENT_POLICY_FAILURE'], 'FABRIC_REFUSED', /ENDORSEMENT_POLICY_FAILURE/],
    ['did not come', [undefined, undefined], 'TIMEOUT', /not committed on emr at p0, p1 in time/],
    ['did not come to one', ['VALID', undefined], 'TIMEOUT', /at p1 in time/],
  ])('fails where a transaction %s', async (_what, validations, code, words) => {
    const peers = validations.map((validation, index) => peer(`p${index}`, 1, validation));
    await expect(reach({ transaction: GOOD }, peers, 1)).rejects.toMatchObject({ code, message: expect.stringMatching(words) as string });
  });

  it.each([
    ...['--block=-1', '--block=1.5', '--block=0x1', '--block='],
    ...[`--transaction=${'A'.repeat(64)}`, `--transaction=${'a'.repeat(63)}`, '--transaction=', '--transaction=0'],
    ...['--chaincode=', '--chaincode=emr=0', '--chaincode=emr=x', '--chaincode=-emr', '--chaincode=emr=1=2'],
  ])('takes no %s', async (option) => {
    expect(await run('wait', option)).toMatchObject({ exitCode: 2, out: '' });
  });
});
