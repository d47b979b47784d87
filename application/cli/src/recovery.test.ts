import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedOfPhrase } from '@lianyi/client';
import { createWallet, loadProfile, profileFile, saveProfile } from '@lianyi/client/node';
import { Refused, type SummarySlot } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

/** The node of a hospital that has what is written through it, and knows no pseudonym. */
let hospital: Hospital;
const slots = new Map<string, SummarySlot>();
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());

let people = 0;
let name: string;
let walletFile: string;
/** A profile without a wallet. */
function newMachine(): void {
  people += 1;
  name = `patient-${people}`;
  const { profile } = loadProfile(profileFile('patient', hospital.dataDir));
  if (profile.kind !== 'patient') throw new Error('a patient’s profile was expected');
  walletFile = join(hospital.dataDir, 'wallets', `${name}.json`);
  saveProfile(profileFile(name, hospital.dataDir), { ...profile, name, walletFile });
}
beforeEach(async () => {
  slots.clear();
  hospital.carried.length = 0;
  hospital.answer = (asked) => {
    const { input } = hospital.carried.at(-1)?.argument ?? { input: {} };
    if (asked === 'PutSummarySlot') {
      const { slotId, version, sealed } = input as SummarySlot;
      slots.set(slotId, { schemaVersion: 1, slotId, version, sealed, nextKeyHash: 'A'.repeat(43) as SummarySlot['nextKeyHash'] });
      return Promise.resolve({ result: { slotId, version }, transactionId: 'tx' });
    }
    const { slotIds = [] } = input as { readonly slotIds?: readonly string[] };
    if (asked === 'ListSummarySlots') return Promise.resolve({ result: { slots: slotIds.flatMap((id) => slots.get(id) ?? []) } });
    if (asked === 'ListOrganisations') return Promise.resolve({ result: { items: [] } });
    return Promise.reject(new Refused('NOT_FOUND', 'none', {}));
  };
  newMachine();
  await createWallet(walletFile, passphrase, { scryptN: 1024 });
});

const env = { LIANYI_WALLET_PASSPHRASE: passphrase };
const as = (...argv: readonly string[]): Promise<Run> => run([...argv, '--as', name, '--data-dir', hospital.dataDir], { env });
const json = async (...argv: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await as(...argv, '--json')).stdout) as Record<string, unknown>;
const file = (text: string, mode = 0o600): string => {
  const path = join(hospital.dataDir, `phrase-${(people += 1)}.txt`);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
};
const askedFor = (): readonly string[] => hospital.carried.map((each) => each.name);

describe('wallet phrase', () => {
  it('shows 24 numbered words that are read back as they stand, in either language the same wallet', async () => {
    const { stdout } = await as('wallet', 'phrase');
    const seed = seedOfPhrase(stdout);
    expect(stdout).toMatch(/^1\. \S+ {2}2\. /m);
    expect(seedOfPhrase((await as('wallet', 'phrase', '--words', 'zh')).stdout)).toEqual(seed);
    expect((await json('wallet', 'phrase'))['words']).toHaveLength(24);
  });

  it('writes them to a new file of its owner, and then shows none', async () => {
    const out = join(hospital.dataDir, `words-${people}.txt`);
    const { stdout, stderr } = await as('wallet', 'phrase', '--out', out);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const [, second = ''] = readFileSync(out, 'utf8').split(' ');
    expect(stdout + stderr).not.toContain(` ${second} `);
    expect((await as('wallet', 'phrase', '--out', out)).stderr).toContain('FILE_EXISTS');
  });

  it('has each pseudonym written to its slot, and says what could not be', async () => {
    const { pseudonym } = await json('wallet', 'pseudonym');
    expect(await json('wallet', 'phrase')).toMatchObject({ summary: { written: [pseudonym], pending: [] } });
    const made = await json('wallet', 'pseudonym', '--hospital', 'HospitalCMSP');
    expect(made['summary']).toMatchObject({ written: [], pending: [{ code: 'HOSPITAL_NODE_UNNAMED' }] });
    expect((await as('wallet', 'phrase')).stdout).toMatch(/summary slot of \S+ is not written yet \(HOSPITAL_NODE_UNNAMED\)/);
    expect(slots.size).toBe(1);
  });

  it('writes nothing to the ledger of who has never asked for a phrase', async () => {
    await json('wallet', 'pseudonym');
    expect(askedFor()).toEqual([]);
  });
});

describe('wallet recover', () => {
  let phrase: string;
  let pseudonym: unknown;
  beforeEach(async () => {
    ({ pseudonym } = await json('wallet', 'pseudonym'));
    phrase = ((await json('wallet', 'phrase'))['words'] as readonly string[]).join(' ');
    newMachine();
    hospital.carried.length = 0;
  });

  it('brings the wallet back on an empty machine, and tells what, by whose word', async () => {
    const { stdout, code } = await as('wallet', 'recover', '--phrase-file', file(phrase));
    expect(code).toBe(0);
    expect(stdout).toContain(String(pseudonym));
    expect(stdout).toContain('not registered');
    expect(stdout).toContain('https://127.0.0.1');
    expect(statSync(walletFile).mode & 0o777).toBe(0o600);
    expect(await json('wallet', 'show')).toMatchObject([{ pseudonym, mspId: 'HospitalBMSP' }]);
  });

  it('takes the phrase from standard input, and a second time changes nothing', async () => {
    const options = { env, stdin: phrase };
    const argv = ['wallet', 'recover', '--phrase-file', '-', '--as', name, '--data-dir', hospital.dataDir];
    expect((await run(argv, options)).code).toBe(0);
    const before = await json('wallet', 'show');
    expect((await run(argv, options)).code).toBe(0);
    expect(await json('wallet', 'show')).toEqual(before);
  });

  it.each([
    ['a word that is mistyped', (words: readonly string[]) => [...words.slice(0, 23), 'abandn'].join(' '), 'place=24'],
    ['a word missing', (words: readonly string[]) => words.slice(1).join(' '), 'words=23'],
    ['nothing in the file', () => '', 'words=0'],
  ])('with %s asks nothing, says where, and makes no wallet', async (_what, typed, told) => {
    const { stderr, code } = await as('wallet', 'recover', '--phrase-file', file(typed(phrase.split(' '))));
    expect({ code, asked: askedFor(), isThere: existsSync(walletFile) }).toEqual({ code: 2, asked: [], isThere: false });
    expect(stderr).toContain('PHRASE_INVALID');
    expect(stderr).toContain(told);
  });

  it('refuses a phrase that others can read', async () => {
    expect((await as('wallet', 'recover', '--phrase-file', file(phrase, 0o644))).stderr).toContain('KEY_FILE_UNUSABLE');
  });

  it('leaves another wallet, and one that does not open, as it is', async () => {
    await createWallet(walletFile, passphrase, { scryptN: 1024 });
    const before = readFileSync(walletFile, 'utf8');
    expect((await as('wallet', 'recover', '--phrase-file', file(phrase))).stderr).toContain('ALREADY_EXISTS');
    expect(readFileSync(walletFile, 'utf8')).toBe(before);
    for (let length = 0; length < before.length; length += 64) {
      writeFileSync(walletFile, before.slice(0, length), { mode: 0o600 });
      expect((await as('wallet', 'recover', '--phrase-file', file(phrase))).stderr).toContain('WALLET_UNREADABLE');
      expect(readFileSync(walletFile, 'utf8')).toBe(before.slice(0, length));
    }
  });

  it('makes no wallet when the node goes away in between, and does it the next time', async () => {
    const answer = hospital.answer;
    let left = 1;
    hospital.answer = (asked) => ((left -= 1) < 0 ? Promise.reject(new Refused('LEDGER_UNAVAILABLE', 'gone', {})) : answer(asked));
    expect((await as('wallet', 'recover', '--phrase-file', file(phrase))).code).not.toBe(0);
    expect(existsSync(walletFile)).toBe(false);
    hospital.answer = answer;
    expect((await as('wallet', 'recover', '--phrase-file', file(phrase))).code).toBe(0);
  });
});
