import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { loadConnectionProfile } from './connection-profile';
import { identityInDirectories, loadSigningIdentity } from './identity-files';

type Profile = { organizations: unknown; peers: unknown };

let pem: string;
let pair: { readonly cert: string; readonly key: string };
beforeAll(async () => {
  const authority = await newAuthority('tlsca');
  [pem, pair] = [authority.pem, await authority.issue('user')];
});

const peer = (changes: object = {}): object => ({ url: 'grpcs://peer0.example:7051', tlsCACerts: { pem }, ...changes });
const good = (changes: Partial<Profile> = {}): Profile => ({
  organizations: { Org1: { mspid: 'Org1MSP', peers: ['peer0.example'] } },
  peers: { 'peer0.example': peer() },
  ...changes,
});

function written(content: string | Profile): string {
  const file = join(scratchDirectory(), 'connection.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('a connection profile', () => {
  it('names its peers, JSON or YAML; certificate files count from its own folder', async () => {
    const file = written(good({ peers: { 'peer0.example': peer({ tlsCACerts: { path: 'tls/ca.pem' } }) } }));
    mkdirSync(join(file, '../tls'));
    writeFileSync(join(file, '../tls/ca.pem'), pem);
    const expected = [{ mspId: 'Org1MSP', name: 'peer0.example', endpoint: 'peer0.example:7051', tlsCaPem: pem, serverName: undefined }];
    expect(await loadConnectionProfile(file)).toEqual(expected);
    const yaml = `organizations: {Org1: {mspid: Org1MSP, peers: [peer0.example]}}\npeers: {peer0.example: {url: "grpcs://peer0.example:7051", tlsCACerts: {pem: ${JSON.stringify(pem)}}}}\n`;
    expect(await loadConnectionProfile(written(yaml))).toEqual(expected);
  });

  const faults: readonly (readonly [string, () => string | Profile, object])[] = [
    ['is empty', () => '', { cause: 'field-wrong', seen: 'null' }],
    ['is neither JSON nor YAML', () => '{"organizations": [', { cause: 'not-json-or-yaml' }],
    ['is a list', () => '[]', { cause: 'field-wrong', seen: 'list' }],
    ['has no organisations', () => good({ organizations: undefined }), { field: 'organizations', cause: 'field-missing' }],
    [
      'gives a list of organisations',
      () => good({ organizations: 'Org1' }),
      { field: 'organizations', cause: 'field-wrong', seen: 'Org1' },
    ],
    [
      'has an organisation without MSP id',
      () => good({ organizations: { Org1: { peers: [] } } }),
      { field: 'organizations.Org1.mspid', cause: 'field-missing' },
    ],
    ['describes no peers', () => good({ peers: undefined }), { field: 'peers', cause: 'field-missing' }],
    [
      'lists a peer that it does not describe',
      () => good({ peers: { other: peer() } }),
      { field: 'organizations.Org1.peers.0', expected: 'other', seen: 'peer0.example' },
    ],
    [
      'has a peer without an address',
      () => good({ peers: { 'peer0.example': { tlsCACerts: { pem } } } }),
      { field: 'peers.peer0.example.url', cause: 'field-missing', expected: 'grpcs://host:port' },
    ],
    [
      'has a peer without TLS',
      () => good({ peers: { 'peer0.example': peer({ url: 'grpc://peer0.example:7051' }) } }),
      { field: 'peers.peer0.example.url', seen: 'grpc://peer0.example:7051' },
    ],
    [
      'has a peer of a website',
      () => good({ peers: { 'peer0.example': peer({ url: 'https://peer0.example:7051' }) } }),
      { field: 'peers.peer0.example.url', cause: 'field-wrong' },
    ],
    [
      'has a peer without a port',
      () => good({ peers: { 'peer0.example': peer({ url: 'grpcs://peer0.example' }) } }),
      { field: 'peers.peer0.example.url', cause: 'field-wrong' },
    ],
    [
      'gives no authority',
      () => good({ peers: { 'peer0.example': peer({ tlsCACerts: {} }) } }),
      { field: 'peers.peer0.example.tlsCACerts', cause: 'field-missing' },
    ],
  ];
  it.each(faults)('that %s is refused with file, field and what was expected', async (_what, content, details) => {
    const file = written(content());
    await expect(loadConnectionProfile(file)).rejects.toMatchObject({ code: 'CONNECTION_PROFILE_UNUSABLE', details: { file, ...details } });
  });

  it('that is not there, or a folder, is refused by its name', async () => {
    const file = join(scratchDirectory(), 'none.json');
    const unusable = { code: 'CONNECTION_PROFILE_UNUSABLE' };
    await expect(loadConnectionProfile(file)).rejects.toMatchObject({ ...unusable, details: { file, cause: 'file-missing' } });
    await expect(loadConnectionProfile(join(file, '..'))).rejects.toMatchObject({ ...unusable, details: { cause: 'not-a-file' } });
  });

  const authorities: readonly (readonly [string, () => string, string])[] = [
    ['nothing', () => '', 'file-empty'],
    ['words', () => 'secret words', 'no-pem'],
    ['a key', () => pair.key, 'no-certificate'],
    ['a byte order mark', () => `\ufeff${pem}`, 'byte-order-mark'],
    ['carriage returns alone', () => pem.replaceAll('\n', '\r'), 'no-line-feeds'],
    ['half a certificate', () => pem.split(/\r?\n/).toSpliced(2, 1).join('\n'), 'certificate-damaged'],
    ['a bundle whose second certificate is half', () => pem + pem.split(/\r?\n/).toSpliced(2, 1).join('\n'), 'certificate-damaged'],
    ['a bundle whose last certificate breaks off', () => pem + pem.slice(0, 200), 'certificate-damaged'],
  ];
  it.each(authorities)('whose authority is %s is refused by field and cause, and not quoted', async (_what, content, cause) => {
    const inline = written(good({ peers: { 'peer0.example': peer({ tlsCACerts: { pem: content() } }) } }));
    const error: unknown = await loadConnectionProfile(inline).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'CERTIFICATE_UNUSABLE',
      details: { file: inline, field: 'peers.peer0.example.tlsCACerts.pem', cause },
    });
    expect(String((error as Error).stack)).not.toContain('secret words');
    const beside = written(good({ peers: { 'peer0.example': peer({ tlsCACerts: { path: 'ca.pem' } }) } }));
    await expect(loadConnectionProfile(beside)).rejects.toMatchObject({
      details: { file: join(beside, '../ca.pem'), cause: 'file-missing' },
    });
  });
});

describe('an identity on disk', () => {
  const folders = (certs: Readonly<Record<string, string>>, keys: Readonly<Record<string, string>>): [string, string] => {
    const root = scratchDirectory();
    const [certDirectory, keyDirectory] = [join(root, 'signcerts'), join(root, 'keystore')];
    for (const [folder, files] of [
      [certDirectory, certs],
      [keyDirectory, keys],
    ] as const) {
      mkdirSync(folder);
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    }
    return [certDirectory, keyDirectory];
  };
  const newKey = (namedCurve: string): string =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

  it('takes of several keys the one that fits the certificate', async () => {
    const found = await identityInDirectories(
      'Org1MSP',
      ...folders({ 'cert.pem': pair.cert }, { a_sk: newKey('P-256'), b_sk: pair.key, c_sk: 'no key' }),
    );
    expect(found.keyFile).toMatch(/b_sk$/);
    expect((await loadSigningIdentity(found)).identity.mspId).toBe('Org1MSP');
  });

  const faults: readonly (readonly [string, () => [Record<string, string>, Record<string, string>], string, string])[] = [
    ['no certificate', () => [{}, { k: pair.key }], 'CERTIFICATE_UNUSABLE', 'directory-empty'],
    ['two certificates', () => [{ a: pair.cert, b: pair.cert }, { k: pair.key }], 'CERTIFICATE_UNUSABLE', 'several-certificates'],
    ['a key for a certificate', () => [{ a: pair.key }, { k: pair.key }], 'CERTIFICATE_UNUSABLE', 'no-certificate'],
    ['no key', () => [{ a: pair.cert }, {}], 'KEY_FILE_UNUSABLE', 'directory-empty'],
    ['a certificate for a key', () => [{ a: pair.cert }, { k: pair.cert }], 'KEY_FILE_UNUSABLE', 'no-private-key'],
    ['another key', () => [{ a: pair.cert }, { k: newKey('P-256') }], 'KEY_FILE_UNUSABLE', 'key-of-another-certificate'],
    [
      'two other keys',
      () => [{ a: pair.cert }, { k: newKey('P-256'), l: newKey('P-256') }],
      'KEY_FILE_UNUSABLE',
      'key-of-another-certificate',
    ],
    ['a key on another curve', () => [{ a: pair.cert }, { k: newKey('P-384') }], 'KEY_FILE_UNUSABLE', 'key-other-kind'],
    [
      'a damaged key',
      () => [{ a: pair.cert }, { k: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }],
      'KEY_FILE_UNUSABLE',
      'key-damaged',
    ],
    [
      'an encrypted key',
      () => [{ a: pair.cert }, { k: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n' }],
      'KEY_FILE_UNUSABLE',
      'key-encrypted',
    ],
  ];
  it.each(faults)('with %s is refused by file and cause', async (_what, content, code, cause) => {
    const load = identityInDirectories('Org1MSP', ...folders(...content())).then(loadSigningIdentity);
    await expect(load).rejects.toMatchObject({ code, details: { cause } });
  });
});
