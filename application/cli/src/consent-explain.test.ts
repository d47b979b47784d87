import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { displayWidth } from './columns';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

// to this machine every staff profile is one of the staff; the ledger says who is a privacy officer
const explain = (lang: 'en' | 'zh', ...more: readonly string[]): Promise<Run> => {
  const asked = ['--record', 'rec-1', '--purpose', 'TREAT', '--asker', 'HospitalCMSP:dr-lin', '--department', 'cardiology'];
  const who = ['--as', 'registrar', '--data-dir', hospital.dataDir, '--lang', lang];
  return run(['consent', 'explain', ...asked, ...more, ...who], { columns: 80, env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
};
const answers = (result: object): void => {
  hospital.answer = () => Promise.resolve({ result });
};
const cardiology = { kind: 'department', mspId: 'HospitalCMSP', name: 'cardiology' };
const everybody = { kind: 'organisation', mspId: 'HospitalCMSP', name: 'all' };
const silent = ['purpose', 'retraction', 'relationship', 'prohibitions', 'grants', 'defaultPolicy', 'approvals'].map((source) => ({
  source,
}));
const said = (...sayings: readonly { readonly source: string }[]): readonly object[] =>
  silent.map((each) => sayings.find(({ source }) => source === each.source) ?? each);
const denied = {
  outcome: 'decided',
  decision: { effect: 'deny', reasons: ['DENIED_BY_PROVISION'] },
  isRecordKnown: true,
  sources: said(
    {
      source: 'prohibitions',
      denials: ['DENIED_BY_PROVISION'],
      forbiddenBy: [{ provisionId: 'A7c9d0e1f2g3h4i5j6k7l8', grantVersion: { grantee: everybody, version: 3 } }],
    } as { source: string },
    {
      source: 'grants',
      addressed: true,
      shortfalls: [{ provisionId: 'p1', grantVersion: { grantee: cardiology, version: 1 }, lacks: ['EXPIRED', 'CLASS_NOT_COVERED'] }],
      remarks: ['POLICY_REVOKED'],
      revoked: [{ grantee: everybody, version: 2 }],
    } as { source: string },
  ),
};

describe('consent explain', () => {
  it('says which provision of whose grant denies, in lines that fit', async () => {
    answers(denied);
    const { code, stdout } = await explain('en', '--pseudonym', 'psn-1');
    expect(code).toBe(0);
    const flat = stdout.replace(/\s+/g, ' ');
    expect(flat).toContain('provision A7c9d0e1f2g3h4i5j6k7l8 of the grant to organisation:HospitalCMSP (version 3) forbids it');
    expect(flat).toContain(
      'provision p1 of the grant to department:HospitalCMSP:cardiology (version 1) does not permit it: EXPIRED, CLASS_NOT_COVERED',
    );
    expect(flat).toContain('the grant to organisation:HospitalCMSP (version 2) is revoked');
    for (const part of stdout.split('\n')) expect(displayWidth(part)).toBeLessThanOrEqual(80);
  });
  it('says it in Chinese', async () => {
    answers(denied);
    const { stdout } = await explain('zh', '--pseudonym', 'psn-1');
    const flat = stdout.replace(/\s+/g, '');
    expect(flat).toContain('给organisation:HospitalCMSP的授权（第3版）的条款A7c9d0e1f2g3h4i5j6k7l8：禁止');
    for (const part of stdout.split('\n')) expect(displayWidth(part)).toBeLessThanOrEqual(80);
  });
  it('says what permits, until when, and what ends it', async () => {
    const until = '2030-01-01T00:00:00.000Z';
    const grantVersion = { grantee: cardiology, version: 1 };
    answers({
      outcome: 'decided',
      decision: { effect: 'permit', provisionIds: ['p1'], grantVersions: [grantVersion], until },
      isRecordKnown: true,
      sources: said(
        { source: 'prohibitions', ends: [{ provisionId: 'd1', grantVersion, at: until }] } as { source: string },
        { source: 'grants', bases: [{ provisionId: 'p1', grantVersion, until }] } as { source: string },
        { source: 'defaultPolicy', bases: [{ provisionId: 'default' }] } as { source: string },
      ),
    });
    const flat = (await explain('en', '--pseudonym', 'psn-1')).stdout.replace(/\s+/g, ' ');
    expect(flat).toContain('provision p1 of the grant to department:HospitalCMSP:cardiology (version 1) permits it until 2030-01-01');
    expect(flat).toContain('provision d1 of the grant to department:HospitalCMSP:cardiology (version 1) forbids it from 2030-01-01');
    expect(flat).toContain('the default policy permits it');
  });
  it('says that a request would be refused, and that the ledger does not know the record', async () => {
    answers({ outcome: 'refused', code: 'STAFF_REVOKED' });
    expect((await explain('en', '--pseudonym', 'psn-1')).stdout).toMatch(/refused, and nothing decided[\s\S]*STAFF_REVOKED: /);
    answers({ outcome: 'decided', decision: { effect: 'deny', reasons: ['NO_CONSENT'] }, isRecordKnown: false, sources: said() });
    expect((await explain('en', '--pseudonym', 'psn-1')).stdout).toContain('does not know the record');
  });
  it('asks with hospital, tag and department of who would ask, and says nothing else of them', async () => {
    answers(denied);
    await explain('en', '--pseudonym', 'psn-1');
    expect(hospital.carried).toMatchObject([
      {
        name: 'ExplainAccess',
        argument: {
          input: {
            pseudonym: 'psn-1',
            question: {
              recordId: 'rec-1',
              purpose: 'TREAT',
              asker: { mspId: 'HospitalCMSP', actorTag: 'dr-lin', department: 'cardiology' },
            },
          },
        },
      },
    ]);
  });
  it.each<readonly [string, readonly string[], string]>([
    ['no pseudonym, by staff', [], '--pseudonym'],
    ['who would ask without their hospital', ['--pseudonym', 'psn-1', '--asker', 'dr-lin'], '--asker'],
    ['roles, which the ledger knows', ['--pseudonym', 'psn-1', '--roles', 'clinician'], '--roles'],
  ])('refuses %s as a usage error, and sends nothing', async (_what, argv, place) => {
    const { code, stderr } = await explain('en', ...argv);
    expect([code, stderr, hospital.carried]).toEqual([2, expect.stringContaining(place), []]);
  });
});
