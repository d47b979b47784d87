import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { instantOf } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

type Page = { readonly items: readonly object[]; readonly next?: string; readonly unreadable?: number };

let hospital: Hospital;
let pseudonym: string;
let pages: Readonly<Record<string, readonly Page[]>>;
/** The present version of the policy. */
let present: object;

beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  const made = JSON.parse((await as('wallet', 'pseudonym', '--json')).stdout) as { pseudonym: string; nextKeyHash: string };
  ({ pseudonym } = made);
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
  [pages, present] = [{}, version(3)];
  hospital.answer = (name) => {
    if (name === 'GetPolicy') return Promise.resolve({ result: present });
    const asked = hospital.carried.filter((each) => each.name === name).length;
    return Promise.resolve({ result: pages[name]?.[asked - 1] ?? { items: [] } });
  };
});

const as = (...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', 'patient', '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const grantee = { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' };
const origin = () => ({ requestHash: genesis, actor: { kind: 'patient', pseudonym } });
function version(number: number, state = 'active'): object {
  const times = { grantedAt: instantOf(0), changedAt: instantOf(number * 60_000) };
  const provision = {
    provisionId: `p-${number}`,
    effect: 'permit',
    purposes: ['TREAT'],
    validFrom: instantOf(0),
    validUntil: instantOf(1e12),
  };
  return { schemaVersion: 1, pseudonym, grantee, version: number, state, provisions: [provision], ...times, origin: origin() };
}

describe('consent history', () => {
  const history = (...argv: readonly string[]): Promise<Run> =>
    as('consent', 'history', '--to', 'department:HospitalBMSP:cardiology', ...argv);

  it('shows each version once, oldest first, over all pages, though the policy is amended meanwhile', async () => {
    pages = { ListPolicyVersions: [{ items: [version(1)], next: '000001' }, { items: [version(2), version(3)] }] };
    const { stdout, code } = await history('--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { items: { version: number }[] }).items.map((each) => each.version)).toEqual([1, 2, 3]);
    expect(hospital.carried.map(({ name }) => name)).toEqual(['GetPolicy', 'ListPolicyVersions', 'ListPolicyVersions']);
  });

  it.each([
    ['en', 'revoked'],
    ['zh', '已撤销'],
  ])('says in %s what each said and since when', async (language, word) => {
    present = version(2, 'revoked');
    pages = { ListPolicyVersions: [{ items: [version(1)] }] };
    const { stdout } = await history('--lang', language);
    expect(stdout).toContain(word);
    expect(stdout.split('\n').filter((row) => /TREAT|治疗|treat/i.test(row))).toHaveLength(2);
  });

  it('says how many versions cannot be read, of all pages together', async () => {
    const torn = [
      { items: [version(1)], next: '000001', unreadable: 1 },
      { items: [], unreadable: 2 },
    ];
    pages = { ListPolicyVersions: torn };
    expect(JSON.parse((await history('--json')).stdout)).toMatchObject({ unreadable: 3 });
    hospital.carried.length = 0;
    expect((await history()).stdout).toContain('UNREADABLE: 3');
  });

  it('sends nothing with --dry-run', async () => {
    const { stdout } = await history('--dry-run');
    expect(stdout).toContain('GetPolicy');
    expect(hospital.carried).toEqual([]);
  });
});

describe('audit disclosures', () => {
  const disclosed = (minute: number, more: object = {}): object => ({
    ...{ kind: 'released', at: instantOf(minute * 60_000), txId: `tx-${minute}`, ticketId: 'ticket-1', recordIds: [`record-${minute}`] },
    ...{ purpose: 'TREAT', to: { mspId: 'HospitalBMSP', actorTag: 'tag-b', department: 'cardiology' }, provisionIds: ['p-1'], ...more },
  });
  const handedOn = { kind: 'handed-on', handedOnBy: 'HospitalBMSP', to: { mspId: 'HospitalCMSP', actorTag: 'tag-c', department: 'ward' } };

  it('shows all pages, one without any among them', async () => {
    pages = { ListDisclosures: [{ items: [disclosed(2)], next: 'x' }, { items: [], next: 'y' }, { items: [disclosed(1)] }] };
    const { stdout, code } = await as('audit', 'disclosures', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      items: [{ recordIds: ['record-2'], to: { actorTag: 'tag-b' } }, { recordIds: ['record-1'] }],
    });
  });

  it.each([
    ['en', /HospitalCMSP:tag-c, handed on by HospitalBMSP/, /emergency: no-time/],
    ['zh', /HospitalCMSP:tag-c，由 HospitalBMSP 转交/, /急诊：情况紧急/],
  ])('tells in %s what was handed on and what was opened in an emergency', async (language, ...told) => {
    pages = { ListDisclosures: [{ items: [disclosed(3, handedOn), disclosed(2, { emergency: 'no-time' })] }] };
    const { stdout } = await as('audit', 'disclosures', '--lang', language);
    for (const text of told) expect(stdout).toMatch(text);
  });

  it.each([
    ['en', 'nothing was disclosed'],
    ['zh', '没有任何披露'],
  ])('says in %s that nothing was', async (language, sentence) => {
    expect((await as('audit', 'disclosures', '--lang', language)).stdout).toContain(sentence);
  });

  it('says not that nothing was where lines are there that cannot be read', async () => {
    pages = { ListDisclosures: [{ items: [], next: 'x', unreadable: 1 }, { items: [] }] };
    const { stdout } = await as('audit', 'disclosures');
    expect(stdout).toContain('UNREADABLE: 1');
    expect(stdout).not.toContain('nothing was disclosed');
    hospital.carried.length = 0;
    expect(JSON.parse((await as('audit', 'disclosures', '--json')).stdout)).toEqual({ items: [], unreadable: 1 });
  });

  it('asks for a period, and refuses a time that is none', async () => {
    await as('audit', 'disclosures', '--from', instantOf(150_000), '--until', instantOf(200_000));
    expect(hospital.carried[0]?.argument.input).toMatchObject({ since: instantOf(150_000), until: instantOf(200_000) });
    expect((await as('audit', 'disclosures', '--from', 'yesterday')).code).not.toBe(0);
  });
});
