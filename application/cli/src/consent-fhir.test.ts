import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { DomainError, instantOf as at } from '@lianyi/domain';
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
const cardiology = ['--for', 'department:HospitalBMSP:cardiology'];
const toCardiology = ['--to', 'department:HospitalBMSP:cardiology'];
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
    const named = {
      type: 'deny',
      actor: [
        {
          role: { coding: [{ code: 'IRCP' }] },
          reference: { identifier: { system: 'urn:lianyi:grantee', value: 'role:HospitalBMSP:nurse' } },
        },
      ],
    };
    expect((await dry(named, ...toCardiology)).code).toBe(2);
    expect((await dry(named, ...cardiology)).code).toBe(2);
  });

  describe('of one that makes an exception of somebody', () => {
    const drEx = 'person:HospitalCMSP:dr-ex';
    const actor = [{ role: { coding: [{ code: 'IRCP' }] }, reference: { identifier: { system: 'urn:lianyi:grantee', value: drEx } } }];
    const excepting = {
      type: 'permit',
      period,
      provision: [{ type: 'deny', actor, purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] }],
    };
    const sent = (...argv: readonly string[]): Promise<Run> =>
      imported(consentOf(excepting), 'consent', 'import', '-', ...cardiology, ...argv, '--json');
    const policyAnswered = (state: string, purposes: readonly string[], effect = 'deny') => ({
      ...{ schemaVersion: 1, pseudonym, version: 1, state, grantedAt: at(0), changedAt: at(5) },
      grantee: { kind: 'person', mspId: 'HospitalCMSP', name: 'dr-ex' },
      provisions: [{ provisionId: 'p-1', effect, purposes, validFrom: at(5), ...(effect === 'deny' ? {} : { validUntil: at(1e12) }) }],
      origin: { requestHash: genesis, actor: { kind: 'patient', pseudonym } },
    });
    beforeEach(() => (hospital.carried.length = 0));

    it('names all whom it concerns, who is forbidden something first', async () => {
      const { code, stderr } = await sent();
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${drEx}, department:HospitalBMSP:cardiology`)]);
    });

    it('gives that one nothing but the prohibition, and says what is left', async () => {
      const { stdout } = await sent('--to', drEx, '--dry-run');
      expect(JSON.parse(stdout)).toMatchObject({ first: [], left: ['department:HospitalBMSP:cardiology'] });
      expect(inputOf(await sent('--to', drEx, '--dry-run'))).toMatchObject({
        grantee: { name: 'dr-ex' },
        provisions: [{ effect: 'deny', purposes: ['TREAT'] }],
      });
    });

    it('gives nobody of whom it makes an exception what it gives to whom it does not name', async () => {
      const named = await imported(consentOf(excepting), 'consent', 'import', '-', '--for', drEx, '--dry-run');
      expect([named.code, named.stderr]).toEqual([3, expect.stringContaining('excepted')]);
    });

    it.each<readonly [string, () => Promise<{ result: unknown }>]>([
      ['nobody has forbidden anything', () => Promise.reject(new DomainError('NOT_FOUND'))],
      ['something else is forbidden', () => Promise.resolve({ result: policyAnswered('active', ['HRESCH']) })],
      ['the same is permitted', () => Promise.resolve({ result: policyAnswered('active', ['TREAT'], 'permit') })],
      ['it is forbidden no more', () => Promise.resolve({ result: policyAnswered('revoked', ['TREAT']) })],
    ])('sends no permission while %s', async (_what, answer) => {
      hospital.answer = answer;
      const { code, stderr } = await sent(...toCardiology);
      expect([code, stderr]).toEqual([3, expect.stringContaining('PROHIBITION_FIRST')]);
      expect(stderr).toContain(drEx);
      expect(hospital.carried.map(({ name }) => name)).toEqual(['GetPolicy']);
    });

    it('sends the permission when the ledger says that the prohibition stands, and a dry run says which that is', async () => {
      hospital.answer = () => Promise.resolve({ result: policyAnswered('active', ['TREAT']) });
      await sent(...toCardiology);
      expect(hospital.carried.map(({ name }) => name)).toEqual(['GetPolicy', 'GrantPolicy']);
      expect(JSON.parse((await sent(...toCardiology, '--dry-run')).stdout)).toMatchObject({ first: [drEx], left: [] });
    });
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
    const { stdout, code } = await imported({}, 'consent', 'export', ...toCardiology, '--json');
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
    const { stderr, code } = await imported({}, 'consent', 'export', ...toCardiology);
    expect([code, stderr]).toEqual([3, expect.stringContaining('several-kinds-of-data')]);
  });
});
