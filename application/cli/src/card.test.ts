import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardIdOf, mspIdSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const as = (profile: string, ...argv: readonly string[]): Promise<Run> => run([...argv, '--as', profile, '--data-dir', hospital.dataDir]);

describe('card', () => {
  it('shows what the ledger has of a card, and no code of its bare id that somebody could hold for the card', async () => {
    const origin = { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };
    const at = '2026-11-22T00:00:00.000Z';
    const found = { schemaVersion: 1, cardId: 'card-1', issuerMspId: 'HospitalBMSP', pseudonym: 'psn-1', holderCommitment: genesis };
    hospital.answer = () => Promise.resolve({ result: { ...found, state: 'active', issuedAt: at, changedAt: at, origin } });
    const { code, stdout } = await as('registrar', 'card', 'show', 'card-1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/card +card-1\n[^]*active\n/);
    expect(stdout).not.toContain('█');
    expect(JSON.parse((await as('registrar', 'card', 'show', 'card-1', '--json')).stdout)).toMatchObject({ result: { cardId: 'card-1' } });
  });

  it('commits to the holder with a salt that stays here, so that the same holder gives another commitment', async () => {
    const holder = join(hospital.dataDir, 'holder.txt');
    writeFileSync(holder, 'canary-holder');
    hospital.answer = () => Promise.resolve({ result: { cardId: 'x', state: 'requested' }, transactionId: 'ab', blockNumber: 1n });
    for (let issued = 0; issued < 2; issued += 1) {
      expect(await as('registrar', 'card', 'issue', '--pseudonym', 'psn-1', '--holder-file', holder)).toMatchObject({
        code: 0,
      });
    }
    const commitments = hospital.carried.map(({ argument }) => (argument.input as { holderCommitment: string }).holderCommitment);
    expect(new Set(commitments).size).toBe(2);
    expect(JSON.stringify(hospital.carried)).not.toContain('canary-holder');
    for (const { argument } of hospital.carried) {
      const { cardId } = argument.input as { cardId: string };
      expect(statSync(join(hospital.dataDir, 'profiles', 'registrar.data', 'cards', `${cardId}.json`)).mode & 0o777).toBe(0o600);
    }
  });

  it('replaces one by a card whose id is made for the registrar’s hospital and the pseudonym, and shows both', async () => {
    hospital.answer = () =>
      Promise.resolve({ result: { cardId: 'card-2', state: 'requested', replaces: 'card-1' }, transactionId: 'ab', blockNumber: 1n });
    const { code, stdout } = await as('registrar', 'card', 'replace', 'card-1', '--pseudonym', 'psn-1', '--holder-commitment', genesis);
    expect(code).toBe(0);
    expect(stdout).toMatch(/card +card-2\n.*requested\n[^]*replaces +card-1\n/);
    const [sent] = hospital.carried;
    const input = transactions.ReplaceCard.request.parse(sent?.argument.input);
    const owner = { mspId: mspIdSchema.parse('HospitalBMSP'), pseudonym: pseudonymSchema.parse('psn-1'), nonce: input.nonce };
    expect(input).toMatchObject({ cardId: 'card-1', successorId: cardIdOf(owner), holderCommitment: genesis });
  });

  it('of a replaced one shows which took its place, in both languages', async () => {
    const origin = { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };
    const at = '2026-11-22T00:00:00.000Z';
    const found = { schemaVersion: 1, cardId: 'card-1', issuerMspId: 'HospitalBMSP', pseudonym: 'psn-1', holderCommitment: genesis };
    hospital.answer = () =>
      Promise.resolve({ result: { ...found, state: 'replaced', replacedBy: 'card-2', issuedAt: at, changedAt: at, origin } });
    expect((await as('registrar', 'card', 'show', 'card-1', '--lang', 'en')).stdout).toMatch(/replaced\n[^]*replaced by +card-2\n/);
    expect((await as('registrar', 'card', 'show', 'card-1', '--lang', 'zh')).stdout).toMatch(/已换发\n[^]*换发为 +card-2\n/);
  });
});
