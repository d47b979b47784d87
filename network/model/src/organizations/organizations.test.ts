import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { msp } from '@lianyi/fabric-protocol';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { parseConsortium } from '../consortium/consortium';
import { writeConnectionProfiles } from './connection-profile';
import { loadSigner } from './load-signer';
import { writeOrganizations } from './write-organizations';

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
