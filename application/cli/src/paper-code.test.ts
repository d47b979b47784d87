import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import {
  cardTokenSchema,
  hashOfKey,
  proofSchema,
  Refused,
  sha256,
  statementHashOf,
  statementText,
  transactions,
  verifySignature,
} from '@lianyi/domain';
import { describeUnless } from '@lianyi/test/describe-unless';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
/** What the ledger says of the patient. */
let pseudonym: string;
let nextKeyHash: string;
let lastCommand: object = {};
const at = '2026-11-29T00:00:00.000Z';
const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };
const entry = (): object => ({
  ...{ schemaVersion: 1, pseudonym, mspId: 'HospitalBMSP', suite: 'P256-SHA256', nextKeyHash, registeredAt: at, state: 'active', origin },
  ...lastCommand,
});
const commands = (): Hospital['carried'] => hospital.carried.filter(({ name }) => name !== 'GetPseudonym');
const committing = (name: string): ReturnType<Hospital['answer']> => {
  if (name === 'GetPseudonym') return Promise.resolve({ result: entry() });
  const proof = proofSchema.parse(commands().at(-1)?.argument.proof);
  if (proof.kind === 'patient') {
    ({ nextKeyHash } = proof.statement);
    lastCommand = { lastCommand: { statementHash: statementHashOf(proof.statement), at } };
  }
  return Promise.resolve({ result: { cardId: 'card-1', state: 'active' }, transactionId: 'ab', blockNumber: 1n });
};
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  const { stdout } = await as('patient', 'wallet', 'pseudonym', '--json');
  ({ pseudonym, nextKeyHash } = JSON.parse(stdout) as { pseudonym: string; nextKeyHash: string });
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
  hospital.answer = committing;
});

type Options = NonNullable<Parameters<typeof run>[1]>;
const runAs = (profile: string, argv: readonly string[], options: Options = {}): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { ...options, env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const as = (profile: string, ...argv: readonly string[]): Promise<Run> => runAs(profile, argv);
const fileOf = (name: string): string => join(hospital.dataDir, name);
interface Printed {
  readonly pin: string;
  readonly notAfter: string;
  readonly files: readonly string[];
}
/** Prints a code; what stands in it is drawn, so the test takes it from the command's own record of the picture: the PNG a scanner reads. */
const print = async (name: string): Promise<Printed> => {
  const { stdout, code, stderr } = await as('patient', 'card', 'print', 'card-1', '--png', fileOf(name), '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Printed;
};

describe('card print', () => {
  it('announces the hash of a key and an end to the ledger, and nothing else', async () => {
    const before = Date.now();
    const { pin, notAfter, files } = await print('announced.png');
    const [{ name, argument } = { name: '', argument: { input: {} } }] = commands();
    const { paperCode } = transactions.SetCardPaperCode.request.parse(argument.input);
    expect([name, paperCode?.notAfter, files]).toEqual(['SetCardPaperCode', notAfter, [fileOf('announced.png')]]);
    expect(Math.abs(Date.parse(notAfter) - before - 365 * 86_400_000)).toBeLessThan(120_000);
    expect(pin).toMatch(/^[0-9]{8}$/);
    expect(JSON.stringify(hospital.carried)).not.toContain(pin);
    expect(statSync(fileOf('announced.png')).mode & 0o777).toBe(0o600);
  });

  it('tells the PIN to whoever stands at the terminal, and writes it into no file', async () => {
    const { stdout } = await as('patient', 'card', 'print', 'card-1', '--svg', fileOf('shown.svg'));
    const pin = /PIN +([0-9]{8})\n/.exec(stdout)?.[1] ?? '';
    expect(pin).not.toBe('');
    expect(readFileSync(fileOf('shown.svg'), 'utf8')).not.toContain(pin);
  });

  it('writes over no file, and sends nothing then', async () => {
    writeFileSync(fileOf('there.svg'), 'mine');
    expect((await as('patient', 'card', 'print', 'card-1', '--svg', fileOf('there.svg'))).stderr).toContain('FILE_EXISTS');
    expect([readFileSync(fileOf('there.svg'), 'utf8'), commands()]).toEqual(['mine', []]);
  });

  it('leaves no picture of a code that was refused', async () => {
    hospital.answer = (name) =>
      name === 'GetPseudonym' ? committing(name) : Promise.reject(new Refused('ILLEGAL_STATE', 'the card is lost', {}));
    expect((await as('patient', 'card', 'print', 'card-1', '--svg', fileOf('refused.svg'))).stderr).toContain('ILLEGAL_STATE');
    expect(existsSync(fileOf('refused.svg'))).toBe(false);
  });

  it('withdraws the code before, without a new one', async () => {
    expect((await as('patient', 'card', 'print', 'card-1', '--withdraw')).code).toBe(0);
    // the test before has left a refused command behind, whose key is used up first
    expect(commands().at(-1)).toMatchObject({ name: 'SetCardPaperCode', argument: { input: { cardId: 'card-1' } } });
    expect(commands().at(-1)?.argument.input).not.toHaveProperty('paperCode');
  });

  it.each([
    ['neither picture nor withdrawal', []],
    ['both', ['--withdraw', '--svg', 'a.svg']],
    ['no day', ['--svg', 'a.svg', '--days', '0']],
    ['more than two years', ['--svg', 'a.svg', '--days', '732']],
  ])('is not run with %s', async (_what, options) => {
    expect(await as('patient', 'card', 'print', 'card-1', ...options)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('USAGE') as string,
    });
    expect(hospital.carried).toEqual([]);
  });

  it('is nobody’s but a patient’s, and writes nothing when it is only tried', async () => {
    expect((await as('registrar', 'card', 'print', 'card-1', '--svg', fileOf('r.svg'))).code).not.toBe(0);
    expect((await as('patient', 'card', 'print', 'card-1', '--svg', fileOf('dry.svg'), '--dry-run')).code).toBe(0);
    expect([existsSync(fileOf('r.svg')), existsSync(fileOf('dry.svg')), commands()]).toEqual([false, false, []]);
  });
});

const scanner = spawnSync('zbarimg', ['--version']).error === undefined ? undefined : 'zbarimg (package zbar-tools) not found on PATH';
describeUnless(scanner, 'a code on paper, read by a scanner that is not ours', () => {
  const scanned = (file: string): string => execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8', stdio: 'pipe' }).trim();
  let printed: Printed;
  let code: string;
  let announced: string | undefined;
  beforeAll(async () => {
    hospital.carried.length = 0;
    hospital.answer = committing;
    printed = await print('scanned.png');
    announced = transactions.SetCardPaperCode.request.parse(commands()[0]?.argument.input).paperCode?.keyHash;
    code = scanned(fileOf('scanned.png'));
    writeFileSync(fileOf('code.txt'), `${code}\r\n`);
  });

  it('holds neither the PIN nor the card’s id nor a key in the clear', () => {
    expect(code).toContain('lianyi/paper-code/v1');
    expect(code).not.toContain('card-1');
    expect(code).not.toContain(printed.pin);
  });

  it('makes with the PIN a token of the announced key, for a minute', async () => {
    const verified = { cardId: 'card-1', state: 'active', issuerMspId: 'HospitalAMSP', pseudonym: 'psn-1', shown: 'paper' };
    hospital.answer = () => Promise.resolve({ result: verified, transactionId: 'ab', blockNumber: 1n });
    writeFileSync(fileOf('pin.txt'), `${printed.pin}\n`);
    const { stdout } = await as('registrar', 'card', 'verify', '--token-file', fileOf('code.txt'), '--pin-file', fileOf('pin.txt'));
    expect(stdout).toMatch(/shown by +paper/);
    const { token } = transactions.VerifyCardToken.request.parse(hospital.carried[0]?.argument.input);
    expect(cardTokenSchema.parse(token).statement).toMatchObject({ cardId: 'card-1', msp: 'HospitalBMSP', channel: 'emr', genesis });
    expect(hashOfKey(token.publicKey)).toBe(announced);
    expect(verifySignature(token.publicKey, statementText(token.statement), token.signature)).toBe(true);
    expect(JSON.stringify(hospital.carried)).not.toContain(printed.pin);
  });

  it.each([
    ['another PIN', (pin: string) => (pin === '00000000' ? '00000001' : '00000000')],
    ['a PIN cut short', (pin: string) => pin.slice(0, 7)],
    ['no PIN', () => ''],
  ])('is nothing with %s', async (_what, wrong) => {
    const argv = ['card', 'verify', '--token-file', fileOf('code.txt'), '--pin-file', '-'];
    const { code: exit, stderr } = await runAs('registrar', argv, { stdin: wrong(printed.pin) });
    expect([exit, stderr]).toEqual([1, expect.stringContaining('PAPER_CODE_UNREADABLE')]);
    expect(hospital.carried).toEqual([]);
  });

  it.each([
    ['the code of a wallet’s screen', '{"statement":{},"publicKey":"","signature":""}'],
    ['a code with a letter changed', ''],
    ['nothing', ' '],
  ])('is nothing for %s', async (what, text) => {
    const file = fileOf(`other-${what.length}.txt`);
    const place = code.indexOf('"ciphertext":"') + 20;
    writeFileSync(file, text || `${code.slice(0, place)}${code[place] === 'A' ? 'B' : 'A'}${code.slice(place + 1)}`);
    const argv = ['card', 'verify', '--token-file', file, '--pin-file', '-'];
    expect((await runAs('registrar', argv, { stdin: printed.pin })).stderr).toContain('PAPER_CODE_UNREADABLE');
    expect(hospital.carried).toEqual([]);
  });
});
