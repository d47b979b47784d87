import { hashOfJson, instantSchema, mspIdSchema, type ParameterName, type ParameterSetting, sha256 } from '@lianyi/domain';
import { hashOfProposal, initialSetting, policiesOf } from '@lianyi/domain/deciding';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const proposed = (setting: ParameterSetting, number = 1) => ({
  ...{ number, setting, mspId: mspIdSchema.parse('HospitalAMSP') },
  proposedAt: instantSchema.parse('2026-01-01T00:00:00.000Z'),
  lapsesAt: instantSchema.parse('2026-01-15T00:00:00.000Z'),
});
const by = { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'admin' };
/** A proposal as a node lists it, with the hash that it says. */
const listed = (said: ReturnType<typeof proposed>, proposalSha256 = hashOfProposal(said)): object => ({
  ...{ schemaVersion: 1, ...said, state: 'open', votes: [{ mspId: 'HospitalAMSP', by, at: said.proposedAt }] },
  ...{ origin: { requestHash: sha256('x'), actor: by }, proposalSha256 },
});
const harmless = proposed(initialSetting('default-policies'));
const harmful = proposed({ name: 'default-policies', value: policiesOf('all-normal') });
const answers = (...pages: readonly (readonly object[])[]): void => {
  hospital.answer = (name) => {
    const { input } = hospital.carried.at(-1)?.argument ?? {};
    if (name !== 'ListProposals')
      return Promise.resolve({ result: { ...(input as object), state: 'adopted' }, transactionId: 'ab12', blockNumber: 7n });
    const page = Number((input as { readonly after?: string }).after ?? '0');
    const next = page + 1 < pages.length ? { next: String(page + 1) } : {};
    return Promise.resolve({ result: { items: pages[page], ...next } });
  };
};
const approve = (...more: readonly string[]): Promise<Run> => governance('approve', 'default-policies', '--number', '1', ...more);
const governance = (...argv: readonly string[]): Promise<Run> =>
  run(['governance', ...argv, '--as', 'registrar', '--data-dir', hospital.dataDir]);
const sent = () => hospital.carried.filter(({ name }) => name === 'ApproveParameter').map(({ argument }) => argument.input);

describe('lianyi governance approve', () => {
  it.each([
    ['en', /Nothing is signed yet/],
    ['zh', /尚未签名/],
  ] as const)('shows the text and the hash reckoned of it, and signs nothing (%s)', async (language, told) => {
    answers([listed(harmless)]);
    const { code, stdout } = await approve('--lang', language);
    expect({ code, sent: sent() }).toEqual({ code: 0, sent: [] });
    for (const text of [told, hashOfProposal(harmless), 'HospitalAMSP']) expect(stdout.replace(/\s+/g, ' ')).toMatch(text);
  });

  it('signs the hash of the text that it shows, also of a later page', async () => {
    answers([listed(proposed(harmless.setting, 2))], [listed(harmless)]);
    const { code, stdout } = await approve('--sha256', hashOfProposal(harmless));
    expect(code).toBe(0);
    expect(stdout).toContain('HospitalAMSP');
    expect(sent()).toEqual([{ name: 'default-policies', number: 1, proposalSha256: hashOfProposal(harmless) }]);
  });

  it.each<readonly [string, string, object, string]>([
    ['gives the hash of another text than it shows', hashOfProposal(harmful), listed(harmless, hashOfProposal(harmful)), 'ANSWER_DIFFERS'],
    ['gives a wrong hash, though the right one is typed', hashOfProposal(harmless), listed(harmless, sha256('x')), 'ANSWER_DIFFERS'],
    ['shows another text than the one whose hash is typed', hashOfProposal(harmful), listed(harmless), 'HASH_MISMATCH'],
    ['shows another number', hashOfProposal(harmful), listed(proposed(harmful.setting, 2)), 'NOT_FOUND'],
    [
      'shows another parameter',
      hashOfJson({}),
      listed(proposed(initialSetting('level-approvers' satisfies ParameterName))),
      'ANSWER_DIFFERS',
    ],
  ])('signs nothing where the node %s', async (_what, typed, shown, code) => {
    answers([shown]);
    const { stderr } = await approve('--sha256', typed);
    expect(stderr).toContain(code);
    expect(sent()).toEqual([]);
  });
});

describe('lianyi governance proposals', () => {
  it.each([['--json'], ['--lang', 'zh']])('shows no list in which one hash is of another text (%s)', async (...options) => {
    answers([listed(harmless), listed(proposed(harmful.setting, 2), hashOfProposal(harmful))]);
    const { code, stdout, stderr } = await governance('proposals', 'default-policies', ...options);
    expect(code).not.toBe(0);
    expect(stderr).toContain('ANSWER_DIFFERS');
    expect(stdout).toBe('');
  });
});
