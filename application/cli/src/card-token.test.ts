import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { canonicalJson, cardTokenSchema, hashOfKey, statementText, transactions, verifySignature } from '@lianyi/domain';
import { describeUnless } from '@lianyi/test/describe-unless';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  // a cheap wallet: what a passphrase costs has its own test
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  await as('patient', 'wallet', 'pseudonym');
  hospital.answer = () => Promise.reject(new Error('the answer is lost'));
  await as('patient', 'card', 'activate', 'card-1');
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

type Options = NonNullable<Parameters<typeof run>[1]>;
const runAs = (profile: string, argv: readonly string[], options: Options = {}): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], {
    ...options,
    env: { LIANYI_WALLET_PASSPHRASE: passphrase, ...options.env },
  });
const as = (profile: string, ...argv: readonly string[]): Promise<Run> => runAs(profile, argv);
const tokenText = async (): Promise<string> => (await as('patient', 'card', 'token', 'card-1', '--text')).stdout.trim();

describe('card token', () => {
  it('is what the card’s own key has signed for this network, for a minute, in its one spelling; nobody is asked', async () => {
    const text = await tokenText();
    const token = cardTokenSchema.parse(JSON.parse(text));
    expect(canonicalJson(token)).toBe(text);
    expect(token.statement).toMatchObject({ t: 'lianyi/card-token/v2', channel: 'emr', genesis, msp: 'HospitalBMSP', cardId: 'card-1' });
    expect(Date.parse(token.statement.notAfter) - Date.parse(token.statement.issuedAt)).toBe(60_000);
    expect(verifySignature(token.publicKey, statementText(token.statement), token.signature)).toBe(true);
    expect(hospital.carried).toEqual([]);
    expect(await tokenText()).not.toBe(text);
  });

  it('is for the desk of the hospital that its holder names', async () => {
    const { stdout } = await as('patient', 'card', 'token', 'card-1', '--hospital', 'HospitalCMSP', '--text');
    expect(cardTokenSchema.parse(JSON.parse(stdout)).statement.msp).toBe('HospitalCMSP');
    expect((await as('patient', 'card', 'token', 'card-1', '--hospital', 'HospitalCMSP')).stdout).toMatch(/to be shown at +HospitalCMSP\n/);
  });

  it('is of the key that was announced when the card was activated, by the card’s holder', async () => {
    const dry = await as('patient', 'card', 'activate', 'card-1', '--dry-run');
    const { tokenKeyHash } = transactions.ActivateCard.request.parse((JSON.parse(dry.stdout) as { readonly input: unknown }).input);
    expect(hashOfKey(cardTokenSchema.parse(JSON.parse(await tokenText())).publicKey)).toBe(tokenKeyHash);
  });

  it('is of no card that was not activated with the wallet, nor of one of which that was only tried dry', async () => {
    await as('patient', 'card', 'activate', 'card-2', '--dry-run');
    for (const card of ['card-2', 'card-3']) {
      const { code, stderr } = await as('patient', 'card', 'token', card);
      expect([code, stderr]).toEqual([3, expect.stringContaining('NOT_FOUND')]);
    }
  });

  it('is nobody’s but a patient’s, and no request that could be shown unsent', async () => {
    for (const profile of ['registrar', 'clinician'])
      expect((await as(profile, 'card', 'token', 'card-1')).stderr).toContain('PROFILE_KIND');
    expect((await as('patient', 'card', 'token', 'card-1', '--dry-run')).code).not.toBe(0);
  });

  it('is drawn black on white, whatever the colours of the terminal; the signs alone for a file or a terminal without colours', async () => {
    const seen = (env: Record<string, string>, tty = true): Promise<Run> => runAs('patient', ['card', 'token', 'card-1'], { env, tty });
    // eslint-disable-next-line no-control-regex -- exactly these are meant
    const modules = /^\u001b\[30;107m {4}█▀▀▀▀▀█.* {4}\u001b\[0m$/m;
    for (const env of [{}, { TERM: 'xterm-256color' }, { NO_COLOR: '1' }]) expect((await seen(env)).stdout).toMatch(modules);
    for (const { stdout: bare } of [await seen({ TERM: 'dumb' }), await seen({}, false)]) {
      expect(bare).not.toContain('107m');
      expect(bare).toMatch(/^ {4}█▀▀▀▀▀█/m);
    }
  });

  it.each([80, 84])('is not drawn where its lines would be broken, which it says: %d columns', async (columns) => {
    const { stdout } = await runAs('patient', ['card', 'token', 'card-1'], { tty: true, columns });
    expect(stdout).not.toContain('█');
    expect(stdout).toContain('--png');
  });

  it('is a file of its owner’s where one is asked for, and never in the place of another', async () => {
    const file = join(hospital.dataDir, 'code.svg');
    expect((await as('patient', 'card', 'token', 'card-1', '--svg', file)).code).toBe(0);
    const drawn = readFileSync(file, 'utf8');
    expect(drawn).toContain('<svg');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await as('patient', 'card', 'token', 'card-1', '--svg', file)).stderr).toContain('FILE_EXISTS');
    expect(readFileSync(file, 'utf8')).toBe(drawn);
  });
});

const scanner = spawnSync('zbarimg', ['--version']).error === undefined ? undefined : 'zbarimg (package zbar-tools) not found on PATH';
describeUnless(scanner, 'a scanner that is not ours', () => {
  it('reads from the PNG exactly what the token is, and not the card’s id alone', async () => {
    const file = join(hospital.dataDir, 'code.png');
    const { stdout } = await as('patient', 'card', 'token', 'card-1', '--png', file, '--json');
    const { token } = JSON.parse(stdout) as { readonly token: string };
    const read = execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8', stdio: 'pipe' }).trim();
    expect(read).toBe(token);
    expect(read).not.toBe('card-1');
  });
});

describe('card verify', () => {
  const verified = { cardId: 'card-1', state: 'active', issuerMspId: 'HospitalAMSP', pseudonym: 'psn-1', shown: 'wallet' };
  beforeEach(() => {
    hospital.answer = () => Promise.resolve({ result: verified, transactionId: 'ab', blockNumber: 1n });
  });

  it.each(['a file', 'standard input'])(
    'sends the token that stands in %s, as a scanner gives it, and shows whose card it is',
    async (where) => {
      const text = await tokenText();
      const file = join(hospital.dataDir, `scanned-${where.length}.json`);
      writeFileSync(file, `${text}\r\n`);
      const argv = ['card', 'verify', '--token-file', where === 'a file' ? file : '-'];
      const { code, stdout } = await runAs('registrar', argv, { stdin: `${text}\n` });
      expect(code).toBe(0);
      expect(stdout).toMatch(/card +card-1\n.*active\nissuer +HospitalAMSP\npseudonym +psn-1\nshown by +wallet\n/);
      expect(hospital.carried.map(({ name, argument }) => [name, argument.input])).toEqual([
        ['VerifyCardToken', { token: cardTokenSchema.parse(JSON.parse(text)) }],
      ]);
    },
  );

  it.each([
    ['nothing', ''],
    ['the bare id of a card', 'card-1'],
    ['another JSON text', '{"statement":{}}'],
    ['a token with a field too many', ''],
    ['two tokens', '{}{}'],
  ])('sends nothing when the scanner has read %s', async (what, text) => {
    const extra = what.startsWith('a token') ? canonicalJson({ ...(JSON.parse(await tokenText()) as object), extra: 1 }) : text;
    const { code, stderr } = await runAs('registrar', ['card', 'verify', '--token-file', '-'], { stdin: extra });
    expect([code, stderr]).toEqual([2, expect.stringContaining('USAGE')]);
    expect(hospital.carried).toEqual([]);
  });
});
