import { type ActorReference } from '../actor';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type RecordId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type Hold, type HoldList, MOST_HOLDS } from './transactions';

/** How long a hold stands without its second person: over a weekend. */
const UNCONFIRMED_MS = 72 * 60 * 60 * 1000;

/** Holds a patient's data. @throws {@link DomainError} `ALREADY_EXISTS`; `LIMIT_REACHED`; `INVALID_REQUEST` — it would be over already */
export function placeHold(list: HoldList, hold: Hold): HoldList {
  if (list.holds.some(({ holdId }) => holdId === hold.holdId)) throw new DomainError('ALREADY_EXISTS', undefined, { holdId: hold.holdId });
  if (list.holds.length >= MOST_HOLDS) throw new DomainError('LIMIT_REACHED', undefined, { limit: MOST_HOLDS });
  if (hold.until !== undefined && hold.until <= hold.placedAt)
    throw new DomainError('INVALID_REQUEST', 'the hold is over already', { path: 'input.until' });
  return { ...list, holds: [...list.holds, hold] };
}

/**
 * Takes a hold back, by somebody else than who has placed it; one that is over, anybody who may.
 * @param said - what who lifts it was shown: the name is free again after a lifting, and whoever places a hold chooses it
 * @throws {@link DomainError} `NOT_FOUND`; `SECOND_PERSON_NEEDED`; `HOLD_DIFFERS` — they were shown something else
 */
export function liftHold(list: HoldList, said: SaidHold, { by, now }: { readonly by: ActorReference; readonly now: Instant }): HoldList {
  const hold = holdNamed(list, said);
  if (isInForce(hold, now) && canonicalJson(hold.placedBy) === canonicalJson(by)) throw new DomainError('SECOND_PERSON_NEEDED');
  assertAsSaid(hold, said);
  return { ...list, holds: list.holds.filter((each) => each !== hold) };
}

/** What a hold holds, on what it rests and until when, by its name. */
export type SaidHold = Pick<Hold, 'holdId' | 'reason' | 'until' | 'recordIds'>;

/**
 * Confirms a hold, by somebody else than who has placed it; it then stands as long as was said.
 * @param said - what who confirms was shown
 * @throws {@link DomainError} `NOT_FOUND`; `SECOND_PERSON_NEEDED`; `HOLD_DIFFERS` — they were shown something else; `ILLEGAL_STATE` — it is over, or confirmed, or was placed when nobody confirmed any
 */
export function confirmHold(list: HoldList, said: SaidHold, { by, now }: { readonly by: ActorReference; readonly now: Instant }): HoldList {
  const hold = holdNamed(list, said);
  const state = isInForce(hold, now) ? (isConfirmed(hold) ? 'confirmed' : 'placed') : 'over';
  if (state !== 'placed') throw new DomainError('ILLEGAL_STATE', undefined, { state, command: 'confirm' });
  if (canonicalJson(hold.placedBy) === canonicalJson(by)) throw new DomainError('SECOND_PERSON_NEEDED');
  assertAsSaid(hold, said);
  return { ...list, holds: list.holds.map((each) => (each === hold ? { ...hold, confirmedBy: by } : each)) };
}

function holdNamed({ holds }: HoldList, { holdId }: Pick<Hold, 'holdId'>): Hold {
  const hold = holds.find((each) => each.holdId === holdId);
  if (hold === undefined) throw new DomainError('NOT_FOUND', undefined, { holdId });
  return hold;
}

function assertAsSaid(hold: Hold, said: SaidHold): void {
  for (const field of ['reason', 'until', 'recordIds'] as const)
    if (canonicalJson({ [field]: hold[field] ?? null }) !== canonicalJson({ [field]: said[field] ?? null }))
      throw new DomainError('HOLD_DIFFERS', undefined, { field });
}

/**
 * What is purged is gone for ever.
 * @param recordIds - what would be: records, or pointers
 * @throws {@link DomainError} `ON_HOLD` — names the holds in force
 */
export function assertNotHeld(list: HoldList | undefined, recordIds: readonly RecordId[], now: Instant): void {
  const holds = (list?.holds ?? []).filter((hold) => isInForce(hold, now) && isAbout(hold, recordIds));
  const holdIds = holds.map(({ holdId }) => holdId);
  if (holdIds.length > 0) throw new DomainError('ON_HOLD', undefined, { holdIds: holdIds.join(', ') });
}

/** Until when a hold stands as it is now; undefined: until it is lifted. */
export function holdEndsAt(hold: Hold): Instant | undefined {
  const { until, placedAt } = hold;
  if (isConfirmed(hold)) return until;
  const alone = addMilliseconds(placedAt, UNCONFIRMED_MS);
  return until === undefined || alone < until ? alone : until;
}

function isInForce(hold: Hold, now: Instant): boolean {
  const end = holdEndsAt(hold);
  return end === undefined || now < end;
}

function isConfirmed({ confirmedBy, reason }: Hold): boolean {
  return confirmedBy !== undefined || reason === undefined;
}

function isAbout({ recordIds: held }: Hold, recordIds: readonly RecordId[]): boolean {
  return held === undefined || recordIds.some((each) => held.includes(each));
}
