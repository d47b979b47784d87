import { encodeBase64url, mspIdSchema, newRequest, type Proof, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { newPrivateKey } from '../signing/p256';
import { MemberNodeClient } from './member-node-client';
import { memberOperations } from './operations';
import { NotSent, type TransportAnswer } from './transport';

const pseudonym = pseudonymSchema.parse('pseudonym-1');
const json = (body: unknown, headers = {}, status = 200): TransportAnswer => ({
  status,
  headers,
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const clientOf = (exchange: () => Promise<TransportAnswer>): MemberNodeClient =>
  new MemberNodeClient({ url: 'https://node.a.example', exchange, close: () => undefined });
const sign = (): Proof => ({}) as Proof; // whoever answers here looks at no proof
const prepared = { transaction: 'AnchorRecord', input: {} } as const;

const silences: readonly (readonly [string, () => Promise<TransportAnswer>])[] = [
  ['falls silent', () => Promise.reject(new Error('socket hang up'))],
  ['answers a page', () => Promise.resolve({ status: 502, headers: {}, body: new TextEncoder().encode('<html>') })],
  ['answers something else', () => Promise.resolve(json({ result: { decision: 'maybe' } }))],
  ['answers a block number that is none', () => Promise.resolve(json({ result: {}, transactionId: 'tx', blockNumber: 'seven' }))],
];

describe('a node that may have carried a command on', () => {
  const grant = newRequest(transactions.CloseTicket, { ticketId: 't-1' });

  it.each(silences)('and %s leaves the outcome of a submit unknown', async (_what, exchange) => {
    await expect(clientOf(exchange).ledger.submit(grant)).rejects.toMatchObject({ kind: 'outcome-unknown', transactionId: undefined });
  });

  it.each(silences)('and %s leaves the outcome of a publication unknown', async (_what, exchange) => {
    await expect(clientOf(exchange).publishRecord(prepared, sign)).rejects.toMatchObject({ kind: 'outcome-unknown' });
  });

  it.each(silences)('and %s leaves a question without an answer, and nothing in doubt', async (_what, exchange) => {
    const asking = clientOf(exchange).ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
    await expect(asking).rejects.toMatchObject({ kind: 'no-answer' });
  });
});

describe('a node that was not reached', () => {
  const client = clientOf(() => Promise.reject(new NotSent(new Error('connect ECONNREFUSED'))));

  it('has carried nothing on, whatever it was to do', async () => {
    const unavailable = { kind: 'unavailable', message: expect.stringContaining('node.a.example') as unknown };
    await expect(client.ledger.submit(newRequest(transactions.CloseTicket, { ticketId: 't-1' }))).rejects.toMatchObject(unavailable);
    await expect(client.publishRecord(prepared, sign)).rejects.toMatchObject(unavailable);
    await expect(client.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }))).rejects.toMatchObject(unavailable);
  });
});

describe('a document', () => {
  const content = new TextEncoder().encode('sealed bytes');
  const hash = sha256(content);
  const at = '2026-11-22T08:00:00.000Z';
  const vaults = ['A', 'B'].map((letter) => ({ mspId: `Hospital${letter}MSP`, endpointId: 'vault' }));
  const header = (recordId: string): object => ({
    record: {
      schemaVersion: 1,
      pseudonym,
      recordId,
      version: 1,
      operation: 'anchor',
      class: 'laboratory-report',
      category: 'personal-attribute',
      dataLevel: 3,
      confidentiality: 'N',
      format: 'fhir-r4-json',
      displayProfile: 'cn-lab@1',
      sizeBucket: 12,
      cipherSha256: hash,
      contentCommitment: hash,
      dekCommitment: hash,
      keyEpoch: 1,
      locators: vaults,
      receipts: vaults.map((vault) => ({
        statement: { t: 'lianyi/receipt/v1', objectSha256: hash, sizeBytes: content.length, ...vault, storedAt: at },
        signature: encodeBase64url(new Uint8Array(64)),
      })),
      at,
      origin: { requestHash: hash, actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'author-1' } },
    },
    custodianMspId: 'HospitalAMSP',
    key: { releaseId: 'release-1', sealedKey: encodeBase64url(new Uint8Array(200)), transactionId: 'tx' },
    source: { mspId: 'HospitalAMSP', endpointId: 'vault-a' },
    rejected: [],
  });
  const described = (recordId: string): Record<string, string> => ({
    [memberOperations.ReadDocument.answerHeader.name]: encodeBase64url(new TextEncoder().encode(JSON.stringify(header(recordId)))),
  });

  it('is not opened when the node answers with another record than the one asked for', async () => {
    const client = clientOf(() => Promise.resolve({ status: 200, headers: described('record-2'), body: content }));
    const request = {
      ticketId: 'ticket-1',
      recordId: 'record-1',
      channel: 'emr',
      mspId: mspIdSchema.parse('HospitalBMSP'),
      ephemeralKey: newPrivateKey(),
    };
    await expect(client.readDocument(request, sign)).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
      message: expect.stringContaining('another record') as unknown,
      details: { recordId: 'record-1' },
    });
  });
});
