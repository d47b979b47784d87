import { type AccessFacts, type AskingActor, type GrantFacts, type Instant, type Purpose, type RecordFacts } from '../index';

/** What differs from the story; `grants` are what the patient said. Expected: `permit <ids> [until]` or `deny <reasons>`. */
export type Case = {
  readonly grants?: readonly GrantFacts[];
  readonly record?: Partial<RecordFacts> | 'unknown';
  readonly actor?: Partial<AskingActor>;
  readonly purpose?: Purpose;
  readonly at?: Instant;
  readonly facts?: Partial<AccessFacts>;
};
export type Row = readonly [sentence: string, given: Case, expected: string];
