import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { type Answer, exchange } from '@lianyi/client/node';
import {
  endpointIdSchema,
  hashOfVersion,
  instantOf,
  mspIdSchema,
  permittedTicketSchema,
  pseudonymSchema,
  receiptSchema,
  recordIdSchema,
  type Sha256,
  sha256,
  statementText,
  type Ticket,
  verifySignature,
  versionIdentityOf,
} from '@lianyi/domain';
import { fingerprintOf, MemberCertificates } from '../member-certificates';
import { DepositedObjects } from '../services/deposited-objects';
import { Deposits } from '../services/deposits';
import { MemberHealth } from '../services/member-health';
import { ObjectService } from '../services/object-service';
import { Replication } from '../services/replication';
import { StandingTickets } from '../services/standing-tickets';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { FileVault } from '../vault/file-vault';
import { newLogger } from './log';
import { addMemberRoutes } from './member-routes';
import { buildServer, type NodeServer } from './server';

const a = mspIdSchema.parse('HospitalAMSP');
const b = mspIdSchema.parse('HospitalBMSP');
const c = mspIdSchema.parse('HospitalCMSP');
const object = randomBytes(50_000);
const receiptKey = newPrivateKey();
const network = { channel: 'emr', genesis: sha256('block 0') };
const ids = { pseudonym: pseudonymSchema.parse('pseudonym-1'), recordId: recordIdSchema.parse('record-1') };
const version = versionIdentityOf(network, { ...ids, version: 1 });
const versionHash = hashOfVersion(version);

const ticketOf = (overrides: object = {}): Ticket =>
  permittedTicketSchema.parse({
    schemaVersion: 1,
    ticketId: 'ticket-1',
    pseudonym: 'pseudonym-1',
    recordIds: ['record-1'],
    actor: { mspId: b, actorTag: 'cardiologist-1', roles: ['clinician'], department: 'cardiology' },
    purpose: 'TREAT',
    ephemeralPublicKey: publicKeyOf(newPrivateKey()),
    requestedAt: instantOf(Date.now()),
    origin: { requestHash: sha256('r'), actor: { kind: 'staff', mspId: b, actorTag: 'cardiologist-1' } },
    decision: 'permit',
    custodianMspId: b,
    recordVersions: [1],
    provisionIds: ['treatment'],
    grantVersions: [],
    expiresAt: instantOf(Date.now() + 60_000),
    state: 'open',
    ...overrides,
  });

describe('routes between members', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-member-routes-'));
  const authorities = new Map<string, TestAuthority>();
  const registered = new Set<Sha256>();
  const releases: { request: object; by: string }[] = [];
  let nodeOfB: { cert: string; key: string };
  let server: NodeServer;
  let port: number;
  let vault: FileVault;
  let deposits: Deposits;
  let ticket: Ticket | undefined;
  /** The object that the ledger's record names. */
  let named: Sha256;

  beforeAll(async () => {
    for (const mspId of [a, b, c]) authorities.set(mspId, await newAuthority(`tlsca.${mspId}`));
    const pair = await authority(a).issue('node');
    nodeOfB = await authority(b).issue('node');
    registered.add(fingerprintOf(new X509Certificate(nodeOfB.cert)));
    const members = new MemberCertificates([a, b, c].map((mspId) => ({ mspId, caPem: authority(mspId).pem })));
    const log = newLogger('silent', a);
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members,
      requestsPerMinute: 1_000,
      logger: log,
    });
    vault = await FileVault.open(dir);
    deposits = new Deposits(':memory:');
    const directory = {
      isRegistered: (mspId: string, tlsSha256: Sha256) => Promise.resolve(mspId === b && registered.has(tlsSha256)),
      members: () => Promise.resolve([a]),
      endpoints: () => Promise.resolve([]),
    };
    const nobody = { put: () => Promise.reject(new Error('not asked')) };
    const replication = new Replication(
      { mspId: a, vaultEndpointId: endpointIdSchema.parse('vault'), copies: 1, patienceMillis: 400 },
      { vault, deposits, replicas: nobody, directory, health: new MemberHealth(), receiptKey, log },
    );
    const reader = { ticketStanding: () => Promise.resolve(ticket && { ticket, changedRecordIds: [] }) };
    const standing = new StandingTickets({ reader, index: { waitFor: (look) => look(), height: () => Promise.resolve(1n) } });
    const objects = new ObjectService({
      vault,
      deposits,
      deposited: new DepositedObjects({ network, vault, deposits }),
      replication,
      // the fields the service reads
      reader: { recordVersion: () => Promise.resolve({ ...version, cipherSha256: named } as never) },
      standing,
      maxDocumentBytes: 100_000,
    });
    const keyService = {
      release: (request: object, by: string) => {
        releases.push({ request, by });
        return Promise.resolve({ releaseId: 'release-1' as never, sealedKey: 'AAAA', transactionId: 'tx', attestation: {} as never });
      },
    };
    addMemberRoutes(server, { members, directory, objects, keyService });
    await server.listen({ host: '127.0.0.1', port: 0 });
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await server.close();
    await deposits.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    ticket = ticketOf();
    named = sha256(object);
    releases.length = 0;
  });

  function authority(mspId: string): TestAuthority {
    const found = authorities.get(mspId);
    if (found === undefined) throw new Error('no authority');
    return found;
  }

  async function call(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    pair?: { cert: string; key: string },
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer & { json(): Record<string, unknown> }> {
    const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
    const tls = { ca: [authority(a).pem], ...pair };
    const answer = await exchange({
      host: '127.0.0.1',
      port,
      method,
      path,
      ...(body === undefined ? { headers } : { body, headers: { 'content-type': type, ...headers } }),
      tls,
      patience: { totalMillis: 5_000 },
      maxBytes: 1_000_000,
    });
    return { ...answer, json: () => JSON.parse(answer.body.toString()) as Record<string, unknown> };
  }
  const ask = JSON.stringify({ ticketId: 'ticket-1', recordId: 'record-1' });
  const forVersion = { 'lianyi-record-version': versionHash };
  const objectPath = `/v1/objects/${sha256(object)}`;

  it('takes the member from the authority that issued the certificate, whatever its subject says', async () => {
    const answer = await call('POST', '/v1/keys:release', nodeOfB, ask);
    expect(answer.status).toBe(200);
    expect(releases).toEqual([{ request: { ticketId: 'ticket-1', recordId: 'record-1' }, by: 'HospitalBMSP' }]);
    const posing = await authority(b).issue('node.HospitalAMSP');
    registered.add(fingerprintOf(new X509Certificate(posing.cert)));
    await call('POST', '/v1/keys:release', posing, ask);
    expect(releases.at(-1)?.by).toBe('HospitalBMSP');
  });

  it.each<readonly [string, () => Promise<{ cert: string; key: string } | undefined>]>([
    ['no certificate', () => Promise.resolve(undefined)],
    ['a certificate of a member’s authority that the ledger does not name', () => authority(b).issue('user')],
    ['a certificate of a foreign authority of the same name', async () => (await newAuthority('tlsca.HospitalBMSP')).issue('node')],
    [
      'a certificate registered by another member',
      async () => {
        const pair = await authority(c).issue('node');
        registered.add(fingerprintOf(new X509Certificate(pair.cert)));
        return pair;
      },
    ],
    [
      'an expired certificate, though registered',
      async () => {
        const pair = await authority(b).issue('node', {
          notBefore: new Date(Date.now() - 7_200_000),
          notAfter: new Date(Date.now() - 3_600_000),
        });
        registered.add(fingerprintOf(new X509Certificate(pair.cert)));
        return pair;
      },
    ],
  ])('refuses %s on every route between members', async (_what, pairOf) => {
    const pair = await pairOf();
    for (const answer of [
      await call('POST', '/v1/keys:release', pair, ask),
      await call('PUT', objectPath, pair, object, forVersion),
      await call('GET', objectPath, pair, undefined, { 'lianyi-ticket': 'ticket-1' }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'NOT_AUTHENTICATED' });
    }
    expect(releases).toEqual([]);
    expect(await vault.has(sha256(object))).toBe(false);
  });

  it('refuses an object that is not the one named, and one too large; keeps neither', async () => {
    expect((await call('PUT', `/v1/objects/${sha256('other')}`, nodeOfB, object, forVersion)).json()).toMatchObject({
      code: 'HASH_MISMATCH',
    });
    const large = randomBytes(150_000);
    expect((await call('PUT', `/v1/objects/${sha256(large)}`, nodeOfB, large, forVersion)).json()).toMatchObject({
      code: 'OBJECT_TOO_LARGE',
    });
    expect((await call('PUT', '/v1/objects/no-hash', nodeOfB, object, forVersion)).status).toBe(400);
    for await (const kept of vault.list()) throw new Error(`kept ${kept}`);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['no version', {}],
    ['a record’s id', { 'lianyi-record-version': 'record-1' }],
    ['a hash in hexadecimal', { 'lianyi-record-version': 'a'.repeat(64) }],
    ['a hash in another spelling', { 'lianyi-record-version': `${versionHash}=` }],
  ])('keeps nothing for a deposit that names %s', async (_what, headers) => {
    expect((await call('PUT', objectPath, nodeOfB, object, headers)).json()).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await vault.has(sha256(object))).toBe(false);
  });

  it('stores an object and signs a receipt for it', async () => {
    const answer = await call('PUT', objectPath, nodeOfB, object, forVersion);
    expect(answer.status).toBe(201);
    const receipt = receiptSchema.parse(answer.json());
    expect(receipt.statement).toMatchObject({
      objectSha256: sha256(object),
      versionHash,
      mspId: a,
      endpointId: 'vault',
      sizeBytes: object.length,
    });
    expect(verifySignature(publicKeyOf(receiptKey), statementText(receipt.statement), receipt.signature)).toBe(true);
  });

  it('delivers it under a live ticket of the caller', async () => {
    const answer = await call('GET', objectPath, nodeOfB, undefined, { 'lianyi-ticket': 'ticket-1' });
    expect(answer.body.equals(object)).toBe(true);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each<readonly [string, () => Ticket | undefined, string]>([
    ['no such ticket', () => undefined, 'NOT_PERMITTED'],
    [
      'another member’s ticket',
      () => ticketOf({ actor: { mspId: c, actorTag: 'x', roles: ['clinician'], department: 'd' } }),
      'NOT_PERMITTED',
    ],
    ['a closed ticket', () => ticketOf({ state: 'closed' }), 'TICKET_CLOSED'],
    ['an expired ticket', () => ticketOf({ expiresAt: instantOf(Date.now() - 1) }), 'TICKET_CLOSED'],
  ])('delivers nothing for %s', async (_what, given, code) => {
    ticket = given();
    const answer = await call('GET', objectPath, nodeOfB, undefined, { 'lianyi-ticket': 'ticket-1' });
    expect(answer.json()).toMatchObject({ code });
  });

  it('delivers nothing under a permit for a record that only names the object, of a member that did not deposit it', async () => {
    // every member reads every hash and receipt on the ledger, and can anchor them again as a record of its own
    const { sha256: ofA } = await vault.put([Buffer.from('sealed by A')]);
    await deposits.add({ objectSha256: ofA, depositor: a, versionHash });
    named = ofA;
    const get = () => call('GET', `/v1/objects/${ofA}`, nodeOfB, undefined, { 'lianyi-ticket': 'ticket-1' });
    ticket = ticketOf({ custodianMspId: b });
    expect((await get()).json()).toMatchObject({ code: 'NOT_PERMITTED' });
    ticket = ticketOf({ custodianMspId: a });
    expect((await get()).body.toString()).toBe('sealed by A');
  });

  it('delivers nothing without a ticket, nor another object under a good one', async () => {
    expect((await call('GET', objectPath, nodeOfB)).json()).toMatchObject({ code: 'NOT_PERMITTED' });
    const { sha256: other } = await vault.put([Buffer.from('another')]);
    expect((await call('GET', `/v1/objects/${other}`, nodeOfB, undefined, { 'lianyi-ticket': 'ticket-1' })).json()).toMatchObject({
      code: 'NOT_PERMITTED',
    });
  });

  it('is not reached by a client that was given another certificate by the ledger', async () => {
    const tls = { ca: [authority(a).pem], ...nodeOfB, pinnedSha256: [sha256('another certificate')] };
    const wanted = {
      host: '127.0.0.1',
      port,
      method: 'GET',
      path: objectPath,
      tls,
      patience: { totalMillis: 5_000 },
      maxBytes: 1_000,
    } as const;
    await expect(exchange(wanted)).rejects.toThrow('not the one the ledger names');
    await expect(exchange({ ...wanted, tls: { ca: [authority(b).pem] } })).rejects.toThrow();
  });

  it('refuses two members with one authority', () => {
    const caPem = authority(a).pem;
    expect(
      () =>
        new MemberCertificates([
          { mspId: a, caPem },
          { mspId: b, caPem },
        ]),
    ).toThrow('same TLS authority');
  });
});
