import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { parseConsortium } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { writeOrganizations } from '../organizations/write-organizations';
import { authorityPaths, readAccess, writeServerFiles } from './server-files';

describe('files of a CA server', () => {
  const scratch = temporaryDir();
  const consortium = parseConsortium({
    name: 'test',
    channel: { name: 'emr' },
    organizations: [{ mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] }],
    certificates: 'fabric-ca',
  });
  const [organization] = consortium.organizations;
  if (organization === undefined) throw new Error('no organisation');
  const paths = authorityPaths(scratch.dir, organization);
  const config = (folder: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, 'fabric-ca-server-config.yaml'), 'utf8')) as Record<string, unknown>;

  beforeAll(() => {
    writeServerFiles(scratch.dir, organization, 7054);
  });
  afterAll(() => {
    scratch.remove();
  });

  it('keep the registrar secret from others, and the same over starts', () => {
    const secret = readAccess(paths)?.registrar.secret ?? '';
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    for (const file of [paths.access, join(paths.ca, 'fabric-ca-server-config.yaml'), join(paths.tlsCa, 'fabric-ca-server-config.yaml')])
      expect(statSync(file).mode & 0o077).toBe(0);
    writeServerFiles(scratch.dir, organization, 7054);
    expect(readAccess(paths)?.registrar.secret).toBe(secret);
  });

  it('host both CAs behind one TLS listener of this machine, with ports that no other server takes', () => {
    expect(config(paths.tlsCa)).toMatchObject({
      address: '127.0.0.1',
      port: 7054,
      tls: { enabled: true },
      operations: { listenAddress: '127.0.0.1:0' },
      cafiles: [join(paths.ca, 'fabric-ca-server-config.yaml')],
      ca: { name: 'tlsca.a.example' },
    });
    expect(config(paths.ca)).toMatchObject({
      ca: { name: 'ca.a.example' },
      db: { type: 'sqlite3', datasource: join(paths.ca, 'fabric-ca-server.db') },
    });
  });

  it('lock no identity for wrong guesses, which anybody who reaches the port may make', () => {
    for (const folder of [paths.ca, paths.tlsCa]) expect(config(folder)).toMatchObject({ cfg: { identities: { passwordattempts: 0 } } });
  });

  it('let only the TLS CA issue TLS certificates, for clients too, and the registrar be nobody on a channel', () => {
    const profiles = (folder: string): object => (config(folder)['signing'] as { profiles: object }).profiles;
    expect(profiles(paths.tlsCa)).toMatchObject({ tls: { usage: expect.arrayContaining(['server auth', 'client auth']) as string[] } });
    expect(profiles(paths.ca)).not.toHaveProperty('tls');
    for (const folder of [paths.ca, paths.tlsCa])
      expect(config(folder)).toMatchObject({ registry: { identities: [{ type: 'registrar' }] } });
  });

  it('have names of their own: no chaincode service is called as a CA server or another node', () => {
    const named = (name: string): unknown => ({ ...consortium, chaincodes: [{ name, version: '1.0' }] });
    for (const name of ['ca', 'peer0', 'peer17', 'orderer0'])
      expect(() => parseConsortium(named(name))).toThrow(/names of nodes; a chaincode cannot have one/);
    for (const name of ['caa', 'peers', 'orderer', 'my-peer0']) expect(() => parseConsortium(named(name))).not.toThrow();
  });

  it('are absent where certificates are issued in-process', () => {
    rmSync(paths.folder, { recursive: true });
    expect(existsSync(paths.access)).toBe(false);
    expect(readAccess(paths)).toBeUndefined();
  });
});

describe('an organisation that has its certificates', () => {
  const scratch = temporaryDir();
  const definition = (users: readonly string[], peers = 1): ReturnType<typeof parseConsortium> =>
    parseConsortium({
      name: 'test',
      channel: { name: 'emr' },
      organizations: [{ mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'], users, peers }],
    });
  const root = join(scratch.dir, 'organizations/peerOrganizations/a.example');
  const certificate = (holder: string): string => readFileSync(join(root, holder), 'utf8');
  const ADMIN = 'users/Admin@a.example/msp/signcerts/Admin@a.example-cert.pem';

  afterAll(() => {
    scratch.remove();
  });

  it('gives a user and a peer that came later theirs by the same CA, and leaves the others', async () => {
    await writeOrganizations(scratch.dir, definition([]));
    const before = certificate(ADMIN);
    await writeOrganizations(scratch.dir, definition(['nurse'], 2));
    const nurse = new X509Certificate(certificate('users/nurse@a.example/msp/signcerts/nurse@a.example-cert.pem'));
    const ca = new X509Certificate(certificate('ca/ca.a.example-cert.pem'));
    expect(nurse.verify(ca.publicKey)).toBe(true);
    expect(existsSync(join(root, 'peers/peer1.a.example/msp/keystore/priv_sk'))).toBe(true);
    expect(certificate(ADMIN)).toBe(before);
  });

  it('gives no second key to a node that has stored something under its first', async () => {
    const folder = join(root, 'orderers/orderer0.a.example');
    rmSync(folder, { recursive: true });
    mkdirSync(join(scratch.dir, 'fabric/nodes/orderer0.a.example/data'), { recursive: true });
    await writeOrganizations(scratch.dir, definition(['nurse'], 2));
    expect(existsSync(folder)).toBe(false);
  });

  it('needs the key of its CA only when something has to be issued', async () => {
    rmSync(join(root, 'ca/priv_sk'));
    await writeOrganizations(scratch.dir, definition(['nurse'], 2));
    const failed = writeOrganizations(scratch.dir, definition(['nurse', 'doctor'], 2));
    await expect(failed).rejects.toThrow(OperatorError);
    await expect(failed).rejects.toThrow(/the key of ca.a.example is not here/);
    expect(existsSync(join(root, 'users/doctor@a.example'))).toBe(false);
  });
});
