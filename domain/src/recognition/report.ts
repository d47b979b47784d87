import { type MspId } from '../ids';
import { type Instant } from '../instant';
import { type DeclineReason, type Recognition } from './transactions';

/** What one hospital's clinicians asked and decided in one month (UTC). */
export interface RecognitionMonth {
  readonly mspId: MspId;
  /** `2026-05` */
  readonly month: string;
  /** Questions of the month. */
  readonly asked: number;
  /** Results that were found, and decided of in the month: accepted, and declined. */
  readonly found: number;
  readonly accepted: number;
  /** Declined, and so made again. */
  readonly repeated: number;
  readonly reasons: Readonly<Partial<Record<DeclineReason, number>>>;
  /** By the tariffs of what was accepted. */
  readonly savedCents: number;
}

type Counted = Pick<Recognition, 'mspId' | 'askedAt' | 'priceCents' | 'decided' | 'decidedAt'>;

/** What was asked, avoided and saved, by hospital and month. Both sorted. */
export function recognitionReport(recognitions: readonly Counted[]): readonly RecognitionMonth[] {
  const months = new Map<string, RecognitionMonth>();
  const count = (mspId: MspId, at: Instant, change: (month: RecognitionMonth) => RecognitionMonth): void => {
    const month = at.slice(0, 7);
    const of = `${mspId} ${month}`;
    months.set(of, change(months.get(of) ?? { mspId, month, asked: 0, found: 0, accepted: 0, repeated: 0, reasons: {}, savedCents: 0 }));
  };
  for (const { mspId, askedAt, decided, decidedAt, priceCents } of recognitions) {
    count(mspId, askedAt, (month) => ({ ...month, asked: month.asked + 1 }));
    if (decided !== undefined && decidedAt !== undefined) count(mspId, decidedAt, (month) => withDecision(month, decided, priceCents));
  }
  return [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, month]) => month);
}

function withDecision(month: RecognitionMonth, decided: NonNullable<Counted['decided']>, priceCents: number): RecognitionMonth {
  const found = month.found + 1;
  if (decided.outcome === 'accept') return { ...month, found, accepted: month.accepted + 1, savedCents: month.savedCents + priceCents };
  const { reason } = decided;
  return { ...month, found, repeated: month.repeated + 1, reasons: { ...month.reasons, [reason]: (month.reasons[reason] ?? 0) + 1 } };
}
