import { DomainError } from '../domain-error';
import { type RetentionPeriod, type RetentionPeriods, valueOfClass } from '../governance/transactions';
import { addYears, type Instant } from '../instant';
import { type MedicalRecord } from '../record/entities';

/** How many years each period is; none: nothing is said of how long a record must be kept. */
const years: Readonly<Record<RetentionPeriod, number>> = { unsaid: 0, '6-years': 6, '15-years': 15, '30-years': 30 };

/** Until when a record must be kept (exclusive), from its first version on; undefined: nothing is said. */
export function retainedUntil(
  { class: of, anchoredAt }: Pick<MedicalRecord, 'class' | 'anchoredAt'>,
  periods: RetentionPeriods,
): Instant | undefined {
  const kept = years[valueOfClass(periods, of)];
  return kept === 0 ? undefined : addYears(anchoredAt, kept); // never a day too short
}

/**
 * What is purged is gone for ever, and the law of records wants it kept.
 * @throws {@link DomainError} `RETENTION_NOT_OVER` — names the record and until when
 */
export function assertRetentionOver(
  record: Pick<MedicalRecord, 'recordId' | 'class' | 'anchoredAt'>,
  periods: RetentionPeriods,
  now: Instant,
): void {
  const until = retainedUntil(record, periods);
  if (until !== undefined && now < until) throw new DomainError('RETENTION_NOT_OVER', undefined, { recordId: record.recordId, until });
}
