import { createPrivateKey, createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { msp } from '@lianyi/fabric-protocol';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { parseConsortium } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { writeConnectionProfiles } from './connection-profile';
import { InProcessAuthority } from './in-process-authority';
import { loadSigner } from './load-signer';
import { writeOrganizations } from './write-organizations';

const newKey = (namedCurve = 'P-256'): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('certificates of an organisation', () => {
  const scratch = temporaryDir();
  afterAll(() => {
    scratch.remove();
  });

  const consortium = parseConsortium({
    name: 'test',
    channel: { name: 'emr' },
    organizations: [{ mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'], users: ['nurse'] }],
  });
  const root = join(scratch.dir, 'organizations/peerOrganizations/a.example');
  const readCertificate = (path: string): X509Certificate => new X509Certificate(readFileSync(join(root, path)));

  beforeAll(async () => {
    await writeOrganizations(scratch.dir, consortium);
  });

  it.each([
    ['peers/peer0.a.example/msp/signcerts/peer0.a.example-cert.pem', 'peer'],
    ['orderers/orderer0.a.example/msp/signcerts/orderer0.a.example-cert.pem', 'orderer'],
    ['users/Admin@a.example/msp/signcerts/Admin@a.example-cert.pem', 'admin'],
    ['users/User1@a.example/msp/signcerts/User1@a.example-cert.pem', 'client'],
    ['users/node@a.example/msp/signcerts/node@a.example-cert.pem', 'client'],
    ['users/nurse@a.example/msp/signcerts/nurse@a.example-cert.pem', 'client'],
  ])('%s carries OU=%s, is signed by the CA with a low s and is no CA', (path, unit) => {
    const certificate = readCertificate(path);
    const ca = readCertificate('ca/ca.a.example-cert.pem');
    expect(certificate.subject.split('\n')).toContain(`OU=${unit}`);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(ca.ca).toBe(true);
  });

  it('marks only the member node as carrier, in the attribute extension of Fabric CA', () => {
    const raw = (user: string): string =>
      readCertificate(`users/${user}@a.example/msp/signcerts/${user}@a.example-cert.pem`).raw.toString('latin1');
    expect(raw('node')).toContain('{"attrs":{"lianyi.carrier":"true"}}');
    expect(raw('User1')).not.toContain('lianyi.carrier');
  });

  it('keeps every private key from group and others', () => {
    for (const path of [
      'ca/priv_sk',
      'tlsca/priv_sk',
      'users/node@a.example/msp/keystore/priv_sk',
      'users/node@a.example/tls/server.key',
      'peers/peer0.a.example/tls/server.key',
    ]) {
      expect([path, statSync(join(root, path)).mode & 0o777]).toEqual([path, 0o600]);
    }
  });

  it('issues TLS certificates for the node name and loopback by another CA than the identities', () => {
    const server = readCertificate('peers/peer0.a.example/tls/server.crt');
    expect(server.checkHost('peer0.a.example')).toBe('peer0.a.example');
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.verify(readCertificate('tlsca/tlsca.a.example-cert.pem').publicKey)).toBe(true);
    expect(server.verify(readCertificate('ca/ca.a.example-cert.pem').publicKey)).toBe(false);
  });

  it('leaves certificates alone that exist already', async () => {
    const before = readFileSync(join(root, 'ca/ca.a.example-cert.pem'), 'utf8');
    await writeOrganizations(scratch.dir, consortium);
    expect(readFileSync(join(root, 'ca/ca.a.example-cert.pem'), 'utf8')).toBe(before);
  });

  it('loads a signer whose signature the certificate verifies', () => {
    const signer = loadSigner(join(root, 'users/User1@a.example/msp'), 'AMSP');
    const message = Buffer.from('message');
    expect(verify('sha256', message, createPublicKey(signer.certificatePem), signer.sign(message))).toBe(true);
    expect(msp.SerializedIdentity.deserializeBinary(signer.serializedIdentity).getMspid()).toBe('AMSP');
  });

  describe('of an MSP directory that others have written', () => {
    const own = (): readonly [certificate: string, key: string] => {
      const msp = join(root, 'users/User1@a.example/msp');
      return [readFileSync(join(msp, 'signcerts/User1@a.example-cert.pem'), 'utf8'), readFileSync(join(msp, 'keystore/priv_sk'), 'utf8')];
    };
    type Files = Readonly<Record<string, string>>;
    const written = (certificates: Files, keys: Files): string => {
      const made = mkdtempSync(join(scratch.dir, 'msp-'));
      for (const [folder, files] of Object.entries({ signcerts: certificates, keystore: keys })) {
        mkdirSync(join(made, folder, 'a-folder'), { recursive: true });
        for (const [name, content] of Object.entries(files)) writeFileSync(join(made, folder, name), content);
      }
      return made;
    };

    it.each<readonly [string, (key: string) => Files]>([
      ['behind another', (key) => ({ '1_sk': newKey(), '2_sk': key })],
      ['before another', (key) => ({ '1_sk': key, '2_sk': newKey() })],
      ['between keys of other curves', (key) => ({ '1_sk': newKey('P-384'), '2_sk': key, '3_sk': newKey('secp256k1') })],
      ['beside what is no key', (key) => ({ 'a.txt': 'notes', 'b.pem': own()[0], c_sk: key, '.hidden': newKey() })],
      ['in the older form of a key', (key) => ({ a_sk: createPrivateKey(key).export({ format: 'pem', type: 'sec1' }).toString() })],
    ])('the key of the certificate is taken that lies %s', (_where, keys) => {
      const [certificate, key] = own();
      const signer = loadSigner(written({ cert: certificate }, keys(key)), 'AMSP');
      const message = Buffer.from('message');
      expect(verify('sha256', message, createPublicKey(certificate), signer.sign(message))).toBe(true);
    });

    it.each<readonly [string, (certificate: string, key: string) => readonly [Files, Files], string]>([
      ['another key alone', (cert) => [{ cert }, { sk: newKey() }], 'keystore holds no private key'],
      ['two other keys', (cert) => [{ cert }, { '1_sk': newKey(), '2_sk': newKey() }], 'keystore holds no private key'],
      ['no key', (cert) => [{ cert }, {}], 'keystore holds no private key'],
      ['a damaged key', (cert, key) => [{ cert }, { sk: key.slice(0, 90) }], 'keystore holds no private key'],
      ['a certificate behind a byte order mark', (cert, key) => [{ cert: `\ufeff${cert}` }, { sk: key }], 'of the certificate beside it'],
      [
        'a certificate in lines that end with a carriage return alone',
        (cert, key) => [{ cert: cert.replaceAll('\n', '\r') }, { sk: key }],
        'of the certificate beside it',
      ],
      [
        'a certificate in indented lines',
        (cert, key) => [{ cert: cert.replaceAll('\n', '\n ') }, { sk: key }],
        'of the certificate beside it',
      ],
      ['a certificate behind words on its line', (cert, key) => [{ cert: `User1 ${cert}` }, { sk: key }], 'of the certificate beside it'],
      ['two certificates', (cert, key) => [{ cert, other: cert }, { sk: key }], 'signcerts must hold exactly one certificate'],
      ['no certificate', (_cert, key) => [{}, { sk: key }], 'signcerts must hold exactly one certificate'],
    ])('with %s is refused in one sentence that quotes nothing', (_what, files, sentence) => {
      const load = (): unknown => loadSigner(written(...files(...own())), 'AMSP');
      expect(load).toThrow(OperatorError);
      expect(load).toThrow(sentence);
      expect(load).not.toThrow('BEGIN');
    });
  });

  it.each<readonly [string, string, (key: string, cert: string) => string, string, string]>([
    [
      'another key',
      'priv_sk',
      () => newKey(),
      'ca.a.example cannot issue: its key is not that of its certificate',
      'ca.a.example 无法签发',
    ],
    ['no key', 'priv_sk', () => 'notes', 'ca.a.example cannot issue: its key cannot be read', '其密钥无法读取'],
    ['its certificate for a key', 'priv_sk', (_key, cert) => cert, 'its key cannot be read', '其密钥无法读取'],
    [
      'a byte order mark',
      'ca.a.example-cert.pem',
      (_key, cert) => `\ufeff${cert}`,
      'its certificate is none that peers read',
      '无法被 peer 节点读取',
    ],
    ['its key for a certificate', 'ca.a.example-cert.pem', (key) => key, 'its certificate is none that peers read', '其证书'],
  ])('are issued by no authority with %s, which is told by its name', async (_what, file, content, en, zh) => {
    const dir = mkdtempSync(join(scratch.dir, 'spoilt-'));
    cpSync(join(scratch.dir, 'organizations'), join(dir, 'organizations'), { recursive: true });
    const own = (name: string): string => join(dir, 'organizations/peerOrganizations/a.example/ca', name);
    const [key, cert] = ['priv_sk', 'ca.a.example-cert.pem'].map((name) => readFileSync(own(name), 'utf8'));
    writeFileSync(own(file), content(key ?? '', cert ?? ''));
    const [organization] = consortium.organizations;
    if (organization === undefined) throw new Error('no organisation');
    const issuing = InProcessAuthority.load(dir, organization).issueIdentity({ role: 'client', commonName: 'u' });
    const refused: unknown = await issuing.catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'OperatorError', code: 'CERTIFICATE_REFUSED', message: expect.stringContaining(en) as string });
    expect((refused as OperatorError).sentence.zh).toContain(zh);
    expect((refused as Error).message).not.toContain('BEGIN');
  });

  it('writes a connection profile that names every peer with its TLS root and override name', () => {
    const paths = writeConnectionProfiles(scratch.dir, consortium, new Map([['peer0.a.example', 7051]]));
    const profile: unknown = JSON.parse(readFileSync(paths.get('AMSP') ?? '', 'utf8'));
    expect(profile).toMatchObject({
      organizations: { a: { mspid: 'AMSP', peers: ['peer0.a.example'] } },
      peers: { 'peer0.a.example': { url: 'grpcs://localhost:7051', grpcOptions: { 'ssl-target-name-override': 'peer0.a.example' } } },
    });
  });
});
