import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadConnectionProfile } from '@lianyi/ledger-client';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { run, type Run } from './terminal.fixture';

/** A test network's `organizations/peerOrganizations/<domain>`, as cryptogen writes it. */
async function organisation(root: string, domain: string): Promise<string> {
  const folder = join(root, 'organizations', 'peerOrganizations', domain);
  const authority = await newAuthority('tlsca');
  const put = (path: string, content: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  };
  for (const user of ['User1', 'Admin']) {
    const { cert, key } = await authority.issue(user);
    put(`users/${user}@${domain}/msp/signcerts/${user}@${domain}-cert.pem`, cert);
    put(`users/${user}@${domain}/msp/keystore/priv_sk`, key);
  }
  put(`peers/peer0.${domain}/tls/ca.crt`, authority.pem);
  return folder;
}

const authorityOf = (folder: string): string => readFileSync(join(folder, `peers/peer0.${basename(folder)}/tls/ca.crt`), 'utf8');

describe('profile from-samples', () => {
  let root: string;
  let org1: string;
  let org2: string;
  const made = (env: Record<string, string>, ...more: readonly string[]): Promise<Run> =>
    run(['--data-dir', join(root, 'data'), 'profile', 'from-samples', '--name', 'admin', '--json', ...more], { env });
  const file = (): string => join(root, 'data', 'profiles', 'admin.json');
  const profile = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));

  beforeEach(async () => {
    root = scratchDirectory();
    org1 = await organisation(root, 'org1.example.com');
    org2 = await organisation(root, 'org2.example.com');
  });

  it('needs CRYPTO_PATH only for org1: the rest are the samples’ defaults, and the user an administrator', async () => {
    const { code, stdout, stderr } = await made({ CRYPTO_PATH: org1 });
    expect([code, stderr]).toEqual([0, '']);
    const connectionProfile = join(root, 'data', 'connections', 'admin.json');
    const msp = join(org1, 'users', 'Admin@org1.example.com', 'msp');
    expect(JSON.parse(stdout)).toEqual({
      ...{ name: 'admin', kind: 'administrator', mspId: 'Org1MSP', channel: 'mychannel', chaincode: 'emr' },
      ...{ connectionProfile, certDirectory: join(msp, 'signcerts'), keyDirectory: join(msp, 'keystore'), file: file() },
    });
    expect(await loadConnectionProfile(connectionProfile)).toEqual([
      {
        ...{ mspId: 'Org1MSP', name: 'peer0.org1.example.com', endpoint: 'localhost:7051' },
        ...{ tlsCaPem: authorityOf(org1), serverName: 'peer0.org1.example.com' },
      },
    ]);
    for (const path of [file(), connectionProfile]) expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('takes every variable of the samples', async () => {
    const users = join(org2, 'users', 'User1@org2.example.com', 'msp');
    const { code } = await made({
      ...{ MSP_ID: 'Org2MSP', CHANNEL_NAME: 'other', CHAINCODE_NAME: 'records', PEER_ENDPOINT: 'localhost:9051', PEER_HOST_ALIAS: 'alias' },
      TLS_CERT_PATH: join(org2, 'peers/peer0.org2.example.com/tls/ca.crt'),
      CERT_DIRECTORY_PATH: join(users, 'signcerts'),
      KEY_DIRECTORY_PATH: join(users, 'keystore'),
    });
    expect(code).toBe(0);
    expect(profile()).toMatchObject({ mspId: 'Org2MSP', channel: 'other', chaincode: 'records', keyDirectory: join(users, 'keystore') });
    expect(await loadConnectionProfile(join(root, 'data', 'connections', 'admin.json'))).toMatchObject([
      { mspId: 'Org2MSP', name: 'alias', endpoint: 'localhost:9051', tlsCaPem: authorityOf(org2), serverName: 'alias' },
    ]);
  });

  it('finds another organisation’s files below its CRYPTO_PATH, for another user as well', async () => {
    const env = { CRYPTO_PATH: org2, MSP_ID: 'Org2MSP', PEER_ENDPOINT: 'localhost:9051' };
    expect((await made(env, '--user', 'User1')).code).toBe(0);
    expect(profile()).toMatchObject({ certDirectory: join(org2, 'users', 'User1@org2.example.com', 'msp', 'signcerts') });
  });

  it.each<readonly [string, (root: string) => Record<string, string>, RegExp]>([
    ['nothing is set', () => ({}), /set CRYPTO_PATH, or CERT_DIRECTORY_PATH/],
    ['what is set is empty', () => ({ CRYPTO_PATH: '' }), /set CRYPTO_PATH, or CERT_DIRECTORY_PATH/],
    ['another organisation has no MSP_ID', () => ({ CRYPTO_PATH: org2 }), /set MSP_ID: there is no default for org2.example.com/],
    ['… or no endpoint', () => ({ CRYPTO_PATH: org2, MSP_ID: 'Org2MSP' }), /set PEER_ENDPOINT: there is no default/],
    ['there is no such folder', (at) => ({ CRYPTO_PATH: join(at, 'gone', 'org1.example.com') }), /ENOENT.*gone/],
    ['the channel’s name is none', () => ({ CRYPTO_PATH: org1, CHANNEL_NAME: 'x'.repeat(250) }), /channel: /],
  ])('is refused as a usage error when %s, and writes nothing', async (_what, env, sentence) => {
    const { code, stderr } = await made(env(root));
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  it('is refused, and writes nothing, when no key is that of the certificate: the folder is named', async () => {
    const { code, stderr } = await made({ CRYPTO_PATH: org1, KEY_DIRECTORY_PATH: join(org1, 'users') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/KEY_FILE_UNUSABLE.*users.*no key here/);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  it.each([
    ['words', 'not a certificate', 'PEM was expected'],
    ['nothing', '', 'the file is empty'],
  ])('is refused, and writes nothing, when the authority’s file holds %s', async (_what, content, words) => {
    const ca = join(org1, 'peers/peer0.org1.example.com/tls/ca.crt');
    writeFileSync(ca, content);
    const { code, stderr } = await made({ CRYPTO_PATH: org1 });
    expect(code).toBe(1);
    for (const part of ['CERTIFICATE_UNUSABLE', ca, words]) expect(stderr).toContain(part);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  it('overwrites neither a profile nor a connection profile, and leaves no half', async () => {
    expect((await made({ CRYPTO_PATH: org1 })).code).toBe(0);
    const before = readFileSync(file());
    expect((await made({ CRYPTO_PATH: org2, MSP_ID: 'Org2MSP', PEER_ENDPOINT: 'localhost:9051' })).code).not.toBe(0);
    expect(readFileSync(file()).equals(before)).toBe(true);
    mkdirSync(join(root, 'other', 'profiles'), { recursive: true });
    writeFileSync(join(root, 'other', 'profiles', 'admin.json'), '{}');
    const { code } = await run(['--data-dir', join(root, 'other'), 'profile', 'from-samples', '--name', 'admin'], {
      env: { CRYPTO_PATH: org1 },
    });
    expect(code).not.toBe(0);
    expect(readdirSync(join(root, 'other', 'connections'))).toEqual([]);
  });
});
