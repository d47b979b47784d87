import { type InjectOptions } from 'fastify';
import { mspIdSchema, sha256, type Ledger } from '@lianyi/domain';
import { abreast, admitEverybody, noNews } from '../testing';
import { addHealthRoutes } from './health-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';
import { addTransactionRoutes } from './transaction-routes';

const identity = { mspId: mspIdSchema.parse('HospitalAMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const grant = '/v1/transactions/ConsentContract/GrantPolicy';

let server: NodeServer;
beforeAll(async () => {
  server = await newServerOf(identity.mspId, 100_000);
  addTransactionRoutes(server, { identity, heights: abreast, news: noNews, admission: admitEverybody({} as Ledger) }); // nothing here comes so far
  addHealthRoutes(server, {
    identity,
    index: {
      heights: () => Promise.resolve({}),
      alarms: () => Promise.resolve([]),
      unreadableBlock: () => Promise.resolve(undefined),
      ownNameTaken: () => Promise.resolve(undefined),
    },
    faults: () => [],
    warnings: () => [],
  });
});
afterAll(() => server.close());

type Refusal = {
  readonly status: number;
  readonly allow: unknown;
  readonly body: { readonly code: string; readonly details: Record<string, unknown> };
};

async function refusalOf(wanted: InjectOptions): Promise<Refusal> {
  const answer = await server.inject(wanted);
  expect(answer.body).not.toMatch(/FST_|fastify/i);
  return { status: answer.statusCode, allow: answer.headers['allow'], body: answer.json() };
}

describe('a path or method that is none', () => {
  it.each([
    ['GET', grant, 'POST'],
    ['PUT', grant, 'POST'],
    ['DELETE', '/v1/network', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['PATCH', '/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s is answered 405, with what is allowed', async (method, url, allowed) => {
    expect(await refusalOf({ method, url })).toMatchObject({ status: 405, allow: allowed, body: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it.each([
    ['/v1/nonsense', 404, 'UNKNOWN_OPERATION'],
    ['/', 404, 'UNKNOWN_OPERATION'],
    ['/v1/transactions/ConsentContract/Nonsense', 404, 'UNKNOWN_TRANSACTION'],
    ['/v1/transactions/ConsentContract/GrantPolicy/more', 404, 'UNKNOWN_TRANSACTION'],
    ['/v1/%zz', 400, 'INVALID_REQUEST'],
  ] as const)('%s is answered %i %s', async (url, status, code) => {
    expect(await refusalOf({ method: 'POST', url })).toMatchObject({ status, body: { code } });
  });
});

describe('a body', () => {
  const post = (payload: unknown, type = 'application/json'): Promise<Refusal> =>
    refusalOf({
      method: 'POST',
      url: grant,
      headers: { 'content-type': type },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/octet-stream',
    'application/fhir+json',
    'multipart/form-data; boundary=x',
  ])('of type %s is answered 415, with the type that is taken', async (type) => {
    expect(await post('{}', type)).toMatchObject({
      status: 415,
      body: { code: 'MEDIA_TYPE_NOT_TAKEN', details: { expected: 'application/json', seen: type } },
    });
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON'])('of type %s is read', async (type) => {
    expect((await post({}, type)).status).toBe(400);
  });

  it('is told every place that does not fit, with what was expected and seen, and no value', async () => {
    const { status, body } = await post({
      input: { pseudonym: 'a b', grantee: 7, secretWord: 'canary' },
      proof: { kind: 'robot' },
      actor: 'root',
    });
    expect(status).toBe(400);
    expect(body.details['faults']).toEqual(
      expect.arrayContaining([
        { path: 'proof.kind', expected: expect.any(String) as unknown, seen: 'string' },
        { path: 'actor', expected: 'nothing', seen: 'string' },
      ]),
    );
    expect(JSON.stringify(body)).not.toContain('canary');
    const input = (await post({ input: { pseudonym: 'a b', grantee: 7, secretWord: 'canary' } })).body.details['faults'];
    expect(input).toEqual(
      expect.arrayContaining([
        { path: 'input.pseudonym', expected: expect.stringContaining('A-Za-z0-9') as unknown, seen: 'string' },
        { path: 'input.grantee', expected: 'object', seen: 'number' },
        { path: 'input.secretWord', expected: 'nothing', seen: 'string' },
        { path: 'input.provisions', expected: 'array', seen: 'nothing' },
      ]),
    );
  });

  it.each<readonly [string, unknown, string, string]>([
    ['nothing', '', 'INVALID_REQUEST', ''],
    ['a list', [], 'INVALID_REQUEST', 'array'],
    ['a text', '"x"', 'INVALID_REQUEST', 'string'],
    ['null', 'null', 'INVALID_REQUEST', 'null'],
  ])('that is %s is told so', async (_what, payload, code, seen) => {
    const { status, body } = await post(payload);
    expect({ status, code: body.code }).toEqual({ status: 400, code });
    if (seen !== '') expect(body.details['faults']).toEqual([{ path: '', expected: 'object', seen }]);
  });

  it('with a thousand wrong items is told of 32 at most', async () => {
    const { body } = await post({ input: { pseudonym: 'p', provisions: Array.from({ length: 500 }, () => 'x') } });
    expect((body.details['faults'] as unknown[]).length).toBeLessThanOrEqual(32);
    expect(JSON.stringify(body).length).toBeLessThan(16_000);
  });
});
