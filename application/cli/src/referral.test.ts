import { createWallet } from '@lianyi/client/node';
import { pseudonymSchema, recordIdSchema, referralIdSchema, saltSchema } from '@lianyi/domain';
import { summaryCommitmentOf } from '@lianyi/domain/deciding';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { join } from 'node:path';
import { displayWidth } from './columns';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
let pseudonym: string;
/** A wallet for each test: nobody tells these what became of their commands. */
beforeEach(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  ({ pseudonym } = JSON.parse((await as('patient', 'wallet', 'pseudonym', '--json')).stdout) as { pseudonym: string });
});
afterEach(() => hospital.close());

const as = (who: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', who, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase }, columns: 80 });
const asPatient = (name: string, ...argv: readonly string[]): Promise<Run> =>
  as('patient', 'referral', name, referralId, '--pseudonym', pseudonym, ...argv);
const referralId = 'a-referral';
const to = { kind: 'department', mspId: 'HospitalCMSP', name: 'cardiology' } as const;
const actor = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'tag' };
const origin = { requestHash: 'A'.repeat(43), actor };
const inputsOf = (name: string): readonly Readonly<Record<string, unknown>>[] =>
  hospital.carried.filter((each) => each.name === name).map(({ argument }) => argument.input as Readonly<Record<string, unknown>>);

const shown = (state: string, more: object = {}): object => ({
  referral: {
    ...{ schemaVersion: 1, pseudonym, referralId, fromMspId: 'HospitalBMSP', fromDepartment: 'internal', to, direction: 'up' },
    ...{ urgency: 'urgent', recordIds: ['rec-1', 'rec-2'], letterId: 'rec-1', proposedBy: actor, origin },
    ...{ proposedAt: '2026-05-01T08:00:00.000Z', lapsesAt: '2026-05-15T08:00:00.000Z' },
  },
  state,
  ...more,
});
const scope = { effect: 'permit', purposes: ['TREAT'], recordIds: ['rec-1', 'rec-2'] };
const own = { ...scope, provisionId: referralId, uses: 100, validFrom: '2026-05-01T08:00:00.000Z', validUntil: '2999-05-15T08:00:00.000Z' };
const other = { ...own, provisionId: 'other' };
const over = { ...own, provisionId: 'over', validUntil: '2026-05-02T08:00:00.000Z' };
/** What the ledger has of the policy of the department. */
const answering = (provisions: readonly object[] | undefined, state = 'active'): void => {
  const grant = {
    schemaVersion: 1,
    pseudonym,
    grantee: to,
    version: 4,
    state,
    provisions,
    grantedAt: own.validFrom,
    changedAt: own.validFrom,
  };
  hospital.answer = (name) => {
    if (name === 'GetReferral') return Promise.resolve({ result: shown('proposed') });
    if (name === 'ListPolicies') return Promise.resolve({ result: { items: provisions === undefined ? [] : [{ ...grant, origin }] } });
    const result = { pseudonym, referralId, state: 'agreed', ...(name === 'AgreeReferral' ? { policyVersion: 5 } : {}) };
    return Promise.resolve({ result, transactionId: 'ab', blockNumber: 7n });
  };
};
const idsOf = (input: Readonly<Record<string, unknown>> | undefined): readonly unknown[] =>
  (input?.['provisions'] as readonly { readonly provisionId: string }[]).map(({ provisionId }) => provisionId);

describe('lianyi referral', () => {
  it('makes the policy that is agreed to of what the ledger has, and shows its text first', async () => {
    answering(undefined);
    const { stderr } = await asPatient('agree');
    expect(stderr).toContain('Only the records: rec-1, rec-2');
    const [input] = inputsOf('AgreeReferral');
    expect(input).toMatchObject({ grantee: to, provisions: [{ ...scope, provisionId: referralId, uses: 100, handling: 'view' }] });
    expect(input).not.toHaveProperty('previousVersion');
    expect(input).toHaveProperty('evidence.ceremony', 'wallet');
  });
  it('leaves what the policy says else as it is, but for what is long over', async () => {
    answering([over, other]);
    const asked = ['--days', '3', '--max-level', '5', '--labels', 'N,R', '--keep-copies'];
    await asPatient('agree', ...asked);
    const [input] = inputsOf('AgreeReferral');
    expect(input).toMatchObject({ previousVersion: 4 });
    expect(idsOf(input)).toEqual(['other', referralId]);
    expect(input?.['provisions']).toMatchObject([{}, { maxDataLevel: 5, confidentiality: ['N', 'R'], handling: 'store' }]);
  });
  it('makes a new policy after one that was revoked', async () => {
    answering([other], 'revoked');
    await asPatient('agree');
    expect(inputsOf('AgreeReferral')[0]).not.toHaveProperty('previousVersion');
  });
  it.each<readonly [string, readonly object[] | undefined, object | undefined]>([
    ['revokes a policy of which nothing is left', [own], { grantee: to, previousVersion: 4 }],
    ['leaves the rest of it', [own, other], { grantee: to, previousVersion: 4, provisions: [other] }],
    ['says nothing of one that has no such provision', [other], undefined],
    ['says nothing of one that there is not', undefined, undefined],
  ])('withdraws, and %s', async (_what, provisions, policy) => {
    answering(provisions);
    await asPatient('withdraw');
    const [input] = inputsOf('WithdrawReferral');
    if (policy === undefined) expect(input).not.toHaveProperty('policy');
    else expect(input?.['policy']).toEqual(policy);
  });
  it('names a summary by a salted hash, and tells the salt', async () => {
    answering(undefined);
    const named = { summaryPseudonym: pseudonymSchema.parse('elsewhere'), summaryRecordId: recordIdSchema.parse('rec-9') };
    const salt = saltSchema.parse('c2FsdHNhbHRzYWx0c2FsdA');
    const argv = ['--pseudonym', pseudonym, '--summary-pseudonym', 'elsewhere', '--summary', 'rec-9', '--salt', salt];
    const { stdout } = await as('clinician', 'referral', 'return', referralId, ...argv);
    expect(stdout).toContain(salt);
    const summaryCommitment = summaryCommitmentOf({ referralId: referralIdSchema.parse(referralId), ...named, salt });
    expect(inputsOf('AnswerReferral')).toMatchObject([{ answer: { kind: 'returned', summaryCommitment } }]);
    expect(JSON.stringify(inputsOf('AnswerReferral'))).not.toContain('elsewhere');
  });
  it('refuses a reason that is none', async () => {
    const argv = ['--pseudonym', pseudonym, '--reason', 'too-ill'];
    expect((await as('clinician', 'referral', 'decline', referralId, ...argv)).code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });
  it.each(['en', 'zh'])('shows a referral and a list of them (%s), no line wider than 80 columns', async (language) => {
    const answer = { kind: 'declined', reason: 'no-capacity' };
    const answered = { schemaVersion: 1, pseudonym, referralId, answer, at: own.validFrom, by: actor, origin };
    const said = { schemaVersion: 1, pseudonym, referralId, at: own.validFrom, origin };
    const word = { ...said, word: { kind: 'agrees', policyVersion: 1, validUntil: '2026-05-14T08:00:00.000Z' } };
    hospital.answer = (name) => {
      const one = shown('declined', { word, answered });
      return Promise.resolve({ result: name === 'GetReferral' ? one : { items: [one] } });
    };
    for (const argv of [['show', referralId, '--pseudonym', pseudonym], ['list']]) {
      const { code, stdout } = await as('clinician', 'referral', ...argv, '--lang', language);
      expect({ code, has: stdout.includes(referralId) }).toEqual({ code: 0, has: true });
      expect(stdout.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
    }
    expect(hospital.carried.map(({ name }) => name)).toEqual(['GetReferral', 'ListReferralsOfHospital']);
    await as('patient', 'referral', 'list', '--pseudonym', pseudonym, '--lang', language);
    expect(hospital.carried.map(({ name }) => name)).toContain('ListReferrals');
  });
});
