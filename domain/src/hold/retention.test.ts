import { DomainError } from '../domain-error';
import { type RetentionPeriod, type RetentionPeriods } from '../governance/transactions';
import { recordIdSchema } from '../ids';
import { type Instant, instantSchema } from '../instant';
import { recordClasses } from '../vocabulary';
import { assertRetentionOver, retainedUntil } from './retention';

const periods = (period: RetentionPeriod): RetentionPeriods =>
  Object.fromEntries(recordClasses.map((each) => [each, each === 'prescription' ? period : 'unsaid'])) as RetentionPeriods;
const anchoredAt = instantSchema.parse('2024-02-29T08:00:00.000Z');
const record = { recordId: recordIdSchema.parse('rec-1'), class: 'prescription', anchoredAt } as const;
const refusalAt = (now: Instant, of: RetentionPeriods): unknown => {
  try {
    assertRetentionOver(record, of, now);
    return 'none';
  } catch (error) {
    return error instanceof DomainError ? error.details : error;
  }
};

describe('how long a record must be kept', () => {
  it.each<readonly [RetentionPeriod, string | undefined]>([
    ['unsaid', undefined],
    ['6-years', '2030-03-01T08:00:00.000Z'],
    ['15-years', '2039-03-01T08:00:00.000Z'],
    ['30-years', '2054-03-01T08:00:00.000Z'],
  ])('is %s from its first version on', (period, until) => {
    expect(retainedUntil(record, periods(period))).toBe(until);
  });

  it('ends at that instant, and is refused a millisecond before', () => {
    const until = '2039-03-01T08:00:00.000Z';
    expect(refusalAt(instantSchema.parse('2039-03-01T07:59:59.999Z'), periods('15-years'))).toEqual({ recordId: 'rec-1', until });
    expect(refusalAt(instantSchema.parse(until), periods('15-years'))).toBe('none');
  });

  it('is of the record’s own class', () => {
    expect(retainedUntil({ ...record, class: 'observation' }, periods('30-years'))).toBeUndefined();
    expect(refusalAt(anchoredAt, periods('unsaid'))).toBe('none');
  });
});
