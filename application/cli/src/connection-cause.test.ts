import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { saveProfile } from '@lianyi/client/node';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
let dataDir: string;
const servers: Server[] = [];
beforeAll(async () => {
  dataDir = scratchDirectory();
  hospital = await openHospital(dataDir);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await hospital.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { readonly port: number }).port; // a TCP server's address is no string
}

const talker = (): Server => createTcpServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));

/** What the profile names instead of the hospital's own. */
type Changed = { readonly nodeUrl?: string; readonly tlsCa?: string; readonly noFile?: boolean };

async function status(changed: Changed, ...argv: readonly string[]): Promise<Run> {
  const profile = JSON.parse(readFileSync(join(dataDir, 'profiles', 'clinician.json'), 'utf8')) as Record<string, string>;
  const tlsCaFile = join(dataDir, 'other-ca.pem');
  if (changed.tlsCa !== undefined) writeFileSync(tlsCaFile, changed.tlsCa);
  const file = join(dataDir, 'profiles', 'changed.json');
  const named = changed.noFile === true ? { tlsCaFile: join(dataDir, 'nowhere.pem') } : changed.tlsCa === undefined ? {} : { tlsCaFile };
  writeFileSync(
    file,
    JSON.stringify({ ...profile, name: 'changed', ...(changed.nodeUrl === undefined ? {} : { nodeUrl: changed.nodeUrl }), ...named }),
  );
  return run(['node', 'status', '--as', 'changed', '--data-dir', dataDir, ...argv]);
}

describe('a member node that cannot be reached', () => {
  const cases: readonly (readonly [string, () => Promise<Changed>, string, string])[] = [
    ['because nothing listens', () => Promise.resolve({ nodeUrl: 'https://127.0.0.1:1' }), 'ECONNREFUSED', '没有程序监听'],
    ['because there is no such host', () => Promise.resolve({ nodeUrl: 'https://node.invalid:7443' }), 'ENOTFOUND', '没有这个主机名'],
    [
      'because another authority was named',
      async () => ({ tlsCa: (await newAuthority('other')).pem }),
      'not issued by the authority named',
      '不是由所指定的 CA 签发',
    ],
    [
      'because what listens speaks no TLS',
      async () => ({ nodeUrl: `https://127.0.0.1:${await portOf(talker())}` }),
      'does not speak TLS',
      '不使用 TLS',
    ],
    [
      'because its certificate is for another name',
      async () => {
        const authority = await newAuthority('elsewhere');
        const { cert, key } = await authority.issue('node');
        const port = await portOf(createTlsServer({ cert, key }, (socket) => socket.on('error', () => undefined)));
        return { nodeUrl: `https://localhost:${port}`, tlsCa: authority.pem };
      },
      'is for other host names',
      '属于其他主机名',
    ],
  ];
  it.each(cases)('%s is told so, in both languages', async (_why, changed, english, chinese) => {
    const changes = await changed();
    const told = await status(changes);
    expect(told.code).toBe(1);
    expect(told.stderr).toContain(english);
    expect((await status(changes, '--lang', 'zh')).stderr).toContain(chinese);
  });

  const files: readonly (readonly [string, Changed, string])[] = [
    ['is not there', { noFile: true }, 'there is no such file'],
    ['is empty', { tlsCa: '' }, 'the file is empty'],
    ['is a key', { tlsCa: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }, 'a certificate was expected'],
    ['is a page of the web', { tlsCa: '<html>' }, 'PEM was expected'],
    ['is damaged', { tlsCa: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, 'cannot be parsed'],
  ];
  it.each(files)('because the authority’s file %s is told file and field', async (_what, changed, words) => {
    const { code, stderr } = await status(changed);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^CERTIFICATE_UNUSABLE/);
    expect(stderr).toContain('field=tlsCaFile');
    expect(stderr).toContain(words);
  });
});

describe('an administrator', () => {
  const administrator = (connection: string): string => {
    const connectionProfile = join(dataDir, 'connection.json');
    writeFileSync(connectionProfile, connection);
    const directory = join(dataDir, 'nowhere');
    const name = 'admin-a';
    saveProfile(
      join(dataDir, 'profiles', `${name}.json`),
      {
        name,
        kind: 'administrator',
        mspId: 'HospitalAMSP',
        connectionProfile,
        certDirectory: directory,
        keyDirectory: directory,
        channel: 'emr',
        chaincode: 'emr',
      },
      { replace: true },
    );
    return connectionProfile;
  };
  it.each([
    ['{', 'JSON or YAML'],
    ['{"organizations":{}}', 'field=peers'],
    ['{"organizations":{},"peers":{}}', 'names no peer of HospitalAMSP'],
    ['[]', 'organizations'],
  ])('whose connection profile is %s is told the file and what was expected', async (connection, words) => {
    administrator(connection);
    const { code, stderr } = await run(['org', 'list', '--as', 'admin-a', '--data-dir', dataDir]);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/INTERNAL|NOT_AN_ANSWER/);
    expect(stderr).toContain(words);
  });
});
