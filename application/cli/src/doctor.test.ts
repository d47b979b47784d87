import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused, sha256 } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { run } from './terminal.fixture';

type Row = { readonly check: string; readonly verdict: string; readonly code?: string; readonly found: string; readonly remedy?: string };

describe('lianyi doctor integrator', () => {
  let hospital: Hospital;
  const entry = {
    schemaVersion: 1,
    mspId: 'HospitalBMSP',
    actorTag: 'clinician-1',
    roles: ['recordAdmin'],
    departments: [],
    state: 'active',
  };
  const registered = {
    ...{ ...entry, dutyWindows: [], publicKeyHash: 'A'.repeat(43), registeredAt: '2026-01-01T08:00:00.000Z' },
    ...{ changedAt: '2026-01-01T08:00:00.000Z' },
    origin: { requestHash: 'A'.repeat(43), actor: { kind: 'administrator', mspId: 'HospitalBMSP', keyHash: 'A'.repeat(43) } },
  };
  beforeEach(async () => {
    hospital = await openHospital(scratchDirectory());
    hospital.answer = () => Promise.resolve({ result: registered });
  });
  afterEach(() => hospital.close());

  const doctor = async (...more: readonly string[]): Promise<{ code: number; rows: readonly Row[] }> => {
    const argv = ['doctor', 'integrator', '--as', 'clinician', '--data-dir', hospital.dataDir, '--json', ...more];
    const { code, stdout } = await run(argv);
    return { code, rows: (JSON.parse(stdout) as { checks: readonly Row[] }).checks };
  };
  const verdicts = (rows: readonly Row[]): readonly string[] =>
    rows.map(({ check, verdict, code }) => [check, verdict, code ?? ''].join(' ').trim());
  const alter = (field: string, value: string): void => {
    const file = join(hospital.dataDir, 'profiles', 'clinician.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), [field]: value }), { mode: 0o600 });
  };
  const reached = ['certificate note', 'node good', 'network good', 'health good', 'key good'];

  it('finds all well, writes nothing unless it is told who asks, and ends with 0', async () => {
    const { code, rows } = await doctor();
    expect([code, ...verdicts(rows).slice(1)]).toEqual([0, ...reached.slice(1), 'staff good', 'events good', 'roundTrip note']);
    expect(hospital.carried.map(({ name }) => name)).toEqual(['GetStaff']);
  });

  it('has a denial committed, and waits for its event', async () => {
    hospital.answer = (name) =>
      Promise.resolve(name === 'GetStaff' ? { result: registered } : { result: denied(), transactionId: 'tx', blockNumber: 9n });
    const denied = (): object => ({
      ticketId: (hospital.carried.at(-1)?.argument.input as { ticketId: string }).ticketId,
      decision: 'deny',
      reasons: ['NO_CONSENT'],
      provisionIds: [],
    });
    const { code, rows } = await doctor('--asker', 'registrar');
    expect([code, verdicts(rows).at(-1)]).toEqual([0, 'roundTrip good']);
    expect(rows.at(-1)?.found).toMatch(/^event 9-0-0 after \d+ ms$/);
  });

  it.each<readonly [what: string, spoil: () => void, last: string]>([
    [
      'an authority that is none',
      () => {
        writeFileSync(join(hospital.dataDir, 'tls-ca.pem'), 'nothing');
      },
      'certificate bad CERTIFICATE_UNUSABLE',
    ],
    [
      'a node that is away',
      () => {
        alter('nodeUrl', 'https://127.0.0.1:1');
      },
      'node bad',
    ],
    [
      'another network',
      () => {
        alter('genesis', sha256('another network'));
      },
      'network bad',
    ],
    [
      'a key that is not there',
      () => {
        alter('keyFile', join(hospital.dataDir, 'none.pem'));
      },
      'key bad KEY_FILE_UNUSABLE',
    ],
    ['a clock that is wrong', () => (hospital.answer = () => Promise.reject(new Refused('TIME_SKEW', 'no', {}))), 'staff bad TIME_SKEW'],
    [
      'a key that nobody registered',
      () => (hospital.answer = () => Promise.reject(new Refused('BAD_SIGNATURE', 'no', {}))),
      'staff bad BAD_SIGNATURE',
    ],
    ['a role that may not follow', () => (hospital.mayFollow = false), 'events bad NOT_PERMITTED'],
  ])('ends with 1 at %s, and says what to do', async (_what, spoil, last) => {
    spoil();
    const { code, rows } = await doctor();
    expect(code).toBe(1);
    expect(verdicts(rows).at(-1)).toContain(last);
    expect(rows.at(-1)?.remedy).toMatch(/\w/);
  });

  it('tells people in their language', async () => {
    alter('genesis', sha256('another network'));
    const argv = ['doctor', 'integrator', '--as', 'clinician', '--data-dir', hospital.dataDir];
    expect((await run([...argv, '--lang', 'zh'])).stdout).toMatch(/网络[\s\S]*失败[\s\S]*请勿为其签名/);
    expect((await run([...argv, '--lang', 'en'])).stdout).toMatch(/FAILS[\s\S]*Sign nothing for it/);
  });
});
