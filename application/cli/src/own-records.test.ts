import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnRecords } from '@lianyi/client/own-records';
import { createWallet } from '@lianyi/client/node';
import { instantOf, proofSchema, recordIdSchema, statementHashOf } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { delivered } from './commands/own-records';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { type SpokenLanguage } from './language';
import { renderJson, renderView } from './render';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
let pseudonym: string;
let entry: object;
let folder: string;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  const made = JSON.parse((await as('wallet', 'pseudonym', '--json')).stdout) as { pseudonym: string; nextKeyHash: string };
  ({ pseudonym } = made);
  entry = {
    ...{ schemaVersion: 1, pseudonym, mspId: 'HospitalBMSP', suite: 'P256-SHA256', state: 'active', nextKeyHash: made.nextKeyHash },
    ...{ registeredAt: instantOf(0), origin: { requestHash: genesis, actor: { kind: 'patient', pseudonym } } },
  };
});
afterAll(() => hospital.close());
beforeEach(() => {
  folder = scratchDirectory();
  hospital.carried.length = 0;
});

const as = (...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', 'patient', '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const open = (...argv: readonly string[]): Promise<Run> => as('record', 'open', ...argv, '--unwitnessed');

/** A ledger that commits the command of the wallet, and denies. */
function denying(): void {
  hospital.answer = (name) => {
    if (name === 'GetPseudonym') return Promise.resolve({ result: entry });
    const { input, proof } = hospital.carried.at(-1)?.argument ?? {};
    const { statement, kind } = proofSchema.parse(proof);
    if (kind !== 'patient') throw new Error('a patient proof was expected');
    entry = { ...entry, nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: instantOf(0) } };
    const { ticketId } = input as { ticketId: string }; // the command's own request
    const result = { ticketId, decision: 'deny', reasons: ['RECORD_NOT_OWN'], provisionIds: [] };
    return Promise.resolve({ result, transactionId: 'ab12', blockNumber: 7n });
  };
}

describe('lianyi record open', () => {
  it.each([
    ['en', /RECORD_NOT_OWN: The patient has no record of this id/],
    ['zh', /RECORD_NOT_OWN：患者在此假名下没有该编号的病历/],
  ])('answers 4 on a committed denial and says why, in %s, and writes nothing', async (language, why) => {
    denying();
    const { code, stdout } = await open('rec-9', '--out', join(folder, 'none.json'), '--lang', language);
    expect({ code, isWritten: existsSync(join(folder, 'none.json')) }).toEqual({ code: 4, isWritten: false });
    expect(stdout).toMatch(why);
    const [command] = hospital.carried.filter(({ name }) => name === 'OpenOwnRecords');
    expect(command?.argument.input).toMatchObject({ pseudonym, recordIds: ['rec-9'] });
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['no place to go', ['rec-1'], /DOCUMENT_UNASKED/],
    ['two places to go', ['rec-1', '--out', 'a.json', '--stdout'], /--out <file>, --stdout/],
    ['several for one file', ['rec-1,rec-2', '--out', 'a.json'], /--out-dir <folder>/],
    ['several for standard output', ['rec-1,rec-2', '--stdout'], /--out-dir <folder>/],
    ['bytes among JSON', ['rec-1', '--stdout', '--json'], /--json, --stdout/],
    ['a misspelled option', ['rec-1', '--outdir', 'folder'], /--out-dir/],
    ['no id', ['no record', '--stdout'], /<records>/],
  ])('asks for nothing with %s, and says what is wrong', async (_what, argv, said) => {
    const { code, stderr } = await open(...argv);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(said);
    expect(hospital.carried).toEqual([]);
  });

  it('asks for nothing without a witness, unless the patient does without', async () => {
    expect((await as('record', 'open', 'rec-1', '--stdout')).stderr).toContain('WITNESS_UNAVAILABLE');
    expect(hospital.carried).toEqual([]);
  });

  it('shows with --dry-run what would be sent, and sends nothing', async () => {
    const { stdout } = await as('record', 'open', 'rec-1', '--stdout', '--dry-run');
    expect(JSON.parse(stdout)).toMatchObject({ transaction: 'AccessContract:OpenOwnRecords', input: { pseudonym, recordIds: ['rec-1'] } });
    expect(hospital.carried).toEqual([]);
  });
});

describe('what a patient has opened', () => {
  const records = [recordIdSchema.parse('rec-1'), recordIdSchema.parse('rec-2')];
  const opened = (recordId: string): object => ({
    ...{ record: { recordId, version: 2 }, custodianMspId: 'HospitalAMSP', bytes: Buffer.from(`text of ${recordId}`) },
    ...{ source: { mspId: 'HospitalAMSP', endpointId: 'vault' }, rejected: [], releaseId: 'rel', releaseTransactionId: 'cd34' },
    isRetracted: recordId === 'rec-2',
  });
  // as much of it as is shown
  const own = {
    outcome: { entry: {}, result: { ticketId: 't-1', decision: 'permit' }, transactionId: 'ab12', blockNumber: 7n },
    denials: [{ recordId: 'rec-3', reasons: ['RECORD_NOT_OWN'] }],
    open: (recordId: string) => Promise.resolve(opened(recordId)),
  } as unknown as OwnRecords;
  const word = [{ en: 'by the word of', zh: '转述者' }, 'https://b'] as const;
  let told: string[];
  beforeEach(() => {
    told = [];
  });
  const fileOf = (record: string): string => join(folder, 'own', `${record}.json`);

  it('stands in files of its owner alone, and is told in either language, what was retracted marked', async () => {
    const outcome = await delivered(own, records, fileOf, word, (record) => told.push(record));
    expect(records.map((record) => readFileSync(fileOf(record), 'utf8'))).toEqual(['text of rec-1', 'text of rec-2']);
    expect(statSync(fileOf('rec-1')).mode & 0o777).toBe(0o600);
    const reader = { columns: Number.POSITIVE_INFINITY, timeZone: 'UTC', style: (text: string) => text };
    const inLanguage = (language: SpokenLanguage): string => renderView(outcome, { ...reader, language });
    for (const shown of ['rec-1 2', 'HospitalAMSP/vault', 'key released by', 'cd34', 't-1', 'https://b'])
      expect(inLanguage('en')).toContain(shown);
    expect(inLanguage('en').match(/retracted by its hospital/g)).toHaveLength(1);
    for (const shown of ['密钥释放交易', '凭单', '医院其后已撤回']) expect(inLanguage('zh')).toContain(shown);
    expect(inLanguage('en') + inLanguage('zh') + renderJson(outcome)).not.toContain('text of');
    expect(told).toEqual(['rec-2']);
    // what was denied beside them is told, and why
    expect(inLanguage('en')).toMatch(/rec-3 +RECORD_NOT_OWN/);
    const said = [
      { recordId: 'rec-1', isRetracted: false },
      { recordId: 'rec-2', isRetracted: true },
    ];
    expect(JSON.parse(renderJson(outcome))).toMatchObject({ opened: said, transactionId: 'ab12', blockNumber: '7' });
  });

  it('is never written over a file that is there', async () => {
    await delivered(own, records.slice(0, 1), fileOf, word, (record) => told.push(record));
    await expect(delivered(own, records, fileOf, word, (record) => told.push(record))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(existsSync(fileOf('rec-2'))).toBe(false);
  });
});
