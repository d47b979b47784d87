import { z } from 'zod';
import { carryingOperation, everyOperation, newPrivateKey, signPatientCommand } from '@lianyi/client';
import { DomainError, instantOf, type Ledger, mspIdSchema, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { abreast, admitEverybody, noNews } from '../testing';
import { newLogger } from './log';
import { buildServer, JSON_LIMITS, type NodeServer } from './server';
import { addTransactionRoutes } from './transaction-routes';
import { MemberCertificates } from '../member-certificates';
import { newAuthority } from '@lianyi/test/support/test-certificates';

const identity = { mspId: mspIdSchema.parse('HospitalAMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const grant = '/v1/transactions/ConsentContract/GrantPolicy';
const put = carryingOperation(transactions.PutEnvelope).path;
/** What a schema does not say: how many parameters a query has, eight, and what a transaction that is carried inside has, looked at by itself. */
const UNSAID = 16;

interface Described {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly additionalProperties?: Described | boolean;
  readonly items?: Described;
  readonly prefixItems?: readonly Described[];
  readonly maxItems?: number;
  readonly anyOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
}

/** How many values there may be in what a schema describes. */
function mostValues(described: Described): number {
  const { anyOf = [], oneOf = [], type, properties = {}, additionalProperties, items, prefixItems, maxItems = Infinity } = described;
  const either = [...anyOf, ...oneOf];
  if (either.length > 0) return Math.max(...either.map(mostValues));
  const sum = (all: readonly Described[]): number => all.reduce((count, each) => count + mostValues(each), 1);
  if (type === 'object')
    return sum(Object.values(properties)) + (typeof additionalProperties === 'object' ? UNSAID * mostValues(additionalProperties) : 0);
  if (type === 'array') return prefixItems === undefined ? 1 + maxItems * mostValues(items ?? {}) : sum(prefixItems);
  return 1;
}

describe('the largest honest body', () => {
  it.each(everyOperation().flatMap(({ id, body }) => (body instanceof z.ZodType ? [[id, body] as const] : [])))(
    '%s has fewer values than a node reads',
    (_id, body) => {
      // zod's own description, inlined
      const described = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Described;
      expect(2 * mostValues(described)).toBeLessThan(JSON_LIMITS.maxValues);
    },
  );
});

describe('a body', () => {
  let server: NodeServer;
  let read: number[];
  let isWelcome: boolean;
  beforeAll(async () => {
    const authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: identity.mspId, caPem: authority.pem }]),
      requestsPerMinute: 100_000,
      assertMayRead: (_ip, bytes) => read.push(bytes),
      logger: newLogger('silent', identity.mspId),
    });
    const assertWelcome = (): void => {
      if (!isWelcome) throw new DomainError('RATE_LIMITED');
    };
    addTransactionRoutes(server, {
      identity,
      heights: abreast,
      news: noNews,
      admission: { ...admitEverybody({} as Ledger), assertWelcome },
    }); // nothing here comes so far
  });
  afterAll(() => server.close());
  beforeEach(() => {
    [read, isWelcome] = [[], true];
  });
  const post = async (url: string, body: unknown): Promise<{ status: number; body: { code: string; details: object } }> => {
    const payload = JSON.stringify(body);
    const answer = await server.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('of more values than any honest one is refused before it is read to its end', async () => {
    const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
    expect((await post(grant, { input: { a: zeros(7_000) } })).body.details).toMatchObject({ problem: 'TOO_MANY' });
    expect((await post(grant, { input: { a: zeros(6_000) } })).body.details).not.toMatchObject({ problem: 'TOO_MANY' });
  });

  it('is as large as a transaction’s argument, and larger where it has a transient value', async () => {
    const large = { input: {}, transient: { text: 'x'.repeat(100_000) } };
    expect((await post(grant, large)).status).toBe(413);
    expect(read).toEqual([]);
    expect((await post(put, large)).status).toBe(400);
    expect(read).toEqual([expect.any(Number)]);
  });

  it('of an address that has nothing left is refused by its proof, before its input is looked at', async () => {
    isWelcome = false;
    const transaction = { transaction: transactions.GrantPolicy, input: {} };
    const [privateKey, nextPrivateKey] = [newPrivateKey(), newPrivateKey()];
    const signer = { network: identity, pseudonym: pseudonymSchema.parse('psn'), privateKey, nextPrivateKey };
    const proof = signPatientCommand(signer, transaction, instantOf(Date.now()));
    expect((await post(grant, { input: { wrong: 1 }, proof })).body.code).toBe('RATE_LIMITED');
    expect((await post(grant, { input: { wrong: 1 } })).body.code).toBe('INVALID_REQUEST');
  });
});
