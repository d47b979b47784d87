import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newPrivateKey } from '@lianyi/client';
import { canonicalJson, newRequest, OutcomeUnknown, Refused, sha256, transactions, Unavailable } from '@lianyi/domain';
import { PreparationSeal } from './preparation-seal';
import { type Preparation, Preparations } from './preparations';
import { PurgingLedger } from './purging-ledger';

const key = { pseudonym: 'pseudonym-1', recordId: 'record-1', keyEpoch: 1 };
const document = sha256('a short report');
const preparation: Preparation = {
  documentSha256: document,
  input: { ...key, class: 'laboratory-report' },
  envelope: {
    envelope: { suite: 'canary-suite', organisationKeyEpoch: 1, enc: 'canaryEncAAA', ciphertext: 'canarySealedKeyA' },
    details: { title: 'canary-title', author: 'canary-author' },
    salts: { content: 'canarysaltcanarysaltcana', dek: 'canarysaltcanarysaltcana' },
  } as Preparation['envelope'], // brands
};
/** What nobody who has the files alone may find in them. */
const canaries = ['canary', document];

describe('preparations', () => {
  let folder: string;
  let file: string;
  const seal = new PreparationSeal(newPrivateKey());
  const found = (): string[] => {
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    return [...canaries, key.pseudonym].filter((canary) => bytes.some((each) => each.includes(canary)));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'preparations-'));
    file = join(folder, 'node.sqlite');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('come back as they were kept, and know their document', async () => {
    const preparations = new Preparations(file, seal);
    expect(await preparations.keep(key, preparation)).toBe(true);
    const kept = await preparations.find(key);
    expect(kept).toMatchObject({ input: preparation.input, envelope: preparation.envelope, inputText: canonicalJson(preparation.input) });
    expect(kept?.isOf(document)).toBe(true);
    expect(kept?.isOf(sha256('another'))).toBe(false);
    await preparations.close();
  });

  describe('that are under way to the ledger', () => {
    const inputText = canonicalJson(preparation.input);
    const another = { ...preparation, documentSha256: sha256('another'), input: { ...preparation.input, class: 'prescription' } };
    const minutes = (count: number): Date => new Date(count * 60_000);
    let time: number;
    let preparations: Preparations;
    const makesRoom = async (): Promise<boolean> => {
      const isKept = await preparations.keep(key, another);
      expect((await preparations.find(key))?.isOf(another.documentSha256)).toBe(isKept);
      return isKept;
    };

    beforeEach(async () => {
      time = 0;
      preparations = new Preparations(file, seal, () => time);
      await preparations.keep(key, preparation);
    });
    afterEach(() => preparations.close());

    it('make room for no other until five minutes after the end of what was signed', async () => {
      expect(await preparations.markSent(key, inputText, minutes(10))).toBeDefined();
      time = 15 * 60_000 - 1;
      expect([(await preparations.find(key))?.isInUse, await makesRoom()]).toEqual([true, false]);
      time += 1;
      expect([(await preparations.find(key))?.isInUse, await makesRoom()]).toEqual([false, true]);
    });

    it('are not marked for an input that is not theirs, nor where there is none', async () => {
      expect(await preparations.markSent(key, canonicalJson(another.input), minutes(10))).toBeUndefined();
      expect(await preparations.markSent({ ...key, keyEpoch: 2 }, inputText, minutes(10))).toBeUndefined();
      expect(await makesRoom()).toBe(true);
    });

    it('are held no longer by the same statement that is sent again and again', async () => {
      for (let minute = 0; minute < 10; minute += 1) {
        time = minute * 60_000;
        await preparations.markSent(key, inputText, minutes(10));
      }
      time = 15 * 60_000;
      expect(await makesRoom()).toBe(true);
    });

    it('stay so for one sending when another had no effect, whichever was first', async () => {
      for (const [lost, left] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const sendings = [
          await preparations.markSent(key, inputText, minutes(10)),
          await preparations.markSent(key, inputText, minutes(10)),
        ];
        await preparations.markUnsent(sendings[lost] ?? 0);
        await preparations.markUnsent(sendings[lost] ?? 0);
        expect(await makesRoom()).toBe(false);
        await preparations.markUnsent(sendings[left] ?? 0);
      }
      expect(await makesRoom()).toBe(true);
    });

    it('are not freed by whoever marked what stood there before', async () => {
      const before = await preparations.markSent(key, inputText, minutes(10));
      await preparations.forget([key]);
      await preparations.keep(key, preparation);
      await preparations.markSent(key, inputText, minutes(10));
      await preparations.markUnsent(before ?? 0);
      expect(await makesRoom()).toBe(false);
    });

    it('keep no other record’s place', async () => {
      await preparations.keep({ ...key, recordId: 'record-2' }, preparation);
      await preparations.markSent({ ...key, recordId: 'record-2' }, inputText, minutes(10));
      expect(await makesRoom()).toBe(true);
    });
  });

  it('show neither the document’s hash nor title, author and sealed key to whoever has the files, open or closed', async () => {
    const preparations = new Preparations(file, seal);
    await preparations.keep(key, preparation);
    // what every member will see on the ledger may stand there
    expect(found()).toEqual([key.pseudonym]);
    await preparations.close();
    expect(found()).toEqual([key.pseudonym]);
  });

  it('leave nothing of what they forget, neither in the file nor in its write-ahead log', async () => {
    const preparations = new Preparations(file, seal);
    await preparations.keep(key, preparation);
    await preparations.keep({ ...key, recordId: 'record-2' }, preparation);
    await preparations.forget([key, { ...key, recordId: 'record-2' }, { ...key, recordId: 'never-was' }]);
    expect(await preparations.find(key)).toBeUndefined();
    expect(found()).toEqual([]);
    await preparations.close();
    expect(found()).toEqual([]);
  });

  it('are forgotten with a purge of their envelope, and not with another’s', async () => {
    const preparations = new Preparations(file, seal);
    await preparations.keep(key, preparation);
    await preparations.keep({ ...key, recordId: 'record-2' }, preparation);
    const submit = jest.fn().mockResolvedValue({ result: {} });
    const ledger = new PurgingLedger({ submit, evaluate: jest.fn() }, preparations);
    const { pseudonym, recordId, keyEpoch } = key;
    await ledger.submit(newRequest(transactions.PurgeEnvelopes, { pseudonym, envelopes: [{ recordId, keyEpoch }] }));
    expect((await preparations.all()).map((each) => each.recordId)).toEqual(['record-2']);
    submit.mockRejectedValue(new Error('refused'));
    const other = newRequest(transactions.PurgeEnvelopes, { pseudonym, envelopes: [{ recordId: 'record-2', keyEpoch }] });
    await expect(ledger.submit(other)).rejects.toThrow('refused');
    expect(await preparations.all()).toHaveLength(1);
    await preparations.close();
  });

  it.each([
    ['whose outcome nobody knows', new OutcomeUnknown('tx-1'), []],
    ['that may not even have been sent, for all the node knows', new OutcomeUnknown(undefined), []],
    ['that was not sent', new Unavailable('down'), ['record-1']],
    ['that was refused', new Refused('NOT_PERMITTED', 'no', {}), ['record-1']],
  ])('are forgotten with a purge %s, if it may be committed', async (_what, failure, left) => {
    const preparations = new Preparations(file, seal);
    await preparations.keep({ ...key, recordId: 'record-1' }, preparation);
    const ledger = new PurgingLedger({ submit: jest.fn().mockRejectedValue(failure), evaluate: jest.fn() }, preparations);
    const envelopes = [{ recordId: 'record-1', keyEpoch: key.keyEpoch }];
    const request = newRequest(transactions.PurgeEnvelopes, { pseudonym: key.pseudonym, envelopes });
    await expect(ledger.submit(request)).rejects.toBe(failure);
    expect((await preparations.all()).map((each) => each.recordId)).toEqual(left);
    await preparations.close();
  });

  it('are nobody’s with another node’s key', async () => {
    const preparations = new Preparations(file, seal);
    await preparations.keep(key, preparation);
    await preparations.close();
    const stranger = new Preparations(file, new PreparationSeal(newPrivateKey()));
    expect(await stranger.find(key)).toBeUndefined();
    expect(await stranger.all()).toEqual([]);
    await stranger.close();
  });

  it('of an earlier version are sealed when the file is opened, the published ones forgotten', async () => {
    const old = new DatabaseSync(file);
    old.exec(`PRAGMA journal_mode = WAL; CREATE TABLE preparation (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, key_epoch INTEGER NOT NULL,
      document_sha256 TEXT NOT NULL, input TEXT NOT NULL, envelope TEXT NOT NULL, prepared_at INTEGER NOT NULL, published_at INTEGER,
      PRIMARY KEY (pseudonym, record_id, key_epoch)) STRICT; PRAGMA user_version = 1`);
    const insert = old.prepare('INSERT INTO preparation VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    const texts = [document, canonicalJson(preparation.input), canonicalJson(preparation.envelope)];
    insert.run(key.pseudonym, key.recordId, 1, ...texts, 1, null);
    insert.run(key.pseudonym, 'published', 1, ...texts, 1, 2);
    insert.run(key.pseudonym, 'deleted', 1, ...texts, 1, null);
    old.exec("DELETE FROM preparation WHERE record_id = 'deleted'");
    old.close();
    expect(found()).toEqual([...canaries, key.pseudonym]);
    const preparations = new Preparations(file, seal);
    expect((await preparations.all()).map(({ recordId }) => recordId)).toEqual([key.recordId]);
    const kept = await preparations.find(key);
    expect(kept?.envelope).toEqual(preparation.envelope);
    expect(kept?.isOf(document)).toBe(true);
    expect(found()).toEqual([key.pseudonym]);
    expect(await preparations.markSent(key, canonicalJson(preparation.input), new Date())).toBeDefined();
    await preparations.close();
    expect(found()).toEqual([key.pseudonym]);
  });

  it('of an earlier version that were sent a moment ago stay where they are for a quarter of an hour', async () => {
    await new Preparations(file, seal, () => 0).close();
    const old = new DatabaseSync(file);
    old.exec('DROP TABLE sending; ALTER TABLE preparation ADD COLUMN sent_at INTEGER; PRAGMA user_version = 3');
    const insert = old.prepare('INSERT INTO preparation VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const [recordId, sentAt] of [
      ['record-1', 60_000],
      ['record-2', null],
    ] as const)
      insert.run(key.pseudonym, recordId, 1, Buffer.of(1), '{}', Buffer.of(1), 0, sentAt);
    old.close();
    let time = 16 * 60_000 - 1;
    const preparations = new Preparations(file, seal, () => time);
    expect(await preparations.keep({ ...key, recordId: 'record-2' }, preparation)).toBe(true);
    expect(await preparations.keep(key, preparation)).toBe(false);
    time += 1;
    expect(await preparations.keep(key, preparation)).toBe(true);
    await preparations.close();
  });

  it('are their owner’s alone to read, the write-ahead log too', async () => {
    const before = process.umask(0);
    try {
      const preparations = new Preparations(file, seal);
      await preparations.keep(key, preparation);
      const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
      expect(modes).toEqual([
        ['node.sqlite', 0o600],
        ['node.sqlite-shm', 0o600],
        ['node.sqlite-wal', 0o600],
      ]);
      await preparations.close();
    } finally {
      process.umask(before);
    }
  });
});
