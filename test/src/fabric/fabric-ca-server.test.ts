import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorityPaths, CaClient, chooseFreePorts, parseConsortium, readAccess, Registrar, writeServerFiles } from '@lianyi/network-model';
import { folderOf } from './fabric-command';
import { describeOnFabricCa } from './on-fabric-ca';
import { waitUntil } from '../wait-until';

const domain = 'a.example';

describeOnFabricCa('a CA server that anybody on this machine may talk to', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-ca-server-'));
  const [organization] = parseConsortium({
    name: 'test',
    channel: { name: 'emr' },
    organizations: [{ mspId: 'AMSP', name: 'a', domain, roles: ['peer', 'orderer'] }],
  }).organizations;
  if (organization === undefined) throw new Error('no organisation');
  const paths = authorityPaths(dir, organization);
  let port = 0;
  let server: ChildProcess | undefined;

  const client = (name: string): CaClient =>
    new CaClient({
      ...{ server: `ca.${domain}`, name, port, listenerCertificate: paths.listenerCertificate },
      tlsCaPem: readFileSync(join(paths.tlsCa, 'ca-cert.pem'), 'utf8'),
    });
  const registrarOf = (ca: string): Registrar => {
    const access = readAccess(paths);
    if (access === undefined) throw new Error('no registrar');
    return new Registrar(client(ca), domain, access.registrar);
  };
  const answers = async (): Promise<boolean> => {
    try {
      return (await client(`ca.${domain}`).info()).name !== '' && (await client(`tlsca.${domain}`).info()).name !== '';
    } catch {
      return false;
    }
  };
  const end = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((done) => server?.once('exit', done));
    server.kill();
    await gone;
  };

  beforeAll(async () => {
    port = (await chooseFreePorts(1))[0] ?? 0;
    writeServerFiles(dir, organization, port);
    const program = join(folderOf('fabric-ca-server') ?? '', 'fabric-ca-server');
    server = spawn(program, ['start', '--home', paths.tlsCa, '--loglevel', 'fatal'], { cwd: paths.tlsCa, stdio: 'ignore' });
    await waitUntil('the server answers', answers);
  });

  afterAll(async () => {
    await end();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What somebody does who knows nothing but the port. */
  function guess(ca: string, password: string): Promise<number> {
    return new Promise((done, fail) => {
      const authorization = `Basic ${Buffer.from(`registrar:${password}`).toString('base64')}`;
      const options = {
        host: '127.0.0.1',
        port,
        path: '/api/v1/enroll',
        method: 'POST',
        rejectUnauthorized: false,
        headers: { authorization },
      };
      const asked = request(options, (answer) => {
        answer.resume();
        answer.on('end', () => {
          done(answer.statusCode ?? 0);
        });
      });
      asked.on('error', fail);
      asked.end(JSON.stringify({ caname: ca, certificate_request: 'x' }));
    });
  }

  it.each([`ca.${domain}`, `tlsca.${domain}`])('locks nobody out for eleven wrong guesses: %s still issues and revokes', async (ca) => {
    for (let attempt = 0; attempt < 11; attempt++) expect(await guess(ca, `guess ${attempt}`)).toBe(401);
    const registrar = registrarOf(ca);
    const { certificatePem } = await registrar.certify({ commonName: 'guest', organization: domain, type: 'client', attributes: {} });
    const file = ca.startsWith('tls') ? paths.tlsCa : paths.ca;
    expect(new X509Certificate(certificatePem).verify(new X509Certificate(readFileSync(join(file, 'ca-cert.pem'))).publicKey)).toBe(true);
    await expect(registrar.revoke('guest')).resolves.toBe(true);
  });

  it('is known by its own certificate: who takes its port with a TLS pair of the organisation is told nothing', async () => {
    const holder = { commonName: 'doctor', organization: domain, type: 'client', attributes: {}, hosts: ['localhost'], profile: 'tls' };
    const pair = await registrarOf(`tlsca.${domain}`).certify(holder);
    expect(existsSync(paths.listenerCertificate)).toBe(true);
    await end();
    const told: (string | undefined)[] = [];
    const impostor = createServer({ cert: pair.certificatePem, key: pair.privateKeyPem }, (incoming, outgoing) => {
      told.push(incoming.headers.authorization);
      outgoing.end('{}');
    });
    await new Promise<void>((done) => impostor.listen(port, '127.0.0.1', done));
    await expect(registrarOf(`ca.${domain}`).revoke('guest')).rejects.toThrow(/its certificate is not that of ca\.a\.example/);
    await new Promise((done) => impostor.close(done));
    expect(told).toEqual([]);
  });
});
