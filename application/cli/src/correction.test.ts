import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { pseudonymSchema, recordIdSchema, Refused, saltSchema } from '@lianyi/domain';
import { correctionCommitmentOf } from '@lianyi/domain/deciding';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
let file: string;
let pseudonym: string;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  file = join(hospital.dataDir, 'wrong.json');
  writeFileSync(file, JSON.stringify({ text: 'it was the left knee' }));
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  ({ pseudonym } = JSON.parse((await as('patient', 'wallet', 'pseudonym', '--json')).stdout) as { pseudonym: string });
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
  for (const path of [...kept('clinician'), ...kept('patient')]) rmSync(path);
});

const as = (who: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', who, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const recordId = 'rec-1';
const answered = (state: string, more: object = {}): void => {
  hospital.answer = (name) =>
    name === 'PutCorrectionText'
      ? Promise.resolve({ result: { pseudonym, recordId, number: 1, part: 'refusal' }, transactionId: 'cd', blockNumber: 8n })
      : Promise.resolve({ result: { pseudonym, recordId, number: 1, state, ...more }, transactionId: 'ab', blockNumber: 7n });
};
const answer = (...argv: readonly string[]): Promise<Run> =>
  as('clinician', 'correction', 'answer', recordId, '--pseudonym', pseudonym, ...argv);
/** Words that the hospital does not have yet. */
const kept = (who: string): readonly string[] => {
  const folder = join(hospital.dataDir, 'profiles', `${who}.data`, 'corrections');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

const inputsOf = (name: string): readonly Readonly<Record<string, unknown>>[] =>
  hospital.carried.filter((each) => each.name === name).map(({ argument }) => argument.input as Readonly<Record<string, unknown>>);
const origin = { requestHash: 'A'.repeat(43), actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'tag' } };
const refusedWith = (textCommitment: string): object => ({
  answered: {
    ...{ schemaVersion: 1, pseudonym, recordId, number: 1, at: '2026-05-02T08:00:00.000Z', by: origin.actor, origin },
    answer: { outcome: 'refused', reason: 'accurate', textCommitment },
  },
});
const shown = (state: string, more: object = {}): object => ({
  correction: {
    ...{ schemaVersion: 1, pseudonym, recordId, number: 1, recordVersion: 1, custodianMspId: 'HospitalBMSP' },
    ...{ reasonCommitment: 'A'.repeat(43), requestedAt: '2026-05-01T08:00:00.000Z', dueAt: '2026-05-31T08:00:00.000Z' },
    origin: { requestHash: 'A'.repeat(43), actor: { kind: 'patient', pseudonym } },
  },
  ...{ state, isOverdue: false, ...more },
});

describe('lianyi correction', () => {
  it('commits to what is wrong, and says nothing of it to the ledger', async () => {
    const { code, stdout } = await as(
      'patient',
      'correction',
      'request',
      recordId,
      '--record-version',
      '1',
      '--text-file',
      file,
      '--dry-run',
      '--json',
    );
    expect(code).toBe(0);
    const { input } = JSON.parse(stdout) as { readonly input: Readonly<Record<string, unknown>> };
    expect(input).toMatchObject({ pseudonym, recordId, number: 1, recordVersion: 1, reasonCommitment: expect.any(String) as string });
    expect(stdout).not.toContain('knee');
    expect([hospital.carried, kept('patient')]).toEqual([[], []]);
  });

  it('answers with a version, or with a reason whose words the own hospital keeps', async () => {
    answered('accepted');
    expect((await answer('--accepted', '2')).code).toBe(0);
    expect(hospital.carried.map(({ argument }) => argument.input)).toMatchObject([{ answer: { outcome: 'accepted', version: 2 } }]);
    hospital.carried.length = 0;
    answered('refused');
    const { code, stdout } = await answer('--refused', 'accurate', '--text-file', file);
    expect([code, stdout]).toEqual([0, expect.stringContaining('refused')]);
    const [said, put] = hospital.carried;
    const { text, salt } = (put?.argument as { readonly transient: { readonly text: string; readonly salt: string } }).transient;
    const place = {
      pseudonym: pseudonymSchema.parse(pseudonym),
      recordId: recordIdSchema.parse(recordId),
      number: 1,
      part: 'refusal',
    } as const;
    const textCommitment = correctionCommitmentOf({ ...place, text, salt: saltSchema.parse(salt) });
    expect(said?.argument.input).toMatchObject({ answer: { outcome: 'refused', reason: 'accurate', textCommitment } });
    expect(kept('clinician')).toEqual([]);
  });

  it('keeps the words in a file of its owner’s alone until the hospital has them, and tells them then', async () => {
    hospital.answer = (name) =>
      name === 'PutCorrectionText'
        ? Promise.reject(new Refused('OFF_DUTY', 'off duty', {}))
        : Promise.resolve({ result: { pseudonym, recordId, number: 1, state: 'refused' }, transactionId: 'ab', blockNumber: 7n });
    const { code, stdout } = await answer('--refused', 'accurate', '--text-file', file);
    expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining('OFF_DUTY): `lianyi correction tell rec-1 --number 1 --part refusal`'),
    ]);
    const [path = ''] = kept('clinician');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [{ answer: said } = {}] = inputsOf('AnswerCorrection');
    const { textCommitment } = said as { readonly textCommitment: string };
    hospital.answer = (name) =>
      Promise.resolve(
        name === 'GetCorrection'
          ? { result: shown('refused', refusedWith(textCommitment)) }
          : { result: { pseudonym, recordId, number: 1, part: 'refusal' }, transactionId: 'cd', blockNumber: 8n },
      );
    const tell = ['correction', 'tell', recordId, '--part', 'refusal', '--pseudonym', pseudonym] as const;
    expect((await as('clinician', ...tell)).code).toBe(0);
    expect(kept('clinician')).toEqual([]);
    expect((await as('clinician', ...tell)).stderr).toContain('NOT_FOUND');
  });

  it.each([0, 1])('tells of several drafts the one that was committed to, and shows nobody the others (%i)', async (committed) => {
    hospital.answer = () => Promise.reject(new Refused('NOT_PERMITTED', 'no', {}));
    const drafts = ['it was the left knee', 'it was the right knee'];
    for (const text of drafts) {
      writeFileSync(file, JSON.stringify({ text }));
      expect((await answer('--refused', 'accurate', '--text-file', file)).code).toBe(3);
    }
    expect(kept('clinician')).toHaveLength(2);
    const hashes = inputsOf('AnswerCorrection').map(({ answer: of }) => (of as { readonly textCommitment: string }).textCommitment);
    const told: unknown[] = [];
    hospital.answer = (name) => {
      if (name === 'GetCorrection') return Promise.resolve({ result: shown('refused', refusedWith(hashes[committed] ?? '')) });
      told.push((hospital.carried.at(-1)?.argument as { readonly transient: { readonly text: string } }).transient.text);
      return Promise.resolve({ result: { pseudonym, recordId, number: 1, part: 'refusal' }, transactionId: 'cd', blockNumber: 8n });
    };
    const tell = (number: string): Promise<Run> =>
      as('clinician', 'correction', 'tell', recordId, '--part', 'refusal', '--pseudonym', pseudonym, '--number', number);
    expect((await tell('2')).stderr).toContain('NOT_FOUND');
    expect(kept('clinician')).toHaveLength(2);
    expect((await tell('1')).code).toBe(0);
    expect([told, kept('clinician')]).toEqual([[drafts[committed]], []]);
  });

  it.each<readonly [string, (name: string) => Promise<{ readonly result: unknown }>]>([
    ['the ledger has nothing of it', () => Promise.reject(new Refused('NOT_FOUND', 'none', {}))],
    ['the ledger has no answer yet', () => Promise.resolve({ result: shown('open') })],
    ['the ledger has the hash of other words', () => Promise.resolve({ result: shown('refused', refusedWith('B'.repeat(43))) })],
  ])('sends no words and keeps them where %s', async (_what, says) => {
    hospital.answer = () => Promise.reject(new Refused('NOT_PERMITTED', 'no', {}));
    await answer('--refused', 'accurate', '--text-file', file);
    const before = kept('clinician').length;
    hospital.answer = says;
    hospital.carried.length = 0;
    const { code } = await as('clinician', 'correction', 'tell', recordId, '--part', 'refusal', '--pseudonym', pseudonym);
    expect([code === 0, kept('clinician').length, inputsOf('PutCorrectionText')]).toEqual([false, before, []]);
  });

  it.each<readonly [string, readonly string[]]>([
    ['neither', []],
    ['both', ['--accepted', '2', '--refused', 'accurate']],
    ['a reason without words', ['--refused', 'accurate']],
    ['a reason that is none', ['--refused', 'because', '--text-file', 'FILE']],
    ['words of what is accepted', ['--accepted', '2', '--text-file', 'FILE']],
  ])('sends nothing that says %s', async (_what, argv) => {
    const { code } = await answer(...argv.map((each) => (each === 'FILE' ? file : each)));
    expect([code, hospital.carried]).toEqual([2, []]);
  });

  it.each([
    ['en', /OVERDUE/],
    ['zh', /已逾期/],
  ])('due shows in %s what waits and what is late, and nothing else unless asked', async (language, late) => {
    hospital.answer = () => Promise.resolve({ result: { items: [shown('open', { isOverdue: true }), shown('withdrawn')] } });
    const due = await as('clinician', 'correction', 'due', '--lang', language);
    expect(due.stdout).toMatch(late);
    expect(due.stdout.match(/rec-1/g)).toHaveLength(1);
    expect((await as('clinician', 'correction', 'due', '--all')).stdout.match(/rec-1/g)).toHaveLength(2);
  });

  it('shows no words but those that were committed to', async () => {
    const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
    const place = {
      pseudonym: pseudonymSchema.parse(pseudonym),
      recordId: recordIdSchema.parse(recordId),
      number: 1,
      part: 'reason',
    } as const;
    const reasonCommitment = correctionCommitmentOf({ ...place, text: 'it was the left knee', salt: saltSchema.parse(salt) });
    const say = (text: string): void => {
      const { correction, ...rest } = shown('open') as { readonly correction: object };
      hospital.answer = (name) =>
        Promise.resolve({
          result:
            name === 'GetCorrectionText'
              ? { schemaVersion: 1, ...place, text, salt }
              : { ...rest, correction: { ...correction, reasonCommitment } },
        });
    };
    const text = (): Promise<Run> => as('clinician', 'correction', 'text', recordId, '--pseudonym', pseudonym);
    say('it was the left knee');
    expect((await text()).stdout).toContain('it was the left knee');
    say('it was the right knee');
    expect((await text()).stderr).toContain('HASH_MISMATCH');
  });
});
