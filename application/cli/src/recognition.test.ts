import { itemCommitmentOf } from '@lianyi/domain/deciding';
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

const recognition = (...argv: readonly string[]): Promise<Run> =>
  run(['recognition', ...argv, '--as', 'clinician', '--data-dir', hospital.dataDir]);
const askedBy = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'tag-1' };
const question = {
  ...{ schemaVersion: 1, askId: 'm1', pseudonym: 'psn-1', department: 'cardiology', priceCents: 5_000, listVersion: 2 },
  ...{ itemCommitment: itemCommitmentOf({ askId: 'm1', itemId: 'potassium', salt: 's' }), mspId: 'HospitalBMSP', askedBy },
  ...{ askedAt: '2026-05-01T08:00:00.000Z', state: 'asked', origin: { requestHash: 'A'.repeat(43), actor: askedBy } },
};
const place = { recordId: 'rec-1', ticketId: 'tick-1' };
const declined = {
  ...question,
  state: 'declined',
  decided: { outcome: 'decline', reason: 'unwilling', ...place },
  decidedAt: question.askedAt,
};
const accepted = { ...question, state: 'accepted', decided: { outcome: 'accept', ...place }, decidedAt: question.askedAt };

describe('lianyi recognition', () => {
  it.each([
    ['en', 'unwilling', 'saved (yuan)'],
    ['zh', '不愿', '节约（元）'],
  ] as const)('counts what was asked and saved, in 80 columns (%s)', async (language, reason, saved) => {
    hospital.answer = () => Promise.resolve({ result: { items: [question, declined, accepted] } });
    const { code, stdout } = await recognition('report', '--lang', language);
    expect(code).toBe(0);
    for (const text of [reason, saved, '2026-05', '50.00']) expect(stdout).toContain(text);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it.each<readonly [string, readonly string[], object]>([
    ['accept', [], { outcome: 'accept', ...place }],
    ['decline', ['--reason', 'afraid'], { outcome: 'decline', reason: 'afraid', ...place }],
  ])('%s says what was decided of which record', async (verb, more, decided) => {
    hospital.answer = () => Promise.resolve({ result: { askId: 'm1', state: 'accepted' }, transactionId: 'ab12', blockNumber: 7n });
    expect((await recognition(verb, 'm1', '--record', 'rec-1', '--ticket', 'tick-1', ...more)).code).toBe(0);
    expect(hospital.carried.map(({ argument }) => argument.input)).toEqual([{ askId: 'm1', decided }]);
  });

  it('sends nothing for a reason that nobody knows, nor for an item that is not recognised', async () => {
    expect((await recognition('decline', 'm1', '--record', 'rec-1', '--ticket', 'tick-1', '--reason', 'busy')).code).not.toBe(0);
    hospital.answer = () => Promise.resolve({ result: { setting: { name: 'recognised-items', value: { items: [] } }, version: 1 } });
    expect((await recognition('find', 'psn-1', '--item', 'gold', '--department', 'cardiology')).code).not.toBe(0);
    expect(hospital.carried.map(({ name }) => name)).toEqual(['GetParameter']);
  });
});
