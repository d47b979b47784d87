import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { hashOfKey, OutcomeUnknown, type PatientStatement, proofSchema, Refused, statementHashOf } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const as = (profile: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });

describe('a patient', () => {
  let pseudonym: string;
  beforeAll(async () => {
    // a cheap wallet: the real cost, half a second a command, is tried once below
    await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
    const { stdout } = await as('patient', 'wallet', 'pseudonym', '--json');
    const made = JSON.parse(stdout) as { pseudonym: string; nextKeyHash: string };
    ({ pseudonym } = made);
    word = { nextKeyHash: made.nextKeyHash };
  });

  const grant = ['consent', 'grant', '--to', 'department:HospitalBMSP:cardiology', '--purposes', 'TREAT', '--until', '+30d'];
  const granted = { grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' }, version: 1, state: 'active' };
  /** What the ledger says of the pseudonym. */
  let word: { nextKeyHash: string; lastCommand?: { statementHash: string; at: string } };
  beforeEach(async () => {
    // whatever the test before has left open
    hospital.answer = committing;
    await as('patient', 'wallet', 'give-up');
    hospital.carried.length = 0;
  });

  const statementOf = (index: number): PatientStatement => {
    const proof = proofSchema.parse(hospital.carried.filter(({ name }) => name !== 'GetPseudonym').at(index)?.argument.proof);
    if (proof.kind !== 'patient') throw new Error('a patient proof was expected');
    return proof.statement;
  };
  const keyOf = (index: number): string => hashOfKey(statementOf(index).publicKey);
  const carriedNames = (): readonly string[] => hospital.carried.map(({ name }) => name);
  /** Commits the command that was carried at the index, however late. */
  const commit = (index: number): void => {
    const statement = statementOf(index);
    if (keyOf(index) !== word.nextKeyHash) throw new Refused('STALE_KEY', 'stale', {});
    const at = '2026-11-22T00:00:00.000Z';
    word = { nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at } };
  };
  type Answer = { result: unknown; transactionId?: string; blockNumber?: bigint };
  const tell = (): Answer => ({ result: pseudonymEntry() });
  const committing = (name: string): Promise<Answer> => {
    if (name === 'GetPseudonym') return Promise.resolve(tell());
    return Promise.resolve().then(() => {
      commit(-1);
      const result = name === 'RotateKey' ? { pseudonym, nextKeyHash: word.nextKeyHash } : { ...granted, pseudonym };
      return { result, transactionId: 'ef56', blockNumber: 9n };
    });
  };
  /** Commits nothing, and answers commands with a failure. */
  const failing =
    (failure: Error) =>
    (name: string): Promise<Answer> =>
      name === 'GetPseudonym' ? Promise.resolve(tell()) : Promise.reject(failure);
  const shown = async (): Promise<unknown> => JSON.parse((await as('patient', 'wallet', 'show', '--json')).stdout);

  it('makes a wallet of mode 0600, and never a second one over it', async () => {
    const file = join(hospital.dataDir, 'profiles', 'patient.json');
    const profile = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(
      join(hospital.dataDir, 'profiles', 'second.json'),
      JSON.stringify({ ...profile, name: 'second', walletFile: '../second.json' }),
    );
    expect(await as('second', 'wallet', 'create')).toMatchObject({ code: 0 });
    expect(statSync(join(hospital.dataDir, 'second.json')).mode & 0o777).toBe(0o600);
    expect(await as('second', 'wallet', 'create')).toMatchObject({ code: 3 });
  });

  it.each(['a', 'short', 'eleven char'])('makes no wallet under the passphrase %j, and says how long one is', async (passphraseOfTest) => {
    const argv = ['wallet', 'create', '--as', 'third', '--data-dir', hospital.dataDir];
    const profile = JSON.parse(readFileSync(join(hospital.dataDir, 'profiles', 'patient.json'), 'utf8')) as Record<string, unknown>;
    const file = join(hospital.dataDir, 'profiles', 'third.json');
    writeFileSync(file, JSON.stringify({ ...profile, name: 'third', walletFile: '../third.json' }));
    const { code, stderr } = await run(argv, { env: { LIANYI_WALLET_PASSPHRASE: passphraseOfTest } });
    expect(code).toBe(3);
    expect(stderr).toContain('PASSPHRASE_TOO_SHORT');
    expect(stderr).toContain('12');
    expect(existsSync(join(hospital.dataDir, 'third.json'))).toBe(false);
  });

  const grants = (): { provisions: unknown[] }[] =>
    hospital.carried
      .map(({ argument }) => argument.input as { provisions: unknown[] })
      .filter(({ provisions }) => Array.isArray(provisions));
  const provisionOf = (index: number): unknown => grants()[index]?.provisions[0];
  it('names the labels and levels that a policy is about, and for how many permits it is good', async () => {
    hospital.answer = committing;
    expect(await as('patient', ...grant, '--labels', 'R,V', '--max-level', '5', '--uses', '3')).toMatchObject({ code: 0 });
    expect(provisionOf(0)).toMatchObject({ effect: 'permit', confidentiality: ['R', 'V'], maxDataLevel: 5, uses: 3 });
    expect(await as('patient', ...grant, '--deny', '--labels', 'V', '--min-level', '4')).toMatchObject({ code: 0 });
    expect(provisionOf(1)).toMatchObject({ effect: 'deny', confidentiality: ['V'], minDataLevel: 4 });
  });

  it.each([
    ['a label that is none', ['--labels', 'X'], 2],
    ['a label in the wrong case', ['--labels', 'r'], 2],
    ['an upper level of a prohibition', ['--deny', '--max-level', '3'], 2],
    ['a lower level of a permission', ['--min-level', '3'], 2],
  ])('sends nothing for %s', async (_what, flags, code) => {
    expect(await as('patient', ...grant, ...flags)).toMatchObject({ code });
    expect(hospital.carried).toEqual([]);
  });

  it.each([
    ['POLICY_ACTIVE', { version: 3 }, 'consent amend'],
    ['UNKNOWN_GRANTEE', { unknown: 'department' }, 'org list'],
  ])('is told on %s which command helps', async (code, details, remedy) => {
    hospital.answer = failing(new Refused(code, 'refused', details));
    const { stderr } = await as('patient', ...grant);
    expect(stderr).toContain(code);
    expect(stderr).toContain(remedy);
  });

  it('signs each command with the key the one before announced', async () => {
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(keyOf(1)).toBe(statementOf(0).nextKeyHash);
    expect(await shown()).toEqual([{ mspId: 'HospitalBMSP', pseudonym, open: [] }]);
  });

  it.each([
    ['a command', grant],
    ['a question', ['consent', 'list']],
    ['any command by its name', ['tx', 'RegistrarContract:RotateKey', '--input', '-']],
  ])('signs nothing for a dry run of %s', async (_what, argv) => {
    const dry = await run([...argv, '--dry-run', '--as', 'patient', '--data-dir', hospital.dataDir], {
      env: { LIANYI_WALLET_PASSPHRASE: passphrase },
      stdin: JSON.stringify({ pseudonym }),
    });
    expect(dry.code).toBe(0);
    expect(hospital.carried).toEqual([]);
    expect(JSON.parse(dry.stdout)).toMatchObject({ input: { pseudonym } });
    expect(JSON.parse(dry.stdout)).not.toHaveProperty('proof');
    expect(dry.stdout).not.toMatch(/signature|publicKey/);
    expect(dry.stdout).not.toContain(passphrase);
    expect(await shown()).toMatchObject([{ open: [] }]);
  });

  it.each(['sync', 'give-up'])('has no dry run of wallet %s: what it sends depends on the ledger', async (verb) => {
    expect(await as('patient', 'wallet', verb, '--dry-run')).toMatchObject({ code: 2 });
    expect(hospital.carried).toEqual([]);
  });

  it.each(['ALREADY_EXISTS', 'LEDGER_UNAVAILABLE', 'RATE_LIMITED', 'STALE_KEY', 'TIME_SKEW', 'NOT_ACTIVE_ORGANISATION'])(
    'uses up the key of a command refused with %s before it signs another',
    async (refusal) => {
      hospital.answer = failing(new Refused(refusal, 'refused', {}));
      expect((await as('patient', ...grant)).code).not.toBe(0);
      expect(await shown()).toMatchObject([{ open: [{ transaction: 'ConsentContract:GrantPolicy' }] }]);
      hospital.answer = committing;
      expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
      expect(carriedNames().filter((name) => name !== 'GetPseudonym')).toEqual(['GrantPolicy', 'RotateKey', 'GrantPolicy']);
      expect(keyOf(1)).toBe(keyOf(0));
      expect(keyOf(2)).toBe(statementOf(1).nextKeyHash);
    },
  );

  it('is told when a command that was refused has been committed after all, before another is signed', async () => {
    hospital.answer = failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {}));
    await as('patient', ...grant);
    commit(0);
    hospital.answer = committing;
    const { code, stderr } = await as('patient', ...grant);
    expect(code).toBe(1);
    expect(stderr).toContain('OTHER_COMMAND_COMMITTED');
    expect(stderr).toContain('ConsentContract:GrantPolicy');
    expect(carriedNames()).toEqual(['GrantPolicy', 'GetPseudonym']);
  });

  it('asks the ledger before signing anew when an outcome was unknown, and does not lose step when it was committed', async () => {
    hospital.answer = failing(new OutcomeUnknown('cd34'));
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    commit(0);
    hospital.answer = committing;
    const { code, stdout } = await as('patient', ...grant);
    expect(code).toBe(0);
    // nobody but the carrier was asked
    expect(stdout).toContain('UNWITNESSED');
    expect(carriedNames()).toEqual(['GrantPolicy', 'GetPseudonym', 'GrantPolicy', 'GetPseudonym']);
    expect(keyOf(1)).toBe(statementOf(0).nextKeyHash);
  });

  it('sends the very same command again when it may still be committed', async () => {
    hospital.answer = failing(new OutcomeUnknown('cd34'));
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    hospital.answer = committing;
    const { code, stdout } = await as('patient', 'wallet', 'sync', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      commands: [{ transaction: 'ConsentContract:GrantPolicy', state: 'committed' }],
      isSentAgain: true,
      transactionId: 'ef56',
    });
    expect(hospital.carried[2]).toEqual(hospital.carried[0]);
    expect(await shown()).toMatchObject([{ open: [] }]);
  });

  it('signs nothing new with the key of a command that the node took and did not answer', async () => {
    hospital.answer = () => {
      hospital.cutOff();
      return new Promise(() => undefined);
    };
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    expect(await shown()).toMatchObject([{ pseudonym, open: [{ transaction: 'ConsentContract:GrantPolicy' }] }]);
    hospital.answer = committing;
    expect(await as('patient', 'wallet', 'sync')).toMatchObject({ code: 0 });
    expect(hospital.carried[2]).toEqual(hospital.carried[0]);
  });

  it('is not told "committed" by a node whose ledger does not say so', async () => {
    hospital.answer = (name) =>
      Promise.resolve(name === 'GetPseudonym' ? tell() : { result: { ...granted, pseudonym }, transactionId: 'lie', blockNumber: 1n });
    const { code, stderr } = await as('patient', ...grant);
    expect(code).toBe(5);
    expect(stderr).toContain('lie');
    expect(await shown()).toMatchObject([{ open: [{ transaction: 'ConsentContract:GrantPolicy' }] }]);
  }, 30_000);

  const givenUp: readonly (readonly [string, boolean, string])[] = [
    ['never will be committed', false, 'superseded'],
    ['was committed before', true, 'committed'],
  ];
  it.each(givenUp)('gives a command up through another member’s node and is told that it %s', async (_what, isFaster, state) => {
    hospital.answer = failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {}));
    await as('patient', ...grant);
    if (isFaster) commit(0);
    hospital.answer = committing;
    const { code, stdout } = await as('patient', 'wallet', 'give-up', '--through', 'clinician', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { commands: unknown[]; toldBy: string };
    expect(told.commands[0]).toMatchObject({ transaction: 'ConsentContract:GrantPolicy', state });
    expect(told.toldBy).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(await shown()).toMatchObject([{ open: [] }]);
  });

  it.each([
    ['en', 'not committed so far; can still be'],
    ['zh', '仍可能提交'],
  ])('is told in %s that a command is open, and by whose word', async (language, words) => {
    hospital.answer = failing(new Refused('ALREADY_EXISTS', 'taken', {}));
    await as('patient', ...grant);
    const { code, stdout } = await as('patient', 'wallet', 'sync', '--lang', language);
    expect(code).toBe(0);
    expect(stdout).toContain(words);
    expect(stdout).toContain('https://127.0.0.1:');
  });

  it('believes its witness, not the node that carries', async () => {
    const profile = JSON.parse(readFileSync(join(hospital.dataDir, 'profiles', 'patient.json'), 'utf8')) as Record<string, string>;
    const witnessed = { ...profile, name: 'witnessed', witnessUrl: 'https://127.0.0.1:9', witnessTlsCaFile: profile['tlsCaFile'] };
    const file = join(hospital.dataDir, 'profiles', 'witnessed.json');
    writeFileSync(file, JSON.stringify(witnessed));
    expect(await as('witnessed', ...grant)).toMatchObject({ code: 5 });
    expect(carriedNames()).toEqual(['GrantPolicy']);
    writeFileSync(file, JSON.stringify({ ...witnessed, witnessTlsCaFile: undefined }));
    expect((await as('witnessed', ...grant)).stderr).toContain('PROFILE_INVALID');
  });

  it('is told in the open when the passphrase is missing, and it is not taken from an argument', async () => {
    const bare = await run(['wallet', 'show', '--as', 'patient', '--data-dir', hospital.dataDir]);
    expect(bare).toMatchObject({ code: 1, stdout: '' });
    expect(bare.stderr).toContain('WALLET_UNREADABLE');
    expect(await as('patient', 'wallet', 'show', '--passphrase', passphrase)).toMatchObject({ code: 2 });
  });

  function pseudonymEntry(): Record<string, unknown> {
    const origin = { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };
    const registeredAt = '2026-11-22T00:00:00.000Z';
    return { schemaVersion: 1, pseudonym, mspId: 'HospitalBMSP', suite: 'P256-SHA256', ...word, state: 'active', registeredAt, origin };
  }
});
