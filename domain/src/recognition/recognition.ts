import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { type RecognisedItem, type RecognisedItems } from '../record/results';
import { addMilliseconds, type Instant } from '../instant';
import { type BareCoding, recognitionMarks, type ResultKind } from '../record/results';
import { nextState, type StateTable } from '../state-table';
import { type Recognition } from './transactions';

export const recognitionTable: StateTable<Recognition['state'], 'accept' | 'decline'> = {
  asked: { accept: 'accepted', decline: 'declined' },
  accepted: {},
  declined: {},
};

/** How long a question may be answered: as long as a ticket opens. */
const ANSWERED_WITHIN_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** By what a question names its item: nobody guesses it from this without the salt. */
export function itemCommitmentOf({
  askId,
  itemId,
  salt,
}: {
  readonly askId: string;
  readonly itemId: string;
  readonly salt: string;
}): Sha256 {
  return hashOfJson(['lianyi/recognition-item/v1', askId, itemId, salt]);
}

/**
 * Checks that a question is of the list in force and of a tariff that is in it.
 * @throws {@link DomainError} `ITEM_NOT_RECOGNISED`
 */
export function assertRecognised(
  { priceCents, listVersion }: Pick<Recognition, 'priceCents' | 'listVersion'>,
  inForce: { readonly version: number; readonly value: RecognisedItems },
): void {
  const isListed = inForce.value.items.some((item) => item.priceCents === priceCents);
  if (!isListed || listVersion !== inForce.version)
    throw new DomainError('ITEM_NOT_RECOGNISED', undefined, { listVersion: inForce.version });
}

/** The item that a question is of, opened by who has asked. @throws {@link DomainError} `HASH_MISMATCH`; `ITEM_NOT_RECOGNISED` */
export function openedItem(
  { askId, itemCommitment, priceCents }: Recognition,
  { itemId, salt }: { readonly itemId: string; readonly salt: string },
  { items }: RecognisedItems,
): RecognisedItem {
  if (itemCommitment !== itemCommitmentOf({ askId, itemId, salt })) throw new DomainError('HASH_MISMATCH');
  const item = items.find((each) => each.itemId === itemId);
  // a question of another tariff than the item's would count what was not saved
  if (item?.priceCents !== priceCents) throw new DomainError('ITEM_NOT_RECOGNISED');
  return item;
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is decided, or was asked too long ago */
export function assertAnswerable({ state, askedAt }: Recognition, now: Instant): void {
  const lapsed = now >= addMilliseconds(askedAt, ANSWERED_WITHIN_MS);
  if (state !== 'asked' || lapsed) throw new DomainError('ILLEGAL_STATE', undefined, { state: lapsed ? 'lapsed' : state, command: 'find' });
}

/** Whether a result may stand for an item at a moment: by its code, its specimen, its age and its mark. */
function isEquivalent(result: ResultKind, item: RecognisedItem, at: Instant): boolean {
  const oldest = addMilliseconds(at, -item.longestDays * DAY_MS);
  const isOfSpecimen = item.specimens.length === 0 || haveOneInCommon(result.specimens, item.specimens);
  return haveOneInCommon(result.codes, item.codes) && isOfSpecimen && oldest <= result.at && result.at <= at && isMarked(result, item);
}

/** The newest of some results that may stand for an item. */
export function newestEquivalent<Of extends { readonly result: ResultKind }>(
  results: readonly Of[],
  item: RecognisedItem,
  at: Instant,
): Of | undefined {
  const equivalent = results.filter(({ result }) => isEquivalent(result, item, at));
  return equivalent.reduce<Of | undefined>(
    (newest, each) => (newest !== undefined && newest.result.at >= each.result.at ? newest : each),
    undefined,
  );
}

function haveOneInCommon(some: readonly BareCoding[], others: readonly BareCoding[]): boolean {
  return some.some(({ system, code }) => others.some((other) => other.system === system && other.code === code));
}

function isMarked({ mark }: ResultKind, { mark: needed }: RecognisedItem): boolean {
  if (needed === undefined) return true;
  return mark !== undefined && recognitionMarks.indexOf(mark) >= recognitionMarks.indexOf(needed);
}

/** What was decided. @throws {@link DomainError} `ILLEGAL_STATE` — it is decided already */
export function decideRecognition(
  recognition: Recognition,
  decided: NonNullable<Recognition['decided']>,
  { now, origin }: { readonly now: Instant; readonly origin: Recognition['origin'] },
): Recognition {
  const state = nextState(recognitionTable, recognition.state, decided.outcome);
  return { ...recognition, state, decided, decidedAt: now, origin };
}
