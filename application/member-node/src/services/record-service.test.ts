import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newPrivateKey, type PrepareInput, prepareInputSchema } from '@lianyi/client';
import {
  canonicalJson,
  hashOfJson,
  mspIdSchema,
  newRequest,
  OutcomeUnknown,
  Refused,
  type Request,
  sha256,
  type SignedRequest,
  signatureSchema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Custody } from '../keys/custody';
import { DocumentChecker } from './document-checker';
import { PreparationSeal } from './preparation-seal';
import { Preparations } from './preparations';
import { RecordService, type RecordServices } from './record-service';

const document = readFileSync(resolve(__dirname, '../../../examples/laboratory-report-zh.json'));
const own = mspIdSchema.parse('HospitalAMSP');
const identity = { mspId: own, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };

const inputFor = (bytes: Buffer, more: object = {}): PrepareInput =>
  prepareInputSchema.parse({ pseudonym: 'pseudonym-1', recordId: 'record-1', documentSha256: sha256(bytes), ...more });

/** What a node makes of the signed anchor that a client sends. */
const anchor = (input: object): SignedRequest<typeof transactions.AnchorRecord> =>
  newRequest(transactions.AnchorRecord, input as Request<typeof transactions.AnchorRecord>);

describe('RecordService', () => {
  const events: string[] = [];
  let stored: Buffer[] = [];
  let envelopes: { input: object; transient: unknown }[] = [];
  let carryFailure: Error | undefined;
  let preparations: Preparations;
  /** The version of the record that the ledger has. */
  let anchored: { origin: { requestHash: string } } | undefined;
  let service: RecordService;

  beforeEach(() => {
    events.length = 0;
    stored = [];
    envelopes = [];
    carryFailure = undefined;
    anchored = undefined;
    preparations = new Preparations(':memory:', new PreparationSeal(newPrivateKey()));
    const receipt = (mspId: string, objectSha256: string): object => ({
      statement: { t: 'lianyi/receipt/v1', objectSha256, mspId, endpointId: 'vault', storedAt: '2026-03-01T10:00:00.000Z' },
      signature: signatureSchema.parse(Buffer.alloc(64).toString('base64url')),
    });
    const fakes = {
      identity,
      ledger: {
        evaluate: ({ entry }: SignedRequest<TransactionEntry>) => {
          if (entry.name !== 'GetRecordVersion') return Promise.resolve({ version: 3, keyEpoch: 5 });
          return anchored === undefined ? Promise.reject(new Refused('NOT_FOUND', 'none', {})) : Promise.resolve(anchored);
        },
        submit: ({ entry }: SignedRequest<TransactionEntry>) => {
          events.push(entry.name);
          return carryFailure === undefined
            ? Promise.resolve({ result: {}, transactionId: 'tx', blockNumber: 9n })
            : Promise.reject(carryFailure);
        },
      },
      keyService: {
        submit: ({ entry, input, transient }: SignedRequest<TransactionEntry> & { input: object }) => {
          events.push(entry.name);
          envelopes.push({ input, transient });
          return Promise.resolve({});
        },
      },
      custody: new Custody({ mspId: own, channel: 'emr', organisationKeyEpoch: 1 }, newPrivateKey()),
      replication: {
        store: (bytes: Buffer) => {
          stored.push(Buffer.from(bytes));
          return Promise.resolve({
            objectSha256: sha256(bytes),
            receipts: [own, 'HospitalCMSP'].map((mspId) => receipt(mspId, sha256(bytes))),
          });
        },
      },
      preparations,
      documents: new DocumentChecker({ maxBytes: 1024 * 1024 }),
    };
    // the service uses exactly these members of its ports
    service = new RecordService(fakes as unknown as RecordServices);
  });
  afterEach(async () => {
    await preparations.close();
  });

  it('prepares an input the catalogue accepts, with nothing of the document in it', async () => {
    const prepared = await service.prepare(inputFor(document, { details: { title: 'canary-title' } }), document);
    expect(prepared.transaction).toBe('AnchorRecord');
    const parsed = transactions.AnchorRecord.request.parse(prepared.input);
    expect(parsed).toMatchObject({ class: 'laboratory-report', keyEpoch: 1, cipherSha256: sha256(stored[0] ?? '') });
    expect(prepared.contentSalt).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(prepared)).not.toMatch(/canary|documentSha256/);
    expect(stored[0]?.includes(document.subarray(0, 32))).toBe(false);
    expect(events).toEqual([]);
  });

  it('gives the same answer for the same document again and seals it once', async () => {
    const first = await service.prepare(inputFor(document), document);
    expect(await service.prepare(inputFor(document), document)).toEqual(first);
    expect(stored).toHaveLength(1);
  });

  it('numbers the key of an amendment after the record’s last', async () => {
    const prepared = await service.prepare(inputFor(document, { amends: { previousVersion: 3, operation: 'amend' } }), document);
    expect(prepared).toMatchObject({ transaction: 'AmendRecord', input: { keyEpoch: 6, previousVersion: 3, operation: 'amend' } });
    transactions.AmendRecord.request.parse(prepared.input);
  });

  it.each<readonly [string, (bytes: Buffer) => [PrepareInput, Buffer], string]>([
    ['a document that is not the one signed for', (bytes) => [inputFor(Buffer.from('other')), bytes], 'HASH_MISMATCH'],
    ['no FHIR', () => [inputFor(Buffer.from('{"a":1}')), Buffer.from('{"a":1}')], 'DOCUMENT_NOT_FHIR'],
    ['an empty document', () => [inputFor(Buffer.alloc(0)), Buffer.alloc(0)], 'DOCUMENT_EMPTY'],
    [
      'an amendment of another version',
      (bytes) => [inputFor(bytes, { amends: { previousVersion: 2, operation: 'amend' } }), bytes],
      'VERSION_CONFLICT',
    ],
  ])('refuses %s and stores nothing', async (_what, given, code) => {
    const [input, bytes] = given(document);
    await expect(service.prepare(input, bytes)).rejects.toMatchObject({ code });
    expect(stored).toEqual([]);
  });

  it('refuses another document for a record that is prepared', async () => {
    await service.prepare(inputFor(document), document);
    const other = Buffer.concat([document, Buffer.from('\n')]);
    await expect(service.prepare(inputFor(other), other)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('keeps the key before it anchors the record, under the hash the request covers', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    await service.publish(anchor(prepared.input));
    expect(events).toEqual(['PutEnvelope', 'AnchorRecord']);
    const [envelope] = envelopes;
    expect(envelope?.input).toEqual({
      pseudonym: 'pseudonym-1',
      recordId: 'record-1',
      keyEpoch: 1,
      transientSha256: sha256(canonicalJson(envelope?.transient)),
    });
  });

  it('refuses to publish what was not prepared, or was changed after it', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    await expect(service.publish(anchor({ ...prepared.input, recordId: 'record-2' }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(service.publish(anchor({ ...prepared.input, dataLevel: 1 }))).rejects.toMatchObject({
      code: 'PROOF_MISMATCH',
    });
    expect(events).toEqual([]);
  });

  it('can publish again after the ledger refused or could not be reached', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    carryFailure = new Refused('ILLEGAL_STATE', 'not active', {});
    await expect(service.publish(anchor(prepared.input))).rejects.toBe(carryFailure);
    carryFailure = undefined;
    await service.publish(anchor(prepared.input));
    expect(envelopes[0]).toEqual(envelopes[1]);
  });

  it('forgets the preparation once it is anchored, and carries the same publication again for a client that lost the answer', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    await service.publish(anchor(prepared.input));
    expect(await preparations.all()).toEqual([]);
    anchored = { origin: { requestHash: hashOfJson(prepared.input) } };
    await service.publish(anchor(prepared.input));
    expect(events).toEqual(['PutEnvelope', 'AnchorRecord', 'AnchorRecord']);
  });

  it('carries nothing that was neither prepared nor anchored by this very request', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    await service.publish(anchor(prepared.input));
    events.length = 0;
    for (const other of [undefined, { origin: { requestHash: sha256('another request') } }]) {
      anchored = other;
      await expect(service.publish(anchor(prepared.input))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(events).toEqual([]);
  });

  it('forgets what was anchored without its hearing of it, and keeps what was not', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    carryFailure = new OutcomeUnknown('the answer was lost');
    await expect(service.publish(anchor(prepared.input))).rejects.toBe(carryFailure);
    await service.forgetAnchored();
    expect(await preparations.all()).toHaveLength(1);
    anchored = { origin: { requestHash: hashOfJson(prepared.input) } };
    await service.forgetAnchored();
    expect(await preparations.all()).toEqual([]);
  });
});
