import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { initialSetting } from '@lianyi/domain/deciding';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());

/** A record's ledger entry with the labels that are named; the rest does not matter here. */
const record = (labels: object): object => ({
  ...{ schemaVersion: 1, pseudonym: 'psn-1', recordId: 'rec-1', version: 1, state: 'current' },
  ...{ custodianMspId: 'HospitalAMSP', authorMspId: 'HospitalAMSP', class: 'laboratory-report', category: 'health-status' },
  ...{ format: 'fhir-r4-json', displayProfile: 'cn-lab@1', sizeBucket: 12, cipherSha256: genesis, contentCommitment: genesis },
  ...{ dekCommitment: genesis, keyEpoch: 1, anchoredAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z' },
  locators: ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => ({ mspId, endpointId: 'vault' })),
  receipts: ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => ({
    statement: {
      ...{ t: 'lianyi/receipt/v1', objectSha256: genesis, versionHash: genesis, mspId, endpointId: 'vault' },
      storedAt: '2026-01-01T00:00:00.000Z',
    },
    signature: Buffer.alloc(64, 1).toString('base64url'),
  })),
  origin: { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'lab-1' } },
  ...labels,
});

/** How long each class must be kept; as the program has it, nothing is said. */
const unsaid = initialSetting('retention-periods');
let periods: object = unsaid;
const list = async (items: readonly object[], ...flags: readonly string[]): Promise<string> => listPage({ items }, ...flags);
const listPage = async (page: object, ...flags: readonly string[]): Promise<string> => {
  hospital.answer = (name) => Promise.resolve({ result: name === 'GetParameter' ? { setting: periods, version: 1 } : page });
  const argv = ['record', 'list', '--as', 'registrar', '--pseudonym', 'psn-1', '--data-dir', hospital.dataDir, ...flags];
  const { code, stdout, stderr } = await run(argv, { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('a list of records', () => {
  beforeEach(() => {
    periods = unsaid;
  });
  const someKept = [
    record({ confidentiality: 'N', dataLevel: 3 }),
    record({ recordId: 'rec-2', class: 'observation', confidentiality: 'N', dataLevel: 3 }),
  ];
  it('says, in either language, until when the law of records has one kept, and nothing of one of which nothing is said', async () => {
    periods = { ...unsaid, value: { ...unsaid.value, 'laboratory-report': '15-years' } };
    const english = await list(someKept, '--lang', 'en');
    expect(english).toContain('kept by law until');
    expect(english.split('\n').find((line) => line.startsWith('rec-1'))).toContain('2041-01-01');
    expect(english.split('\n').find((line) => line.startsWith('rec-2'))).not.toContain('2041');
    expect(await list(someKept, '--lang', 'zh')).toContain('依法保存至');
    expect(JSON.parse(await list(someKept, '--json'))).toMatchObject({ retainedUntil: { 'rec-1': '2041-01-01T00:00:00.000Z' } });
  });

  it('says nothing of it where the members have said nothing', async () => {
    expect(await list(someKept, '--lang', 'en')).not.toContain('kept by law');
    expect(JSON.parse(await list(someKept, '--json'))).not.toHaveProperty('retainedUntil');
  });

  it('names, in either language, how many of its page are no entries, beside those that are and where it goes on', async () => {
    const page = { items: [record({ confidentiality: 'N', dataLevel: 3 })], unreadable: 2, next: 'bmV4dA' };
    expect(await listPage(page, '--lang', 'en')).toMatch(/^UNREADABLE: 2 of what was read .*\n.*bmV4dA/m);
    expect(await listPage(page, '--lang', 'zh')).toMatch(/无法读取：所读内容中有 2 条/);
    expect(await listPage({ items: [], unreadable: 1 }, '--lang', 'en')).toContain('UNREADABLE: 1');
    expect(await list([record({ confidentiality: 'N', dataLevel: 3 })], '--lang', 'en')).not.toContain('UNREADABLE');
  });
  it.each<readonly [object, readonly string[], readonly string[]]>([
    [{ confidentiality: 'R', dataLevel: 4 }, ['laboratory-report', '4', 'R'], ['检验报告', '4', '限制（R）']],
    [{ confidentiality: 'V', dataLevel: 5 }, ['laboratory-report', '5', 'V'], ['检验报告', '5', '严格限制（V）']],
    [{ confidentiality: 'N', dataLevel: 3 }, ['laboratory-report', '3', 'N'], ['检验报告', '3', '普通（N）']],
    [{ confidentiality: 'R', dataLevel: 5, class: 'patient-summary' }, ['patient-summary', '5', 'R'], ['患者摘要', '5', '限制（R）']],
  ])('shows class, level and label of %j', async (labels, english, chinese) => {
    for (const [language, cells] of [
      ['en', english],
      ['zh', chinese],
    ] as const) {
      const row = (await list([record(labels)], '--lang', language)).split('\n').find((line) => line.startsWith('rec-1')) ?? '';
      expect(row.split(/ {2,}/).slice(2, 5)).toEqual(cells);
    }
  });

  it('tells programs the codes', async () => {
    const told = await list(
      [record({ confidentiality: 'V', dataLevel: 5 }), record({ recordId: 'rec-2', confidentiality: 'N', dataLevel: 2 })],
      '--json',
    );
    expect((JSON.parse(told) as { result: { items: unknown[] } }).result.items).toEqual([
      expect.objectContaining({ recordId: 'rec-1', confidentiality: 'V', dataLevel: 5, class: 'laboratory-report' }),
      expect.objectContaining({ recordId: 'rec-2', confidentiality: 'N', dataLevel: 2 }),
    ]);
  });
});
