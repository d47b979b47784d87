import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { exchange } from '@lianyi/client/node';
import { mspIdSchema } from '@lianyi/domain';
import { fingerprintOf, MemberCertificates } from '../member-certificates';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { newLogger } from './log';
import { buildServer } from './server';

const a = mspIdSchema.parse('HospitalAMSP');

describe('stopping', () => {
  it('lets a request under way finish and takes no new one', async () => {
    const authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    const members = new MemberCertificates([{ mspId: a, caPem: authority.pem }]);
    const server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members,
      requestsPerMinute: 100,
      logger: newLogger('silent', a),
    });
    const started = Promise.withResolvers<undefined>();
    server.get('/slow', async () => {
      started.resolve(undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { done: true };
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const wanted = {
      host: '127.0.0.1',
      port,
      method: 'GET',
      path: '/slow',
      tls: { ca: [authority.pem] },
      patience: { totalMillis: 5_000 },
      maxBytes: 1_000,
    } as const;
    const underWay = exchange(wanted);
    await started.promise;
    await server.close();
    expect((await underWay).body.toString()).toBe('{"done":true}');
    await expect(exchange(wanted)).rejects.toThrow();
  });
});

describe('rate limit', () => {
  it('answers the request too many with RATE_LIMITED and when to come again', async () => {
    const authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    const members = new MemberCertificates([{ mspId: a, caPem: authority.pem }]);
    const server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members,
      requestsPerMinute: 3,
      logger: newLogger('silent', a),
    });
    server.get('/x', () => ({}));
    // of a path that is none no body is read, and nothing of it is counted
    const broken = { method: 'POST', url: '/v1/nothing', headers: { 'content-type': 'application/json' }, payload: '{' } as const;
    expect((await server.inject(broken)).json()).toMatchObject({ code: 'UNKNOWN_OPERATION' });
    for (let round = 0; round < 3; round += 1) expect((await server.inject('/x')).statusCode).toBe(200);
    const refused = await server.inject('/x');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({
      code: 'RATE_LIMITED',
      retry: true,
      details: { retryAfterSeconds: expect.any(Number) as unknown },
    });
    await server.close();
  });

  it('counts a member’s registered certificates together, and any other one by its address', async () => {
    const authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    const server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: a, caPem: authority.pem }]),
      requestsPerMinute: 3,
      wasRegistered: ({ tlsSha256 }) => registered.includes(tlsSha256),
      logger: newLogger('silent', a),
    });
    server.get('/x', () => ({}));
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const askWith = async (client: { cert: string; key: string }): Promise<number> =>
      (await exchange({ ...get('/x', port), tls: { ca: [authority.pem], ...client } })).status;
    const [one, two, user, other] = await Promise.all(['one', 'two', 'user', 'other'].map((name) => authority.issue(name)));
    if (one === undefined || two === undefined || user === undefined || other === undefined) throw new Error('no certificates');
    const registered = [one, two].map(({ cert }) => fingerprintOf(new X509Certificate(cert)));
    const seen: number[] = [];
    for (const client of [one, two, one, two, user, other, user, other]) seen.push(await askWith(client));
    expect(seen).toEqual([200, 200, 200, 429, 200, 200, 200, 429]);
    await server.close();
  });
});

function get(path: string, port: number): Omit<Parameters<typeof exchange>[0], 'tls'> {
  return { host: '127.0.0.1', port, method: 'GET', path, patience: { totalMillis: 5_000 }, maxBytes: 1_000 };
}
