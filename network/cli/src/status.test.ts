import { type Server } from 'node:http';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NO_AMENDMENTS, serveControl, writeOrganizations } from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { runNetworkCli } from './program';

const consortium = consortiumOf({ channels: [{ name: 'pair', organizations: ['AMSP', 'BMSP'] }] });
const running = { kind: 'peer', pid: 41, restarts: 0, stopped: false };

describe('what status tells of nodes', () => {
  const scratch = temporaryDir();
  const dir = join(scratch.dir, 'n');
  let server: Server;
  let nodes: readonly object[];
  beforeAll(async () => {
    mkdirSync(dir);
    await writeOrganizations(dir, consortium);
    const network = {
      dir,
      // no peer answers: what the supervisor knows is told all the same
      definition: () => ({
        consortium,
        chaincodes: [],
        amendments: NO_AMENDMENTS,
        layout: { peers: [], orderers: [], services: [], authorities: [], genesisBlocks: {} },
      }),
      status: () => Promise.resolve({ dir, channel: 'emr', channels: ['emr', 'pair'], fabricVersion: '3.1.5', nodes }),
    };
    server = await serveControl(network as unknown as Parameters<typeof serveControl>[0]); // as much as is asked
  });
  afterAll(() => {
    server.close();
    scratch.remove();
  });

  const told = async (...args: readonly string[]): Promise<readonly string[]> => {
    const out: string[] = [];
    const output = { out: (line: string) => out.push(...line.split('\n')), err: (line: string) => out.push(line) };
    await runNetworkCli(['node', 'lianyi-network', 'fabric', 'status', '--dir', dir, ...args], output, {});
    return out;
  };
  /** Title and cell of the columns of a node. */
  const rowOf = async (name: string, ...args: readonly string[]): Promise<Readonly<Record<string, string>>> => {
    const lines = await told(...args);
    const head = lines.find((line) => line.startsWith('NODE')) ?? '';
    const titles = [...head.matchAll(/\S+(?: \S+)*/g)];
    const line = lines.find((each) => each.startsWith(name)) ?? '';
    return Object.fromEntries(
      titles.map(([title], index) => [title, line.slice(titles[index]?.index, titles[index + 1]?.index ?? line.length).trim()]),
    );
  };

  it.each<readonly [string, object, Readonly<Record<string, string>>]>([
    ['that runs', { port: 7051, height: 12 }, { PROCESS: '41', PORT: '7051', HEIGHT: '12' }],
    ['that was started again', { restarts: 2 }, { PROCESS: '41', RESTARTS: '2' }],
    ['that ended, and is not started again yet', { pid: undefined, restarts: 3 }, { PROCESS: 'not running', RESTARTS: '3' }],
    ['that somebody has stopped', { pid: undefined, stopped: true }, { PROCESS: 'stopped', HEIGHT: '' }],
    ['that says no height', { port: 7051 }, { PORT: '7051', HEIGHT: '' }],
  ])('names a peer %s', async (_what, changes, row) => {
    nodes = [{ ...running, name: 'peer0.a.example', ...changes }];
    expect(await rowOf('peer0.a.example')).toMatchObject({ NODE: 'peer0.a.example', KIND: 'peer', ...row });
  });

  it.each<readonly [string, object, Readonly<Record<string, string>>]>([
    ['is killed and started again', { restarts: 1 }, { PROCESS: '41', RESTARTS: '1' }],
    ['does not start again', { pid: undefined, restarts: 5 }, { PROCESS: 'not running', RESTARTS: '5' }],
    ['is stopped', { pid: undefined, stopped: true, restarts: 1 }, { PROCESS: 'stopped', RESTARTS: '1' }],
  ])('names the one service of two peers once, with what became of it: it %s', async (_what, changes, row) => {
    const peers = [0, 1].map((index) => ({ ...running, name: `peer${index}.a.example` }));
    nodes = [...peers, { ...running, kind: 'chaincode', name: 'emr.a.example', port: 9999, ...changes }];
    expect(await rowOf('emr.a.example')).toMatchObject({ KIND: 'chaincode', PORT: '9999', ...row });
    expect(await rowOf('peer1.a.example')).toMatchObject({ PROCESS: '41', RESTARTS: '0' });
  });

  it('counts no restarts where there were none', async () => {
    nodes = [{ ...running, name: 'peer0.a.example' }];
    expect(await rowOf('peer0.a.example')).not.toHaveProperty('RESTARTS');
  });

  it('tells the end of the first certificate that a node holds, and the height of the channel that is asked for', async () => {
    nodes = [{ ...running, name: 'peer0.a.example', height: 12, heights: { emr: 12, pair: 3 } }];
    expect((await rowOf('peer0.a.example'))['CERT UNTIL']).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect((await rowOf('peer0.a.example', '--channel', 'pair'))['HEIGHT']).toBe('3');
    expect((await told('--channel', 'nowhere')).join('\n')).toContain('there is no channel nowhere; there are emr, pair');
  });
});
