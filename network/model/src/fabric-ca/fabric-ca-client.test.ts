import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { createCertificateAuthority, issueIdentity, issueTls, type KeyAndCertificate } from '@lianyi/fabric-protocol';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { CaClient } from './ca-client';
import { find, pemOf } from './recorded-ca.fixture';

describe('the client of a CA', () => {
  let server: Server;
  const scratch = temporaryDir();
  const listenerCertificate = join(scratch.dir, 'listener-cert.pem');
  let tlsCa: Awaited<ReturnType<typeof createCertificateAuthority>>;
  let answer: { status: number; body: string } | undefined;
  const requests: { readonly method: string; readonly url: string; readonly authorization: string; readonly body: string }[] = [];
  let client: CaClient;
  let registrar: KeyAndCertificate;
  const registration = { id: 'node@a.example', secret: 's3cret', type: 'client', attributes: { 'lianyi.carrier': 'true' } };
  const as = (path: string, status: number): void => {
    answer = { status, body: find(path, status).answer };
  };

  beforeAll(async () => {
    tlsCa = await createCertificateAuthority('tlsca.a.example', 'a.example');
    registrar = await issueIdentity(tlsCa, { commonName: 'r', organization: 'a.example', organizationalUnits: ['registrar'] });
    const pair = await issueTls(tlsCa, { commonName: 'ca.a.example', organization: 'a.example', hosts: [] });
    writeFileSync(listenerCertificate, pair.certificatePem);
    server = createServer({ cert: pair.certificatePem, key: pair.privateKeyPem }, (incoming, outgoing) => {
      let body = '';
      incoming.on('data', (text: Buffer) => (body += text.toString()));
      incoming.on('end', () => {
        requests.push({
          method: incoming.method ?? '',
          url: incoming.url ?? '',
          authorization: incoming.headers.authorization ?? '',
          body,
        });
        outgoing.statusCode = answer?.status ?? 500;
        outgoing.end(answer?.body);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    client = new CaClient({
      server: 'ca.a.example',
      name: 'ca.a.example',
      port,
      tlsCaPem: tlsCa.certificatePem,
      listenerCertificate,
    });
  });

  afterAll(async () => {
    await new Promise((done) => server.close(done));
    scratch.remove();
  });

  it('registers for one enrolment, with attributes that go into the certificate, signed by the registrar', async () => {
    as('/register', 201);
    await expect(client.register(registrar, registration)).resolves.toBe(true);
    const sent = requests.at(-1);
    expect(sent).toMatchObject({ method: 'POST', url: '/api/v1/register' });
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      ...(JSON.parse(find('/register', 201).body) as object),
      max_enrollments: 1,
      caname: 'ca.a.example',
    });
    expect(sent?.authorization.split('.')[0]).toBe(Buffer.from(registrar.certificatePem).toString('base64'));
  });

  it('tells an identity that is registered already, and changes nothing then', async () => {
    as('/register', 409);
    await expect(client.register(registrar, registration)).resolves.toBe(false);
  });

  it('tells whether there is an identity to revoke', async () => {
    as('/revoke', 404);
    await expect(client.revoke(registrar, 'nobody')).resolves.toBe(false);
    as('/revoke', 200);
    await expect(client.revoke(registrar, 'node@a.example')).resolves.toBe(true);
  });

  it('asks at enrolment for the attributes that are named and no others', async () => {
    as('/enroll', 201);
    const pem = await client.enroll('node@a.example', 's3cret', { requestPem: 'csr', profile: 'tls', attributes: ['lianyi.carrier'] });
    expect(pem).toBe(pemOf('/enroll'));
    const { body = '' } = requests.at(-1) ?? {};
    expect(JSON.parse(body)).toEqual({
      certificate_request: 'csr',
      attr_reqs: [{ name: 'lianyi.carrier', optional: false }],
      profile: 'tls',
      caname: 'ca.a.example',
    });
  });

  it('refuses with what the CA said, and never with the secret', async () => {
    as('/enroll', 401);
    const failed = client.enroll('node@a.example', 'very-secret', { requestPem: 'csr', attributes: [] });
    await expect(failed).rejects.toMatchObject({
      code: 'CERTIFICATE_REFUSED',
      message: 'ca.a.example refused /api/v1/enroll: Authentication failure (code 20)',
    });
    await expect(failed).rejects.not.toThrow(/very-secret/);
  });

  it('does not believe what is no CA', async () => {
    answer = { status: 502, body: '<html>' };
    await expect(client.info()).rejects.toThrow(/is not ca.a.example \(HTTP status 502\)/);
    answer = { status: 200, body: '{"success":true,"result":{}}' };
    await expect(client.revocationList(registrar)).rejects.toThrow(/something else than Fabric CA 1.5 does/);
  });

  it('does not talk to a server of another TLS CA, or to none', async () => {
    const other = await createCertificateAuthority('tlsca.a.example', 'a.example');
    const before = requests.length;
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const options of [
      { port, tlsCaPem: other.certificatePem },
      { port: 1, tlsCaPem: other.certificatePem },
    ]) {
      const stranger = new CaClient({ server: 'ca.a.example', name: 'ca.a.example', listenerCertificate, ...options });
      await expect(stranger.enroll('a', 's', { requestPem: 'csr' })).rejects.toThrow(/ca.a.example does not answer on port/);
    }
    expect(requests).toHaveLength(before);
  });

  it('gives no secret to somebody else with a TLS pair of the organisation, and knows a renewed listener', async () => {
    const user = await issueTls(tlsCa, { commonName: 'doctor@a.example', organization: 'a.example', hosts: [] });
    const seen: (string | undefined)[] = [];
    const impostor = createServer({ cert: user.certificatePem, key: user.privateKeyPem }, (incoming, outgoing) => {
      seen.push(incoming.headers.authorization);
      outgoing.end(find('/enroll', 201).answer);
    });
    await new Promise<void>((done) => impostor.listen(0, '127.0.0.1', done));
    const address = impostor.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const file = join(scratch.dir, 'another-listener.pem');
    const fooled = new CaClient({
      ...{ server: 'ca.a.example', name: 'ca.a.example', port },
      ...{ tlsCaPem: tlsCa.certificatePem, listenerCertificate: file },
    });
    const enroll = (): Promise<string> => fooled.enroll('registrar', 's3cret', { requestPem: 'csr' });
    await expect(enroll()).rejects.toThrow(/the certificate of ca\.a\.example cannot be read/);
    writeFileSync(file, readFileSync(listenerCertificate));
    await expect(enroll()).rejects.toThrow(/its certificate is not that of ca\.a\.example/);
    expect(seen).toEqual([]);
    // a server that makes itself another certificate writes it there
    writeFileSync(file, user.certificatePem);
    await expect(enroll()).resolves.toMatch(/BEGIN CERTIFICATE/);
    await new Promise((done) => impostor.close(done));
  });
});
