import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { instantOf as at } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

const directory = scratchDirectory();
let hospital: Hospital;
let pseudonym: string;
beforeAll(async () => {
  hospital = await openHospital(directory);
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  ({ pseudonym } = JSON.parse((await imported({}, 'wallet', 'pseudonym', '--json')).stdout) as { pseudonym: string });
});
afterAll(() => hospital.close());

const imported = (consent: object, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', 'patient', '--data-dir', hospital.dataDir], {
    stdin: JSON.stringify(consent),
    env: { LIANYI_WALLET_PASSPHRASE: passphrase },
  });
const consentOf = (provision: object): object => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  provision,
});
const dry = (provision: object, ...argv: readonly string[]): Promise<Run> =>
  imported(consentOf(provision), 'consent', 'import', '-', ...argv, '--dry-run');
const cardiology = ['--to', 'department:HospitalBMSP:cardiology'];
const period = { start: '2030-01-01T00:00:00.000Z', end: '2030-12-31T23:59:59.999Z' };
const inputOf = ({ stdout }: Run): unknown => (JSON.parse(stdout) as { input: unknown }).input;

describe('consent import', () => {
  it('grants what the Consent says to whom the option names, if it names nobody', async () => {
    expect(inputOf(await dry({ type: 'permit', period }, ...cardiology))).toMatchObject({
      grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' },
      provisions: [{ effect: 'permit', purposes: 'any', validFrom: period.start, validUntil: '2031-01-01T00:00:00.000Z' }],
    });
    const open = await dry({ type: 'permit' }, ...cardiology, '--until', '2030-01-01T00:00:00.000Z');
    expect(inputOf(open)).toMatchObject({ provisions: [{ validUntil: '2030-01-01T00:00:00.000Z' }] });
  });

  it('takes references for what a file says that they are, and of several grantees the one that is named', async () => {
    const file = join(directory, 'meanings.json');
    writeFileSync(
      file,
      JSON.stringify({ members: ['HospitalAMSP', 'HospitalBMSP'], references: { 'Observation/1': { records: ['rec-1'] } } }),
    );
    const data = [{ meaning: 'instance', reference: { reference: 'Observation/1' } }];
    const known = await dry({ type: 'permit', period, data }, ...cardiology, '--meanings', file);
    expect(inputOf(known)).toMatchObject({ provisions: [{ recordIds: ['rec-1'] }] });
    const everybody = await dry({ type: 'deny' }, '--meanings', file);
    expect([everybody.code, everybody.stderr]).toEqual([
      2,
      expect.stringContaining('organisation:HospitalAMSP, organisation:HospitalBMSP'),
    ]);
    const one = await dry({ type: 'deny' }, '--meanings', file, '--to', 'organisation:HospitalAMSP');
    expect(inputOf(one)).toMatchObject({ grantee: { mspId: 'HospitalAMSP' }, provisions: [{ effect: 'deny' }] });
    const other = await dry(
      { type: 'deny', actor: [{ reference: { identifier: { system: 'urn:lianyi:grantee', value: 'role:HospitalBMSP:nurse' } } }] },
      ...cardiology,
    );
    expect(other.code).toBe(2);
  });

  it('gives nobody the permission of whom it makes an exception, and names whom it leaves out', async () => {
    const drEx = { reference: { identifier: { system: 'urn:lianyi:grantee', value: 'person:HospitalCMSP:dr-ex' } } };
    const excepting = { type: 'permit', period, provision: [{ type: 'deny', actor: [drEx] }] };
    expect((await dry(excepting, '--to', 'person:HospitalCMSP:dr-ex')).code).toBe(2);
    const permitted = await dry(excepting, ...cardiology);
    expect(inputOf(permitted)).toMatchObject({ grantee: { name: 'cardiology' }, provisions: [{ effect: 'permit' }] });
  });

  it.each<readonly [string, object, string]>([
    [
      'a sensitivity in a permission',
      { type: 'permit', period, securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
      'sensitivity',
    ],
    ['a purpose that nothing opens', { type: 'permit', period, purpose: [{ code: 'EMPLOYMENT' }] }, 'purpose-never-opens'],
    ['a permission without an end', { type: 'permit' }, 'no-end'],
  ])('sends nothing for %s', async (_what, provision, what) => {
    hospital.carried.length = 0;
    const { code, stderr } = await imported(consentOf(provision), 'consent', 'import', '-', ...cardiology);
    expect(code).toBe(3);
    expect(stderr).toContain(what);
    expect(hospital.carried).toEqual([]);
  });
});

describe('consent export', () => {
  const policyOf = (more: object = {}) => ({
    ...{ schemaVersion: 1, pseudonym, version: 1, state: 'active', grantedAt: at(0), changedAt: at(0) },
    grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' },
    provisions: [
      { provisionId: 'p-1', effect: 'permit', purposes: ['TREAT'], validFrom: at(0), validUntil: at(1e12), encounters: ['e-1'], ...more },
    ],
    origin: { requestHash: genesis, actor: { kind: 'patient', pseudonym } },
  });

  it('writes what import reads again', async () => {
    const policy = policyOf();
    hospital.answer = () => Promise.resolve({ result: policy });
    const { stdout, code } = await imported({}, 'consent', 'export', ...cardiology, '--json');
    expect(code).toBe(0);
    const again = await imported(JSON.parse(stdout) as object, 'consent', 'import', '-', '--dry-run');
    const [provision] = policy.provisions;
    expect(inputOf(again)).toMatchObject({
      grantee: policy.grantee,
      provisions: [{ ...provision, provisionId: expect.any(String) as string }],
    });
  });

  it('writes nothing that FHIR would read as more', async () => {
    hospital.answer = () => Promise.resolve({ result: policyOf({ recordIds: ['rec-1'] }) });
    const { stderr, code } = await imported({}, 'consent', 'export', ...cardiology);
    expect([code, stderr]).toEqual([3, expect.stringContaining('several-kinds-of-data')]);
  });
});
