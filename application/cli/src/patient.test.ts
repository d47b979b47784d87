import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { hashOfKey, OutcomeUnknown, proofSchema, Refused } from '@lianyi/domain';
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
    pseudonym = (JSON.parse(stdout) as { pseudonym: string }).pseudonym;
  });

  const grant = ['consent', 'grant', '--to', 'department:HospitalBMSP:cardiology', '--purposes', 'TREAT', '--until', '+30d'];
  const granted = (): Promise<{ result: unknown; transactionId: string; blockNumber: bigint }> =>
    Promise.resolve({
      result: { pseudonym, grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' }, version: 1, state: 'active' },
      transactionId: 'ef56',
      blockNumber: 9n,
    });
  const keyOfProof = (index: number): string => {
    const proof = proofSchema.parse(hospital.carried[index]?.argument.proof);
    if (proof.kind !== 'patient') throw new Error('a patient proof was expected');
    return hashOfKey(proof.statement.publicKey);
  };
  const announced = (index: number): string => {
    const proof = proofSchema.parse(hospital.carried[index]?.argument.proof);
    if (proof.kind !== 'patient') throw new Error('a patient proof was expected');
    return proof.statement.nextKeyHash;
  };

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

  const provisionOf = (index: number): unknown => (hospital.carried[index]?.argument.input as { provisions: unknown[] }).provisions[0];
  it('names the labels and levels that a policy is about', async () => {
    hospital.answer = granted;
    expect(await as('patient', ...grant, '--labels', 'R,V', '--max-level', '5')).toMatchObject({ code: 0 });
    expect(provisionOf(0)).toMatchObject({ effect: 'permit', confidentiality: ['R', 'V'], maxDataLevel: 5 });
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
    hospital.answer = () => Promise.reject(new Refused(code, 'refused', details));
    const { stderr } = await as('patient', ...grant);
    expect(stderr).toContain(code);
    expect(stderr).toContain(remedy);
  });

  it('signs each command with the key the one before announced', async () => {
    hospital.answer = granted;
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(keyOfProof(1)).toBe(announced(0));
  });

  it('uses no key up by a dry run, and shows no secret', async () => {
    const dry = await as('patient', ...grant, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).not.toContain(passphrase);
    expect(hospital.carried).toEqual([]);
    const shown = proofSchema.parse((JSON.parse(dry.stdout) as { proof: unknown }).proof);
    hospital.answer = granted;
    await as('patient', ...grant);
    expect(shown.kind === 'patient' && hashOfKey(shown.statement.publicKey)).toBe(keyOfProof(0));
    expect(JSON.parse((await as('patient', 'wallet', 'show', '--json')).stdout)).toEqual([{ mspId: 'HospitalBMSP', pseudonym }]);
  });

  it('keeps the key of a refused command for the next', async () => {
    hospital.answer = () => Promise.reject(new Refused('ALREADY_EXISTS', 'taken', {}));
    expect(await as('patient', ...grant)).toMatchObject({ code: 3 });
    hospital.answer = granted;
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(keyOfProof(1)).toBe(keyOfProof(0));
  });

  it('asks the ledger before signing anew when an outcome was unknown, and does not lose step when it was committed', async () => {
    hospital.answer = () => Promise.reject(new OutcomeUnknown('cd34'));
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    const next = announced(0);
    hospital.answer = (name) => (name === 'GetPseudonym' ? Promise.resolve({ result: pseudonymEntry(next) }) : granted());
    expect(await as('patient', ...grant)).toMatchObject({ code: 0 });
    expect(hospital.carried.map(({ name }) => name)).toEqual(['GrantPolicy', 'GetPseudonym', 'GrantPolicy']);
    expect(keyOfProof(2)).toBe(next);
  });

  it('sends the very same command again when it may still be committed', async () => {
    hospital.answer = () => Promise.reject(new OutcomeUnknown('cd34'));
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    const unchanged = keyOfProof(0);
    hospital.answer = (name) => (name === 'GetPseudonym' ? Promise.resolve({ result: pseudonymEntry(unchanged) }) : granted());
    const { code, stdout } = await as('patient', 'wallet', 'sync', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ synchronised: 'sent-again', transactionId: 'ef56' });
    expect(hospital.carried[2]).toEqual(hospital.carried[0]);
    expect(JSON.parse((await as('patient', 'wallet', 'show', '--json')).stdout)).toEqual([{ mspId: 'HospitalBMSP', pseudonym }]);
  });

  it('signs nothing new with the key of a command that the node took and did not answer', async () => {
    hospital.answer = () => {
      hospital.cutOff();
      return new Promise(() => undefined);
    };
    expect(await as('patient', ...grant)).toMatchObject({ code: 5 });
    const shown: unknown = JSON.parse((await as('patient', 'wallet', 'show', '--json')).stdout);
    expect(shown).toMatchObject([{ pseudonym, pending: expect.anything() as unknown }]);
    const unchanged = keyOfProof(0);
    hospital.answer = (name) => (name === 'GetPseudonym' ? Promise.resolve({ result: pseudonymEntry(unchanged) }) : granted());
    expect(await as('patient', 'wallet', 'sync')).toMatchObject({ code: 0 });
    expect(hospital.carried[2]).toEqual(hospital.carried[0]);
  });

  it('is told in the open when the passphrase is missing, and it is not taken from an argument', async () => {
    const bare = await run(['wallet', 'show', '--as', 'patient', '--data-dir', hospital.dataDir]);
    expect(bare).toMatchObject({ code: 1, stdout: '' });
    expect(bare.stderr).toContain('WALLET_UNREADABLE');
    expect(await as('patient', 'wallet', 'show', '--passphrase', passphrase)).toMatchObject({ code: 2 });
  });

  function pseudonymEntry(nextKeyHash: string): Record<string, unknown> {
    const origin = { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };
    const registeredAt = '2026-11-22T00:00:00.000Z';
    return { schemaVersion: 1, pseudonym, mspId: 'HospitalBMSP', suite: 'P256-SHA256', nextKeyHash, state: 'active', registeredAt, origin };
  }
});

describe('consent grant', () => {
  const sent = async (...argv: readonly string[]): Promise<{ code: number; provisions: unknown; stderr: string }> => {
    const { code, stdout, stderr } = await as('patient', 'consent', 'grant', '--pseudonym', 'psn', ...argv, '--dry-run');
    return {
      code,
      stderr,
      provisions: code === 0 ? (JSON.parse(stdout) as { input: { provisions: unknown } }).input.provisions : undefined,
    };
  };

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['a permit without an end', ['--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT'], '--until'],
    ['a grantee of an unknown kind', ['--to', 'hospital:HospitalBMSP', '--purposes', 'TREAT', '--until', '+1d'], '--to'],
    ['an unknown purpose', ['--to', 'organisation:HospitalBMSP', '--purposes', 'FUN', '--until', '+1d'], '--purposes'],
    [
      'an instant without zone',
      ['--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT', '--until', '2030-01-01T00:00'],
      '2030-01-01T00:00',
    ],
    ['a date that does not exist', ['--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT', '--until', '2030-13-01'], '2030-13-01'],
    ['an end before the beginning', ['--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT', '--until', '2020-01-01'], 'provisions'],
    [
      'a data level of 6',
      ['--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT', '--until', '+1d', '--max-level', '6'],
      '--max-level',
    ],
  ];
  it.each(wrong)('refuses %s as a usage error', async (_, argv, place) => {
    const { code, stderr } = await sent(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
  });
});
