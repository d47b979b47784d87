import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  await as('patient', 'wallet', 'pseudonym');
});
afterAll(() => hospital.close());

const as = (profile: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });

describe('consent grant', () => {
  const sent = async (...argv: readonly string[]): Promise<{ code: number; provisions: unknown; stderr: string }> => {
    const { code, stdout, stderr } = await as('patient', 'consent', 'grant', ...argv, '--dry-run');
    return {
      code,
      stderr,
      provisions: code === 0 ? (JSON.parse(stdout) as { input: { provisions: unknown } }).input.provisions : undefined,
    };
  };

  it.each([
    ['a permit', ['--until', '+30d']],
    ['a prohibition', ['--deny']],
    ['a prohibition with an end', ['--deny', '--until', '+1d']],
  ])('leaves the beginning of %s to the ledger’s time', async (_what, argv) => {
    const { provisions } = await sent('--to', 'organisation:HospitalBMSP', '--purposes', 'any', ...argv);
    expect(provisions).toHaveLength(1);
    expect((provisions as readonly object[])[0]).not.toHaveProperty('validFrom');
  });

  it('sends a beginning that is named', async () => {
    const { provisions } = await sent('--to', 'organisation:HospitalBMSP', '--purposes', 'any', '--deny', '--from', '2030-01-01');
    expect(provisions).toMatchObject([{ validFrom: '2030-01-01T00:00:00.000Z' }]);
  });

  it('sends months of care, one or several, and encounters', async () => {
    const any = ['--to', 'organisation:HospitalBMSP', '--purposes', 'any', '--deny'];
    const { provisions } = await sent(...any, '--care-months', '2026-03', '--encounters', 'e1,e2');
    expect(provisions).toMatchObject([{ careMonths: { first: '2026-03', last: '2026-03' }, encounters: ['e1', 'e2'] }]);
    const several = await sent(...any, '--care-months', '2026-01..2026-03');
    expect(several.provisions).toMatchObject([{ careMonths: { first: '2026-01', last: '2026-03' } }]);
  });

  const until = ['--to', 'organisation:HospitalBMSP', '--until', '+1d', '--purposes'];
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['the purpose of an employer', [...until, 'EMPLOYMENT'], '--purposes'],
    ['months that end before they begin', [...until, 'TREAT', '--care-months', '2026-03..2026-01'], '--care-months'],
    ['months of three parts', [...until, 'TREAT', '--care-months', '2026-01..2026-02..2026-03'], '--care-months'],
    ['a day for a month', [...until, 'TREAT', '--care-months', '2026-03-01'], '--care-months'],
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
    ['a data level of 6', ['--to', 'organisation:B', '--purposes', 'TREAT', '--until', '+1d', '--max-level', '6'], '--max-level'],
  ];
  it.each(wrong)('refuses %s as a usage error', async (_, argv, place) => {
    const { code, stderr } = await sent(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
  });
});
