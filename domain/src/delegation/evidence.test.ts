import { comesOfAgeAt, evidenceCommitment, guardianshipEvidenceSchema, pseudonymSchema } from '../index';
import { labReport, patient } from '../story.fixture';

describe('the day on which somebody comes of age', () => {
  it.each([
    ['2008-05-17', '2026-05-16T16:00:00.000Z', 'the birthday, which begins in China eight hours before UTC'],
    ['2008-01-01', '2025-12-31T16:00:00.000Z', 'New Year, which in UTC is still the old year'],
    ['2008-12-31', '2026-12-30T16:00:00.000Z', 'the last day of a year'],
    ['2008-02-28', '2026-02-27T16:00:00.000Z', 'the day before a leap day'],
    ['2008-02-29', '2026-02-28T16:00:00.000Z', 'a leap day: 1 March where the year has none'],
    ['2012-02-29', '2030-02-28T16:00:00.000Z', 'a leap day again'],
    ['2008-03-01', '2026-02-28T16:00:00.000Z', 'the day after a leap day: the same moment'],
    ['2086-02-28', '2104-02-27T16:00:00.000Z', 'a year whose eighteenth has a leap day'],
  ])('of %s is %s: %s', (born, at) => {
    expect(comesOfAgeAt(born)).toBe(at);
  });
  it('is never before eighteen years are full, whatever the date', () => {
    for (let day = 0; day < 1_500; day += 1) {
      const born = new Date(Date.UTC(2007, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
      const inChina = new Date(Date.parse(comesOfAgeAt(born)) + 8 * 3_600_000).toISOString();
      const eighteen = `${Number(born.slice(0, 4)) + 18}${born.slice(4)}`;
      expect(inChina.slice(0, 10) >= eighteen).toBe(true);
      expect(inChina.slice(10)).toBe('T00:00:00.000Z');
    }
  });
});

describe('the commitment to what registrars were shown', () => {
  const evidence = guardianshipEvidenceSchema.parse({ birthDate: '2020-02-29', shown: 'birth certificate', salt: 'A'.repeat(22) });
  it.each([
    ['date', { birthDate: '2020-02-28' }],
    ['documents', { shown: 'court order' }],
    ['salt', { salt: `${'A'.repeat(21)}Q` }],
  ])('is another one with another %s', (_what, change) => {
    const other = guardianshipEvidenceSchema.parse({ ...evidence, ...change });
    expect(evidenceCommitment(patient, other)).not.toBe(evidenceCommitment(patient, evidence));
  });
  it('is another one for another child', () => {
    expect(evidenceCommitment(pseudonymSchema.parse(labReport), evidence)).not.toBe(evidenceCommitment(patient, evidence));
  });
  it.each([{ birthDate: '2019-02-29' }, { birthDate: '29.2.2020' }, { salt: 'short' }, { shown: '' }, { salt: undefined }])(
    'takes no %j',
    (change) => {
      expect(guardianshipEvidenceSchema.safeParse({ ...evidence, ...change }).success).toBe(false);
    },
  );
});
