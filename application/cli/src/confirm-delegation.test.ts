import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityCommitment, delegationIdOf, evidenceCommitment, idNonceSchema, pseudonymSchema, saltSchema, sha256 } from '@lianyi/domain';
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

const pseudonym = pseudonymSchema.parse('psn-1');
const nonce = idNonceSchema.parse('A'.repeat(22));
const firstKeyHash = sha256('the first key');
const delegationId = delegationIdOf({ pseudonym, firstKeyHash, nonce });
const salt = saltSchema.parse('A'.repeat(43));
const rights = {
  confirm: { basis: 'parent', paper: { birthDate: '2020-02-29', shown: 'a paper', salt }, evidence: evidenceCommitment },
  'confirm-court': {
    basis: 'court',
    paper: { shown: 'a paper', salt },
    evidence: (of: typeof pseudonym, paper: Parameters<typeof capacityCommitment>[2]) => capacityCommitment('court', of, paper),
  },
} as const;
type Name = keyof typeof rights;
const proposal = (name: Name, changes: object = {}): object => ({
  ...{ schemaVersion: 1, pseudonym, delegationId, basis: rights[name].basis, scopes: ['view'], state: 'proposed' },
  ...{ validUntil: '2027-01-01T00:00:00.000Z', nextKeyHash: firstKeyHash, evidence: sha256('what the node says') },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z' },
  ...{ origin: { requestHash: sha256('x'), actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'r' } } },
  ...changes,
});
const answers = (shown: object): void => {
  hospital.answer = (name) =>
    Promise.resolve(
      name === 'GetDelegation'
        ? { result: shown }
        : { result: { pseudonym, delegationId, state: 'active' }, transactionId: 'ab12', blockNumber: 7n },
    );
};
const confirm = (name: Name, ...more: readonly string[]): Promise<Run> => {
  const file = join(hospital.dataDir, `${name}.json`);
  writeFileSync(file, JSON.stringify(rights[name].paper));
  const screen = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', firstKeyHash];
  const argv = ['delegation', name, delegationId, ...screen, '--evidence-file', file, ...more];
  return run([...argv, '--as', 'registrar', '--data-dir', hospital.dataDir]);
};
const checkIn = ({ stdout }: Run): string => (JSON.parse(stdout) as { readonly check: string }).check;
const sent = () => hospital.carried.filter(({ name }) => name === 'ConfirmDelegation');

describe.each<Name>(['confirm', 'confirm-court'])('lianyi delegation %s', (name) => {
  it.each([
    ['en', /own screen/, 'view'],
    ['zh', /自己的屏幕/, '查看'],
  ] as const)('shows who would act, for what and until when, and signs nothing (%s)', async (language, told, view) => {
    answers(proposal(name));
    const { code, stdout } = await confirm(name, '--lang', language);
    expect({ code, sent: sent() }).toEqual({ code: 0, sent: [] });
    for (const text of [told, firstKeyHash, view, '2027-01-01']) expect(stdout.replace(/\s+/g, ' ')).toMatch(text);
  });

  it('signs what was shown, and says all of it once more', async () => {
    answers(proposal(name));
    const yes = checkIn(await confirm(name, '--json'));
    expect((await confirm(name, '--yes', yes)).code).toBe(0);
    const said = { scopes: ['view'], validUntil: '2027-01-01T00:00:00.000Z', nextKeyHash: firstKeyHash, nonce };
    const { basis, paper, evidence } = rights[name];
    const shown = (evidence as (of: typeof pseudonym, paper: object) => string)(pseudonym, paper);
    const input = { pseudonym, delegationId, ...said, evidence: shown, ...(basis === 'court' ? { basis } : {}) };
    expect(sent().map(({ argument }) => argument.input)).toEqual([input]);
  });

  it.each<readonly [string, object]>([
    ['more scopes', { scopes: ['consents', 'view'] }],
    ['a later end', { validUntil: '2028-01-01T00:00:00.000Z' }],
  ])('signs nothing where the node shows %s by then', async (_what, changes) => {
    answers(proposal(name));
    const yes = checkIn(await confirm(name, '--json'));
    answers(proposal(name, changes));
    expect({ code: (await confirm(name, '--yes', yes)).code, sent: sent() }).toEqual({ code: 2, sent: [] });
  });

  it.each<readonly [string, readonly string[], object]>([
    ['the key is not the one on the delegate’s screen', ['--next-key-hash', sha256('another key')], {}],
    ['the offer is not the one on the delegate’s screen', ['--nonce', `${'B'.repeat(21)}A`], {}],
    ['it is a proxy’s', [], { basis: 'proxy' }],
    ['it is by the other right', [], { basis: name === 'confirm' ? 'court' : 'parent' }],
  ])('shows nothing to confirm where %s', async (_when, more, changes) => {
    answers(proposal(name, changes));
    const { code, stderr } = await confirm(name, ...more);
    expect(code).not.toBe(0);
    expect(stderr).toContain('DELEGATION_DIFFERS');
    expect(sent()).toEqual([]);
  });
});
