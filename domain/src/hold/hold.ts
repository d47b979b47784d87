import { type ActorReference } from '../actor';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Instant } from '../instant';
import { type Hold, type HoldList, MOST_HOLDS } from './transactions';

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
 * @throws {@link DomainError} `NOT_FOUND`; `SECOND_PERSON_NEEDED`
 */
export function liftHold(list: HoldList, holdId: string, { by, now }: { readonly by: ActorReference; readonly now: Instant }): HoldList {
  const hold = list.holds.find((each) => each.holdId === holdId);
  if (hold === undefined) throw new DomainError('NOT_FOUND', undefined, { holdId });
  if (isInForce(hold, now) && canonicalJson(hold.placedBy) === canonicalJson(by)) throw new DomainError('SECOND_PERSON_NEEDED');
  return { ...list, holds: list.holds.filter((each) => each !== hold) };
}

/** What is purged is gone for ever. @throws {@link DomainError} `ON_HOLD` — names the holds in force */
export function assertNotHeld(list: HoldList | undefined, now: Instant): void {
  const holdIds = (list?.holds ?? []).filter((hold) => isInForce(hold, now)).map(({ holdId }) => holdId);
  if (holdIds.length > 0) throw new DomainError('ON_HOLD', undefined, { holdIds: holdIds.join(', ') });
}

function isInForce({ until }: Hold, now: Instant): boolean {
  return until === undefined || now < until;
}
