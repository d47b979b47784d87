import { DomainError, newRequest, type Proof, transactions } from '@lianyi/domain';
import { document, network, nonce, type Preparation, preparation, pseudonym, recordId } from './exchange-of.fixture';
import { MemberNodeClient } from './member-node-client';
import { NotSent, type TransportAnswer } from './transport';

const json = (body: unknown, headers = {}, status = 200): TransportAnswer => ({
  status,
  headers,
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const clientOf = (exchange: () => Promise<TransportAnswer>): MemberNodeClient =>
  new MemberNodeClient({ url: 'https://node.a.example', exchange, close: () => undefined });
const sign = (): Proof => ({}) as Proof; // whoever answers here looks at no proof
const toPublish = { network, pseudonym, recordId, nonce, bytes: document };
let prepared: Preparation['prepared'];
beforeAll(async () => {
  ({ prepared } = await preparation());
});

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
    await expect(clientOf(exchange).publishRecord(toPublish, prepared, sign)).rejects.toMatchObject({ kind: 'outcome-unknown' });
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
    await expect(client.publishRecord(toPublish, prepared, sign)).rejects.toMatchObject(unavailable);
    await expect(client.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }))).rejects.toMatchObject(unavailable);
  });
});

describe('what is published', () => {
  it('is not signed for where the check that was given refuses it', async () => {
    const place = { url: 'https://node.a.example', exchange: () => Promise.reject(new Error('asked')), close: () => undefined };
    const client = new MemberNodeClient(place, () => Promise.reject(new DomainError('DOCUMENT_TOO_LARGE')));
    const signing = (): Proof => {
      throw new Error('signed');
    };
    await expect(client.publishRecord(toPublish, prepared, signing)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });
});
