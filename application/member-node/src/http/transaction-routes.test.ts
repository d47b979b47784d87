import { Writable } from 'node:stream';
import fc from 'fast-check';
import { type z } from 'zod';
import { newPrivateKey, publicKeyOf, signPatientCommand, signStaffRequest, type StaffSigner } from '@lianyi/client';
import {
  actorTagSchema,
  addMilliseconds,
  Conflict,
  DomainError,
  hashOfJson,
  instantOf,
  isErrorCode,
  type Ledger,
  mspIdSchema,
  NoAnswer,
  OutcomeUnknown,
  pseudonymSchema,
  Refused,
  sha256,
  type SignedRequest,
  type StaffProof,
  transactionByName,
  type TransactionEntry,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { MemberCertificates } from '../member-certificates';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { admitEverybody } from '../testing';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';
import { addTransactionRoutes } from './transaction-routes';

const identity = { mspId: mspIdSchema.parse('HospitalAMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const signer: StaffSigner = {
  network: identity,
  mspId: identity.mspId,
  actorTag: actorTagSchema.parse('registrar-1'),
  privateKey: newPrivateKey(),
};
const entry = transactions.RegisterPatient;
const input = { pseudonym: 'pseudonym-1', nonce: 'A'.repeat(22), suite: 'P256-SHA256', nextKeyHash: sha256('key') };
const now = (): ReturnType<typeof instantOf> => instantOf(Date.now());

describe('POST /v1/transactions/{contract}/{name}', () => {
  let server: NodeServer;
  let log = '';
  const waited: bigint[] = [];
  const held: unknown[] = [];
  let happened: bigint | undefined;
  const carried: SignedRequest<TransactionEntry>[] = [];
  let outcome: () => Promise<{ result: unknown; transactionId?: string; blockNumber?: bigint }>;

  beforeAll(async () => {
    const authority = await newAuthority('tlsca.a');
    const pair = await authority.issue('node');
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log += chunk.toString();
        done();
      },
    });
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: identity.mspId, caPem: authority.pem }]),
      requestsPerMinute: 100_000,
      logger: newLogger('debug', 'HospitalAMSP', sink),
    });
    const submit = (request: SignedRequest<TransactionEntry>): ReturnType<typeof outcome> => {
      carried.push(request);
      return outcome();
    };
    const evaluate = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => (await submit(request)).result;
    const newsOf = (...of: [string, bigint, unknown]): Promise<bigint | undefined> => {
      held.push(of.slice(0, 2));
      return Promise.resolve(happened);
    };
    // its peer has blocks up to 41
    const untilSeen = (block: bigint): Promise<void> => {
      waited.push(block);
      return block <= 41n ? Promise.resolve() : Promise.reject(new DomainError('PEER_BEHIND'));
    };
    // answers what the test says, whatever is asked
    addTransactionRoutes(server, {
      identity,
      heights: { untilSeen },
      news: { newsOf },
      admission: admitEverybody({ evaluate, submit } as Ledger),
    });
  });
  afterAll(async () => {
    await server.close();
  });
  beforeEach(() => {
    carried.length = waited.length = held.length = 0;
    happened = undefined;
    log = '';
    outcome = () => Promise.resolve({ result: { pseudonym: 'pseudonym-1' }, transactionId: 'ab', blockNumber: 12n });
  });

  const post = async (
    body: unknown,
    path = `${entry.contract}/${entry.name}`,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await server.inject({
      method: 'POST',
      url: `/v1/transactions/${path}`,
      headers: { 'content-type': 'application/json' },
      payload,
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const sign = (overrides: Partial<StaffSigner> = {}, signedInput: unknown = input, at = now()): StaffProof =>
    signStaffRequest({ ...signer, ...overrides }, { transaction: entry, input: signedInput }, at);

  it('carries a signed request unchanged and answers with its block', async () => {
    const proof = sign();
    const answer = await post({ input, proof });
    expect(answer).toEqual({ status: 200, body: { result: { pseudonym: 'pseudonym-1' }, transactionId: 'ab', blockNumber: '12' } });
    expect(carried).toEqual([{ entry, input, proof, requestHash: hashOfJson(input) }]);
  });

  describe('held for news', () => {
    const question = transactions.GetEmergencyChoice;
    const [pseudonym, other] = [pseudonymSchema.parse('pseudonym-1'), pseudonymSchema.parse('pseudonym-2')];
    const ask = (of = pseudonym, more: object = { newsAfter: '41' }): ReturnType<typeof post> => {
      const keys = { privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
      const request = { transaction: question, input: { pseudonym } };
      const proof = signPatientCommand({ network: identity, pseudonym: of, ...keys }, request, now());
      return post({ input: request.input, proof, ...more }, `${question.contract}/${question.name}`);
    };
    beforeEach(() => {
      outcome = () => Promise.resolve({ result: { pseudonym, choice: { stance: 'refused' } } });
    });

    it('answers the patient with the block in which something has happened to them, and without one when the time is up', async () => {
      happened = 43n;
      expect((await ask()).body).toMatchObject({ blockNumber: '43' });
      expect([held, carried]).toEqual([[[pseudonym, 41n]], [expect.anything(), expect.anything()]]);
      happened = undefined;
      expect((await ask()).body).not.toHaveProperty('blockNumber');
    });

    it('waits for nothing about whom the signature is not, whatever is asked', async () => {
      happened = 43n;
      await ask(other);
      expect(held).toEqual([[other, 41n]]);
    });

    it('waits for nobody whom the ledger refuses', async () => {
      outcome = () => Promise.reject(new Refused('NOT_PERMITTED', 'no', {}));
      expect([(await ask()).status, held]).toEqual([403, []]);
    });

    it.each<readonly [string, () => ReturnType<typeof post>]>([
      ['staff', () => post({ input, proof: sign(), newsAfter: '41' })],
      ['nobody', () => post({ input: { pseudonym }, newsAfter: '41' }, 'RegistrarContract/GetPseudonym')],
    ])('is nothing for %s', async (_who, asked) => {
      expect([(await asked()).body['code'], held]).toEqual(['NOT_AUTHENTICATED', []]);
    });

    it('is no waiting for whoever does not ask for it', async () => {
      await ask(pseudonym, {});
      expect([held, carried.length]).toEqual([[], 1]);
    });
  });

  it('carries nothing before the own peer has the block that the signer has seen, and names the block to nobody else', async () => {
    const proof = sign();
    await expect(post({ input, proof, seenBlock: '41' })).resolves.toMatchObject({ status: 200 });
    expect(carried).toEqual([{ entry, input, proof, requestHash: hashOfJson(input) }]);
    carried.length = 0;
    await expect(post({ input, proof, seenBlock: '42' })).resolves.toMatchObject({ status: 503, body: { code: 'PEER_BEHIND' } });
    expect([waited, carried]).toEqual([[41n, 42n], []]);
  });

  it.each([41, '-1', '4.1', '', '1'.repeat(21), null])('refuses the block %j', async (seenBlock) => {
    await expect(post({ input, proof: sign(), seenBlock })).resolves.toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect([waited, carried]).toEqual([[], []]);
  });

  it('waits for nobody who has not signed', async () => {
    await expect(post({ input: { pseudonym: 'pseudonym-1' }, seenBlock: '1' }, 'RegistrarContract/GetPseudonym')).resolves.toMatchObject({
      status: 401,
      body: { code: 'NOT_AUTHENTICATED' },
    });
    expect(waited).toEqual([]);
  });

  it.each(['RecordContract/GetRecord', 'RelationshipContract/GetRelationship', 'AccessContract/GetDecision', 'RegistrarContract/GetCard'])(
    'answers %s to nobody without a proof, though any member may read it',
    async (path) => {
      const asked = { pseudonym: 'pseudonym-1', recordId: 'record-1', mspId: 'HospitalAMSP', ticketId: 'ticket-1', cardId: 'card-1' };
      const [contract, name] = path.split('/');
      const { shape } = transactionByName(`${contract ?? ''}:${name ?? ''}`)?.request as z.ZodObject; // every request is an object
      const fields = Object.entries(asked).filter(([field]) => Object.hasOwn(shape, field));
      await expect(post({ input: Object.fromEntries(fields) }, path)).resolves.toMatchObject({
        status: 401,
        body: { code: 'NOT_AUTHENTICATED' },
      });
      expect(carried).toEqual([]);
    },
  );

  it('carries a question for the next key without a proof: a wallet that lost its place cannot sign yet', async () => {
    outcome = () => Promise.resolve({ result: {} });
    await expect(post({ input: { pseudonym: 'pseudonym-1' } }, 'RegistrarContract/GetPseudonym')).resolves.toEqual({
      status: 200,
      body: { result: {} },
    });
  });

  it('carries a transient value that the request covers, and none that it does not', async () => {
    const transient = {
      linkId: 'link-1',
      pseudonym: 'pseudonym-1',
      system: 'mrn',
      value: 'A-1',
      salt: Buffer.alloc(16).toString('base64url'),
    };
    const linkInput = { linkId: 'link-1', transientSha256: hashOfJson(transient) };
    const link = { transaction: transactions.LinkIdentifier, input: linkInput };
    const body = { input: linkInput, proof: signStaffRequest(signer, link, now()) };
    const good = await post({ ...body, transient }, 'RegistrarContract/LinkIdentifier');
    expect(good.status).toBe(200);
    const other = await post({ ...body, transient: { ...transient, value: 'A-2' } }, 'RegistrarContract/LinkIdentifier');
    expect(other).toMatchObject({ status: 422, body: { code: 'HASH_MISMATCH' } });
    expect(carried).toHaveLength(1);
  });

  it.each<readonly [string, () => unknown, number, string]>([
    ['no JSON', () => '{"input":', 400, 'INVALID_REQUEST'],
    ['a key twice', () => `{"input":${JSON.stringify(input)},"input":{}}`, 400, 'INVALID_REQUEST'],
    ['a prototype key', () => '{"input":{"__proto__":{}}}', 400, 'INVALID_REQUEST'],
    ['an unknown field', () => ({ input, proof: sign(), actor: 'root' }), 400, 'INVALID_REQUEST'],
    ['an unknown input field', () => ({ input: { ...input, role: 'registrar' }, proof: sign() }), 400, 'INVALID_REQUEST'],
    ['a fraction', () => ({ input: { ...input, pseudonym: 1.5 }, proof: sign() }), 400, 'INVALID_REQUEST'],
    ['an id that is none', () => ({ input: { ...input, pseudonym: 'a b' }, proof: sign() }), 400, 'INVALID_REQUEST'],
    ['an argument over 64 KiB', () => ({ input: { ...input, pseudonym: 'x'.repeat(70_000) }, proof: sign() }), 400, 'INVALID_REQUEST'],
    ['a body over the limit', () => ({ input: { ...input, pseudonym: 'x'.repeat(300_000) } }), 413, 'INVALID_REQUEST'],
    ['no proof', () => ({ input }), 401, 'NOT_AUTHENTICATED'],
    ['another channel', () => ({ input, proof: sign({ network: { ...identity, channel: 'other' } }) }), 422, 'PROOF_MISMATCH'],
    ['another chaincode', () => ({ input, proof: sign({ network: { ...identity, chaincode: 'other' } }) }), 422, 'PROOF_MISMATCH'],
    ['another network', () => ({ input, proof: sign({ network: { ...identity, genesis: sha256('other') } }) }), 422, 'PROOF_MISMATCH'],
    ['another input', () => ({ input, proof: sign({}, { ...input, pseudonym: 'p2' }) }), 422, 'PROOF_MISMATCH'],
    [
      'another transaction',
      () => ({ input, proof: signStaffRequest(signer, { transaction: transactions.IssueCard, input }, now()) }),
      422,
      'PROOF_MISMATCH',
    ],
    ['another hospital’s staff', () => ({ input, proof: sign({ mspId: mspIdSchema.parse('HospitalBMSP') }) }), 422, 'PROOF_MISMATCH'],
    ['a signature of another key', () => ({ input, proof: { ...sign(), publicKey: publicKeyOf(newPrivateKey()) } }), 422, 'BAD_SIGNATURE'],
    ['an expired statement', () => ({ input, proof: sign({}, input, addMilliseconds(now(), -600_000)) }), 422, 'TIME_SKEW'],
    ['a statement from the future', () => ({ input, proof: sign({}, input, addMilliseconds(now(), 300_000)) }), 422, 'TIME_SKEW'],
  ])('refuses %s and carries nothing', async (_what, body, status, code) => {
    await expect(post(body())).resolves.toMatchObject({
      status,
      body: { code, meaning: { zh: expect.any(String) as unknown }, remedy: { en: expect.any(String) as unknown } },
    });
    expect(carried).toEqual([]);
  });

  it('refuses a patient’s command that another key signed', async () => {
    const [privateKey, nextPrivateKey] = [newPrivateKey(), newPrivateKey()];
    const accept = { pseudonym: 'pseudonym-1', mspId: 'HospitalAMSP' };
    const patientSigner = { network: identity, pseudonym: pseudonymSchema.parse('pseudonym-1'), privateKey, nextPrivateKey };
    const proof = signPatientCommand(patientSigner, { transaction: transactions.AcceptRelationship, input: accept }, now());
    await expect(post({ input: accept, proof }, 'RelationshipContract/AcceptRelationship')).resolves.toMatchObject({ status: 200 });
    const forged = { ...proof, statement: { ...proof.statement, publicKey: publicKeyOf(newPrivateKey()) } };
    await expect(post({ input: accept, proof: forged }, 'RelationshipContract/AcceptRelationship')).resolves.toMatchObject({
      body: { code: 'BAD_SIGNATURE' },
    });
    expect(carried).toHaveLength(1);
  });

  it.each(['RegistrarContract/Nonsense', 'GrantPolicy', 'ConsentContract/RegisterPatient', 'org.hyperledger.fabric/GetMetadata'])(
    'does not know %s',
    async (path) => {
      await expect(post({ input, proof: sign() }, path)).resolves.toMatchObject({ status: 404, body: { code: 'UNKNOWN_TRANSACTION' } });
    },
  );

  it.each<readonly [string, Error, number, object]>([
    ['a refusal', new Refused('STALE_KEY', 'stale', { field: 'publicKey' }), 409, { code: 'STALE_KEY', details: { field: 'publicKey' } }],
    ['a code only the chaincode knows', new Refused('FROM_THE_FUTURE', 'new', {}), 422, { code: 'FROM_THE_FUTURE', message: 'new' }],
    ['a conflict', new Conflict('tx', 11), 409, { code: 'LEDGER_CONFLICT', retry: true }],
    ['an unavailable ledger', new Unavailable('UNAVAILABLE'), 503, { code: 'LEDGER_UNAVAILABLE', retry: true }],
    ['an unknown outcome', new OutcomeUnknown('tx-1'), 504, { code: 'OUTCOME_UNKNOWN', retry: false, details: { transactionId: 'tx-1' } }],
    ['the silence of a node below it', new OutcomeUnknown(undefined), 504, { code: 'OUTCOME_UNKNOWN', retry: false, details: {} }],
    ['the silence of a node below it', new NoAnswer('silent'), 503, { code: 'LEDGER_UNAVAILABLE', retry: true }],
    ['a fault of the node', new TypeError('canary-secret'), 500, { code: 'INTERNAL', details: {} }],
  ])('answers %s with its code', async (_what, error, status, body) => {
    outcome = () => Promise.reject(error);
    const answer = await post({ input, proof: sign() });
    expect(answer).toMatchObject({ status, body });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('logs neither bodies nor messages of faults', async () => {
    outcome = () => Promise.reject(new TypeError('canary-secret', { cause: new Error('canary-cause') }));
    await post({ input: { ...input, pseudonym: 'canary-pseudonym' }, proof: sign({}, { ...input, pseudonym: 'canary-pseudonym' }) });
    await post({ input: { canary: 'canary-field' } });
    expect(log).toContain('request failed');
    expect(log).not.toContain('canary');
  });

  it('answers 50 malformed requests per transaction with a typed refusal and carries none', async () => {
    for (const candidate of Object.values(transactions)) {
      for (const value of fc.sample(fc.anything({ maxDepth: 3 }), 50)) {
        const answer = await post(JSON.stringify({ input: value, proof: value }), `${candidate.contract}/${candidate.name}`);
        expect(answer.status).toBeLessThan(500);
        expect(isErrorCode(String(answer.body['code']))).toBe(true);
      }
    }
    expect(carried).toEqual([]);
  });
});
