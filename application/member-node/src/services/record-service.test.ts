import { newPrivateKey, type PreparedRecord, type PrepareInput } from '@lianyi/client';
import {
  canonicalJson,
  DomainError,
  hashOfJson,
  idNonceSchema,
  instantOf,
  OutcomeUnknown,
  recordIdOf,
  Refused,
  Rejected,
  type Sha256,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { PreparationSeal } from './preparation-seal';
import { Preparations } from './preparations';
import { RecordService, type RecordServices, type StaffRequest } from './record-service';
import {
  anchorOf,
  areFor,
  document,
  identity,
  inputFor,
  nonce,
  noSuchVault,
  own,
  pseudonym,
  receiptOf,
  recordId,
  partsWith,
  versionHashOf,
} from './record-service.fixture';

let time: number;
const anchor = (input: object): StaffRequest<typeof transactions.AnchorRecord> => anchorOf(input, instantOf(time + 600_000));

describe('RecordService', () => {
  const [events, learned]: [string[], string[]] = [[], []];
  let stored: Buffer[] = [];
  let envelopes: { input: object; transient: unknown }[] = [];
  let carryFailure: Error | undefined;
  let record: object | undefined;
  /** The version of the record that the ledger has. */
  let anchored: { origin: { requestHash: string } } | undefined;
  let current: boolean;
  /** What the other member says of the size; undefined: the size of the object. */
  let toldBytes: number | undefined;
  let whileCarried: () => Promise<void>;
  const kept = new Map<string, Uint8Array>();
  let preparations: Preparations;
  let service: RecordService;

  beforeEach(() => {
    events.length = learned.length = 0;
    stored = [];
    envelopes = [];
    carryFailure = undefined;
    [record, anchored, current, toldBytes, time] = [undefined, undefined, true, undefined, Date.now()];
    whileCarried = () => Promise.resolve();
    kept.clear();
    preparations = new Preparations(':memory:', new PreparationSeal(newPrivateKey()), () => time);
    const fakes = {
      identity,
      ledger: {
        evaluate: ({ entry }: SignedRequest<TransactionEntry>) => {
          const found = entry.name === 'GetParameter' ? {} : entry.name === 'GetRecordVersion' ? anchored : record;
          return found === undefined ? Promise.reject(new Refused('NOT_FOUND', 'none', {})) : Promise.resolve(found);
        },
        submit: async ({ entry }: SignedRequest<TransactionEntry>) => {
          events.push(entry.name);
          await whileCarried();
          return carryFailure === undefined
            ? Promise.resolve({ result: {}, transactionId: 'tx', blockNumber: 9n })
            : Promise.reject(carryFailure);
        },
      },
      keyService: {
        submit: async ({ entry, input, transient }: SignedRequest<TransactionEntry> & { input: object }) => {
          events.push(entry.name);
          envelopes.push({ input, transient });
          await whileCarried();
          return {};
        },
      },
      replication: {
        areCurrent: (...claim: Parameters<typeof areFor>) => Promise.resolve(current && areFor(...claim)),
        learn: (members: readonly string[], outcome: string) => void learned.push([outcome, ...members].join(' ')),
        store: (bytes: Buffer, versionHash: Sha256, preferred: readonly string[]) => {
          learned.push(['asked', ...preferred].join(' '));
          stored.push(Buffer.from(bytes));
          kept.set(sha256(bytes), Buffer.from(bytes));
          const object = { objectSha256: sha256(bytes), versionHash, sizeBytes: bytes.length };
          const other = { ...object, sizeBytes: toldBytes ?? bytes.length };
          return Promise.resolve({ ...object, receipts: [receiptOf(own, object), receiptOf('HospitalCMSP', other)] });
        },
      },
      ...partsWith(kept),
      preparations,
    };
    // the service uses exactly these members of its ports
    service = new RecordService(fakes as unknown as RecordServices);
  });
  afterEach(async () => {
    await preparations.close();
  });

  it('prepares an input the catalogue accepts, with nothing of the document in it', async () => {
    const prepared = await service.prepare(inputFor(document, { nonce, details: { title: 'canary-title' } }), document);
    expect(prepared.transaction).toBe('AnchorRecord');
    const parsed = transactions.AnchorRecord.request.parse(prepared.input);
    expect(parsed).toMatchObject({ class: 'laboratory-report', keyEpoch: 1, cipherSha256: sha256(stored[0] ?? '') });
    expect(prepared.contentSalt).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(prepared)).not.toMatch(/canary|documentSha256/);
    expect(stored[0]?.includes(document.subarray(0, 32))).toBe(false);
    expect(parsed.receipts.map(({ statement }) => statement.versionHash)).toEqual([versionHashOf(1), versionHashOf(1)]);
    expect(events).toEqual([]);
  });

  it('gives the same answer for the same document again and seals it once', async () => {
    const first = await service.prepare(inputFor(document), document);
    expect(await service.prepare(inputFor(document), document)).toEqual(first);
    expect(stored).toHaveLength(1);
  });

  it('numbers the key of an amendment after the record’s last', async () => {
    record = { version: 3, keyEpoch: 5 };
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
    record = { version: 3, keyEpoch: 5 };
    const [input, bytes] = given(document);
    await expect(service.prepare(input, bytes)).rejects.toMatchObject({ code });
    expect(stored).toEqual([]);
  });

  it('learns from the ledger whose receipts were refused and which stand, and asks for new ones of whom the program names', async () => {
    carryFailure = noSuchVault;
    await expect(service.publish(anchor((await service.prepare(inputFor(document), document)).input))).rejects.toBe(noSuchVault);
    [carryFailure, current] = [undefined, false];
    await service.publish(anchor((await service.prepare(inputFor(document, { nonce, replicaMspIds: ['HospitalDMSP'] }), document)).input));
    expect(learned).toEqual(['asked', 'unkept HospitalCMSP', 'asked HospitalDMSP', `kept ${own} HospitalCMSP`]);
  });

  describe('another document for a record that is prepared', () => {
    const other = Buffer.concat([document, Buffer.from('\n')]);
    const sendAndFail = async (failure: Error): Promise<void> => {
      carryFailure = failure;
      await expect(service.publish(anchor((await service.prepare(inputFor(document), document)).input))).rejects.toBe(failure);
    };

    it('takes its place', async () => {
      const first = await service.prepare(inputFor(document), document);
      const second = await service.prepare(inputFor(other), other);
      expect(second.input['cipherSha256']).not.toBe(first.input['cipherSha256']);
      await service.publish(anchor(second.input));
    });

    const refused = [new Refused('BAD_SIGNATURE', 'a vault has another key', {}), new DomainError('DEVICE_REVOKED')];
    it.each([...refused, new Unavailable('down'), new Rejected('no', 'tx', 10)])('takes its place after %s', async (failure) => {
      await sendAndFail(failure);
      await service.prepare(inputFor(other), other);
    });

    it('waits while nobody knows whether the first is anchored: its key must stay', async () => {
      await sendAndFail(new OutcomeUnknown('tx'));
      await expect(service.prepare(inputFor(other), other)).rejects.toMatchObject({ code: 'PREPARATION_IN_USE' });
      // nor does a refusal of the second sending say what became of the first
      await sendAndFail(new Refused('ILLEGAL_STATE', 'no', {}));
      await expect(service.prepare(inputFor(other), other)).rejects.toMatchObject({ code: 'PREPARATION_IN_USE' });
      time += 15 * 60_000;
      await service.prepare(inputFor(other), other);
    });

    it('does not take its place while it is being published: envelope and anchor stay one', async () => {
      const first = await service.prepare(inputFor(document), document);
      whileCarried = () => expect(service.prepare(inputFor(other), other)).rejects.toMatchObject({ code: 'PREPARATION_IN_USE' });
      await service.publish(anchor(first.input));
      expect(events).toEqual(['PutEnvelope', 'AnchorRecord']);
      expect.assertions(3);
    });

    it('is refused once a record is anchored, by whomever', async () => {
      await service.publish(anchor((await service.prepare(inputFor(document), document)).input));
      record = { version: 1, keyEpoch: 1 };
      await expect(service.prepare(inputFor(other), other)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      await expect(service.prepare(inputFor(document), document)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      const otherNonce = idNonceSchema.parse('B'.repeat(21) + 'A');
      const elsewhere = { recordId: recordIdOf({ mspId: own, pseudonym, nonce: otherNonce }), nonce: otherNonce };
      await expect(service.prepare(inputFor(other, elsewhere), other)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      expect(stored).toHaveLength(1);
    });
  });

  it('collects new receipts for the same object when a vault has changed its place or key', async () => {
    const first = await service.prepare(inputFor(document), document);
    current = false;
    const second = await service.prepare(inputFor(document), document);
    expect(second.input).toMatchObject({ cipherSha256: first.input['cipherSha256'], contentCommitment: first.input['contentCommitment'] });
    expect(stored).toHaveLength(2);
    await service.publish(anchor(second.input));
  });

  it.each([1, 1_000_000])('collects new receipts at once when one that was kept is for %d bytes', async (told) => {
    toldBytes = told;
    const first = await service.prepare(inputFor(document), document);
    toldBytes = undefined;
    const { input } = await service.prepare(inputFor(document), document);
    const right = { statement: { sizeBytes: stored[0]?.length } };
    expect(input).toMatchObject({ cipherSha256: first.input['cipherSha256'], receipts: [right, right] });
  });

  it('seals anew when the object is gone as well', async () => {
    const first = await service.prepare(inputFor(document), document);
    current = false;
    kept.clear();
    expect((await service.prepare(inputFor(document), document)).input['cipherSha256']).not.toBe(first.input['cipherSha256']);
  });

  describe('sweeping', () => {
    const prepareAndWait = async (millis: number): Promise<PreparedRecord> => {
      const prepared = await service.prepare(inputFor(document), document);
      time += millis;
      await service.sweep();
      return prepared;
    };

    it('leaves what was prepared within a day', async () => {
      const prepared = await prepareAndWait(23 * 3_600_000);
      await service.publish(anchor(prepared.input));
    });

    it('ends a preparation after a day, and takes its object from the vault', async () => {
      const prepared = await prepareAndWait(25 * 3_600_000);
      await expect(service.publish(anchor(prepared.input))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(kept.size).toBe(0);
    });

    it('leaves what was sent a moment ago, and ends it when no block can have it any more', async () => {
      const prepared = await service.prepare(inputFor(document), document);
      time += 25 * 3_600_000;
      carryFailure = new OutcomeUnknown('tx');
      await expect(service.publish(anchor(prepared.input))).rejects.toBe(carryFailure);
      await service.sweep();
      expect([await preparations.all(), kept.size]).toMatchObject([[{ recordId }], 1]);
      time += 15 * 60_000;
      await service.sweep();
      expect([await preparations.all(), kept.size]).toEqual([[], 0]);
    });

    it('leaves the object of a record that is anchored after all', async () => {
      record = undefined;
      const prepared = await service.prepare(inputFor(document), document);
      record = { version: 1, keyEpoch: 1, ...prepared.input };
      time += 25 * 3_600_000;
      await service.sweep();
      expect(kept.size).toBe(1);
    });
  });

  it('keeps the key before it anchors the record, under the hash the request covers', async () => {
    const prepared = await service.prepare(inputFor(document), document);
    await service.publish(anchor(prepared.input));
    expect(events).toEqual(['PutEnvelope', 'AnchorRecord']);
    const [envelope] = envelopes;
    expect(envelope?.input).toEqual({ pseudonym, recordId, keyEpoch: 1, transientSha256: sha256(canonicalJson(envelope?.transient)) });
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
    await service.sweep();
    expect(await preparations.all()).toHaveLength(1);
    anchored = { origin: { requestHash: hashOfJson(prepared.input) } };
    await service.sweep();
    expect(await preparations.all()).toEqual([]);
  });
});
