import { createPublicKey, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseConsortium, writeConnectionProfiles, writeOrganizations } from '@lianyi/network-model';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { msp } from '../wire/proto';
import { curveOrder, derInteger, derSequence, isLowS, parseEcdsaSignature, readDer, toLowS, toP1363 } from './der';
import { loadSigner } from './signer';

const ORDER = curveOrder('prime256v1') ?? 0n;

describe('ECDSA signatures in DER', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('are low-S after normalising and still verify', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const low = toLowS(sign('sha256', message, privateKey), ORDER);
        const parsed = parseEcdsaSignature(low);
        return parsed !== undefined && isLowS(parsed, ORDER) && verify('sha256', message, publicKey, low);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps r and mirrors s at the order', () => {
    const high = derSequence(derInteger(5n), derInteger(ORDER - 7n));
    expect(parseEcdsaSignature(toLowS(high, ORDER))).toEqual({ r: 5n, s: 7n });
  });

  it('counts half of the order as low and one more as high', () => {
    expect(isLowS({ r: 1n, s: ORDER >> 1n }, ORDER)).toBe(true);
    expect(isLowS({ r: 1n, s: (ORDER >> 1n) + 1n }, ORDER)).toBe(false);
  });

  it('ignores bytes behind the sequence, as Go does', () => {
    const der = derSequence(derInteger(1n), derInteger(2n));
    expect(parseEcdsaSignature(Buffer.concat([der, Buffer.from('00ff', 'hex')]))).toEqual({ r: 1n, s: 2n });
  });

  it.each([
    ['nothing', ''],
    ['another tag', '0206020101020102'],
    ['a zero r', '3006020100020101'],
    ['a negative s', '3006020101020180'],
    ['a padded integer', '300702020001020101'],
    ['a length beyond the end', '3009020101020102'],
    ['a length that is not the shortest', '308106020101020102'],
    ['one integer only', '3003020101'],
  ])('refuses %s', (_, hex) => {
    expect(parseEcdsaSignature(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('refuses r or s beyond the order', () => {
    expect(toP1363({ r: ORDER, s: 1n }, ORDER)).toBeUndefined();
    expect(toP1363({ r: 1n, s: 2n }, ORDER)).toHaveLength(64);
  });

  it('writes integers in the fewest bytes that stay positive', () => {
    expect(derInteger(0n).toString('hex')).toBe('020100');
    expect(derInteger(127n).toString('hex')).toBe('02017f');
    expect(derInteger(128n).toString('hex')).toBe('02020080');
    expect(readDer(derInteger(2n ** 1100n))?.content.length).toBe(138);
  });
});

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

  it('writes a connection profile that names every peer with its TLS root and override name', () => {
    const paths = writeConnectionProfiles(scratch.dir, consortium, new Map([['peer0.a.example', 7051]]));
    const profile: unknown = JSON.parse(readFileSync(paths.get('AMSP') ?? '', 'utf8'));
    expect(profile).toMatchObject({
      organizations: { a: { mspid: 'AMSP', peers: ['peer0.a.example'] } },
      peers: { 'peer0.a.example': { url: 'grpcs://localhost:7051', grpcOptions: { 'ssl-target-name-override': 'peer0.a.example' } } },
    });
  });
});

describe('a consortium definition', () => {
  const organization = { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] };
  const base = { name: 'test', channel: { name: 'emr' }, organizations: [organization] };

  it('fills in the defaults of the embedded network', () => {
    expect(parseConsortium(base)).toMatchObject({
      ports: 'auto',
      channel: { batch: { timeoutMillis: 20, absoluteMaxBytes: 10 * 1024 * 1024 } },
    });
  });

  it.each([
    ['a policy of members', { chaincodes: [{ name: 'emr', version: '1', endorsementPolicy: "OR('AMSP.member')" }] }, /never \.member/],
    [
      'a collection policy of members',
      {
        chaincodes: [
          { name: 'emr', version: '1', collections: [{ name: 'c', members: ['AMSP'], endorsementPolicy: "OR('AMSP.Member')" }] },
        ],
      },
      /never \.member/,
    ],
    [
      'a collection of strangers',
      { chaincodes: [{ name: 'emr', version: '1', collections: [{ name: 'c', members: ['XMSP'] }] }] },
      /unknown organisation XMSP/,
    ],
    ['one MSP twice', { organizations: [organization, { ...organization, name: 'b', domain: 'b.example' }] }, /mspId AMSP occurs twice/],
    [
      'one domain twice',
      { organizations: [organization, { ...organization, name: 'b', mspId: 'BMSP' }] },
      /domain a\.example occurs twice/,
    ],
    ['no peer', { organizations: [{ ...organization, roles: ['orderer'] }] }, /no organisation has the role peer/],
    ['no orderer', { organizations: [{ ...organization, roles: ['peer'] }] }, /no organisation has the role orderer/],
    ['a channel in capitals', { channel: { name: 'EMR' } }, /channel\.name/],
    ['a domain that leaves its directory', { organizations: [{ ...organization, domain: '../a' }] }, /domain/],
    ['a setting nobody knows', { extra: 1 }, /extra/],
    ['a port that is none', { ports: { 'peer0.a.example': 70_000 } }, /ports/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => parseConsortium({ ...base, ...change })).toThrow(message);
  });
});
