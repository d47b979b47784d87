import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exchange } from '@lianyi/client/node';
import { mspIdSchema } from '@lianyi/domain';
import { loadNodeConfig, MemberCertificates, type MemberNode, newLogger } from '@lianyi/member-node';
import { buildServer } from '@lianyi/member-node/testing';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { followConfiguration } from './commands/node-trust';
import { run, type Run } from './terminal.fixture';
import { waitUntil } from '@lianyi/test/wait-until';

const A = mspIdSchema.parse('HospitalAMSP');
const D = mspIdSchema.parse('HospitalDMSP');

describe('node trust and node distrust', () => {
  let root: string;
  let config: string;
  const members = async (): Promise<readonly string[]> => (await loadNodeConfig(config)).tls.members.map(({ mspId }) => mspId);
  const trust = (list: string): Promise<Run> => run(['node', 'trust', '--config', config, '--members', list, '--json']);
  const distrust = (member: string): Promise<Run> => run(['node', 'distrust', '--config', config, '--member', member, '--json']);

  beforeEach(async () => {
    root = scratchDirectory();
    config = join(root, 'node.json');
    for (const name of ['a', 'b', 'd']) writeFileSync(join(root, `${name}.pem`), (await newAuthority(`tlsca.${name}`)).pem);
    const file = {
      ...{ mspId: A, channel: 'emr', chaincode: 'emr', connectionProfile: 'c.json', dataDir: 'data', otherPeerMspIds: ['HospitalBMSP'] },
      identity: { certFile: 'cert.pem', keyFile: 'key.pem' },
      tls: {
        ...{ certFile: 'tls.crt', keyFile: 'tls.key' },
        members: [
          { mspId: A, caFile: 'a.pem' },
          { mspId: 'HospitalBMSP', caFile: 'b.pem' },
        ],
      },
      listen: { host: '127.0.0.1', port: 0 },
      ...{ kemKeyFile: 'kem.pem', receiptKeyFile: 'receipt.pem', keyServiceKeyFile: 'ks.pem', keyServiceActorTag: 'key-service' },
    };
    writeFileSync(config, JSON.stringify(file), { mode: 0o600 });
  });

  it('adds a newcomer’s authority, by a path that counts from the configuration', async () => {
    const { code, stdout } = await trust(`${D}=${join(root, 'd.pem')}`);
    expect({ code, answer: JSON.parse(stdout) as unknown }).toEqual({ code: 0, answer: { config, members: [A, 'HospitalBMSP', D] } });
    expect((await loadNodeConfig(config)).tls.members.at(-1)).toEqual({ mspId: D, caFile: join(root, 'd.pem') });
    expect(readFileSync(config, 'utf8')).toContain('"d.pem"');
    expect(statSync(config).mode & 0o077).toBe(0);
  });

  it('changes nothing when asked again, and takes the member out again', async () => {
    await trust(`${D}=${join(root, 'd.pem')}`);
    await trust(`${D}=${join(root, 'd.pem')}`);
    expect(await members()).toEqual([A, 'HospitalBMSP', D]);
    expect((await distrust(D)).code).toBe(0);
    expect((await distrust(D)).code).toBe(0);
    expect(await members()).toEqual([A, 'HospitalBMSP']);
  });

  it.each([
    ['a newcomer with the authority of another member', () => trust(`${D}=${join(root, 'b.pem')}`), 2, /the same TLS authority/],
    ['a file that is not there', () => trust(`${D}=${join(root, 'none.pem')}`), 1, /none\.pem/],
    ['a file that is no certificate', () => trust(`${D}=${config}`), 1, /CERTIFICATE_UNUSABLE.*--members.*PEM was expected/],
    ['to forget its own organisation', () => distrust(A), 2, /own organisation/],
  ])('refuses %s and leaves the configuration as it was', async (_what, attempt, code, sentence) => {
    const before = readFileSync(config, 'utf8');
    const refused = await attempt();
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(sentence);
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  it.each([
    ['another program’s', { channel: { name: 'emr' } }, 'mspId'],
    ['one with a field that nobody knows', { extra: 1 }, 'extra'],
    ['one with a port that is none', { listen: { host: '127.0.0.1', port: 70_000 } }, 'listen.port'],
    ['a list', [], ''],
  ])('are refused with file, field and reason in both languages for a configuration that is %s', async (_what, content, field) => {
    const file = join(root, 'other.json');
    const own = JSON.parse(readFileSync(config, 'utf8')) as object;
    const isWhole = Array.isArray(content) || 'channel' in content;
    writeFileSync(file, JSON.stringify(isWhole ? content : { ...own, ...content }));
    for (const [language, invalid] of [
      ['en', /Invalid input|Unrecognized key|Too big/],
      ['zh', /无效输入|未知的键|数值过大/],
    ] as const) {
      const argv = ['node', 'distrust', '--config', file, '--member', D, '--lang', language];
      const { code, stderr } = await run(argv);
      expect({ code, named: [file, field].filter((text) => !stderr.includes(text)) }).toEqual({ code: 2, named: [] });
      expect(stderr).toMatch(invalid);
      expect(stderr).toContain('CONFIG_INVALID');
    }
  });

  it('is followed by a running node, which says what it cannot read and goes on', async () => {
    const seen: number[] = [];
    const told: string[] = [];
    const node: Pick<MemberNode, 'trust' | 'agree'> = {
      agree: () => undefined,
      trust: (list) => {
        seen.push(list.length);
        return Promise.resolve();
      },
    };
    const stop = followConfiguration(node, config, { err: (text) => told.push(text) });
    await trust(`${D}=${join(root, 'd.pem')}`);
    await waitUntil('the newcomer is trusted', () => seen.includes(3));
    writeFileSync(config, '{');
    await waitUntil('it says what it cannot read', () => told.length > 0);
    expect(told[0]).toContain(config);
    stop();
  });

  it('is followed in the order of the changes, however long one takes', async () => {
    const seen: string[] = [];
    let finish: () => void = () => undefined;
    const slow = new Promise<void>((done) => {
      finish = done;
    });
    const node: Pick<MemberNode, 'trust' | 'agree'> = {
      agree: () => undefined,
      trust: async (list) => {
        seen.push(`begins ${list.length}`);
        if (list.length === 3) await slow;
        seen.push(`has ${list.length}`);
      },
    };
    const stop = followConfiguration(node, config, { err: () => undefined });
    await trust(`${D}=${join(root, 'd.pem')}`);
    await waitUntil('the first change begins', () => seen.length === 1);
    await distrust(D);
    await new Promise((later) => setTimeout(later, 1_500)); // three looks
    finish();
    await waitUntil('both changes are done', () => seen.length === 4);
    stop();
    expect(seen).toEqual(['begins 3', 'has 3', 'begins 2', 'has 2']);
  });
});

describe('a server whose members change', () => {
  it('knows the newcomer’s certificate from then on, and no longer that of who left', async () => {
    const [a, d] = [await newAuthority('tlsca.a'), await newAuthority('tlsca.d')];
    const [own, newcomer] = [await a.issue('node'), await d.issue('node')];
    const members = new MemberCertificates([{ mspId: A, caPem: a.pem }]);
    const tls = { cert: Buffer.from(own.cert), key: Buffer.from(own.key) };
    const server = await buildServer({ tls, members, requestsPerMinute: 100, logger: newLogger('silent', A) });
    server.get('/who', (request) => ({ mspId: members.ofSocket(request.raw.socket as never)?.mspId ?? 'nobody' }));
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const ask = async (): Promise<unknown> => {
      const asking = { ca: [a.pem], cert: newcomer.cert, key: newcomer.key };
      const answer = await exchange({
        ...{ host: '127.0.0.1', port, method: 'GET', path: '/who', tls: asking, patience: { totalMillis: 5_000 }, maxBytes: 1_000 },
      });
      return JSON.parse(answer.body.toString()) as unknown;
    };
    const change = (pems: readonly [typeof A, string][]): void => {
      members.replace(pems.map(([mspId, caPem]) => ({ mspId, caPem })));
      server.server.setSecureContext({ ...tls, ca: [...members.caPems], minVersion: 'TLSv1.3' });
    };
    expect(await ask()).toEqual({ mspId: 'nobody' });
    change([
      [A, a.pem],
      [D, d.pem],
    ]);
    expect(await ask()).toEqual({ mspId: D });
    change([[A, a.pem]]);
    expect(await ask()).toEqual({ mspId: 'nobody' });
    await server.close();
  });
});
