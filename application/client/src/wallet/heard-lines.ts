import { type AccessEvent, type Instant } from '@lianyi/domain';
import { failureCode } from './failure-code';
import { isUnknown } from './note-answers';
import { nameOf, type NoteName } from './note-name';
import { type RestToRead } from './wallet-content';

/** One page of a member's list of the audit, the newest line first. */
export type AskPage = (after: string | undefined) => Promise<{
  readonly items: readonly AccessEvent[];
  readonly next?: string;
  readonly unreadable?: number;
}>;

/** A member that goes on giving pages is not asked for more; 10,000 lines are more than a patient reads at once. The next call goes on. */
const MOST_PAGES = 100;

/** A part of one member's list, from the newest line on or from where a call before has ended. */
export interface Stretch {
  readonly lines: readonly AccessEvent[];
  /** All from here on was heard, this moment excluded; absent: to the end that was asked for. */
  readonly stop?: { readonly from: Instant; readonly after: string };
  /** Why not all was heard. */
  readonly shortfall?: string;
}

/** What a member tells: what is new, and of what a call before has not come to. */
export interface Heard {
  readonly member: string;
  readonly top: Stretch;
  /** Absent where nothing is left from before. */
  readonly below?: Stretch;
  /** Where the call before has stopped with this member's list. */
  readonly rest?: RestToRead;
  /** Whether lines are there that are none: what they have told nobody knows. */
  readonly isTorn?: boolean;
}

export interface Wanted {
  readonly member: string;
  /** What is older was read. */
  readonly since: Instant | undefined;
  /** Where each member's list has stopped before. */
  readonly rest: readonly RestToRead[] | undefined;
}

/** What a member has of an audit that was not read. What it has told before it failed is told. */
export async function heardFrom(ask: AskPage, wanted: Wanted): Promise<Heard> {
  const seen = { isTorn: false };
  const heard = await heardOf(async (after) => {
    const page = await ask(after);
    seen.isTorn ||= page.unreadable !== undefined;
    return page;
  }, wanted);
  return seen.isTorn ? { ...heard, isTorn: true } : heard;
}

async function heardOf(ask: AskPage, { member, since, rest: all = [] }: Wanted): Promise<Heard> {
  const rest = all.find((each) => each.member === member);
  if (rest === undefined) return { member, top: await stretch(ask, { since, pages: MOST_PAGES }) };
  const { until, after } = rest;
  // who had no more before has no more now
  if (after === null) return { member, top: await stretch(ask, { since: until, pages: MOST_PAGES }), below: { lines: [] }, rest };
  const top = await stretch(ask, { since: until, pages: MOST_PAGES / 2 });
  return { member, top, below: await stretch(ask, { since, after, pages: MOST_PAGES / 2 }), rest };
}

async function stretch(
  ask: AskPage,
  { since, after: first, pages }: { readonly since: Instant | undefined; readonly after?: string | undefined; readonly pages: number },
): Promise<Stretch> {
  const lines: AccessEvent[] = [];
  const order = new NewestFirst();
  let after = first;
  for (let page = 0; page < pages; page += 1) {
    const answer = await ask(after).catch((error: unknown) => ({ error }));
    if ('error' in answer) return isUnknown(answer.error) ? { lines } : { lines, shortfall: failureCode(answer.error) };
    answer.items.forEach((line) => {
      order.see(line);
    });
    lines.push(...answer.items.filter(({ at }) => isSince(at, since)));
    if (answer.next === undefined || order.isBelow(since)) return { lines };
    after = answer.next;
  }
  const { last: from, isHeld } = order;
  const shortfall = isHeld ? 'LIMIT_REACHED' : 'ANSWER_DIFFERS';
  return after === undefined || from === undefined ? { lines, shortfall } : { lines, shortfall, stop: { from, after } };
}

function isSince(at: Instant, since: Instant | undefined): boolean {
  return since === undefined || at >= since;
}

/** The order of a list: by it is known that nothing comes any more. A list without it is read to its end. */
class NewestFirst {
  last: Instant | undefined;
  isHeld = true;

  see({ at }: AccessEvent): void {
    this.isHeld &&= this.last === undefined || at <= this.last;
    this.last = at;
  }

  isBelow(since: Instant | undefined): boolean {
    return this.isHeld && this.last !== undefined && !isSince(this.last, since);
  }
}

/** What was told, each line once and by its name, and the names of those that members tell differently. */
export interface United {
  readonly lines: ReadonlyMap<NoteName, AccessEvent>;
  readonly contested: ReadonlySet<NoteName>;
}

/**
 * Puts together what several members tell. A ledger has one line at a place, and keeps it: where members tell something else at one place, or one
 * does not tell what another has told of a time that both have told of wholly, one of them lies, and nobody here can say which.
 *
 * @param settledBefore - what is younger may be on its way to one of them
 */
export function united(heard: readonly Heard[], since: Instant | undefined, settledBefore: Instant): United {
  const lines = new Map<NoteName, AccessEvent>();
  const tellers = new Map<NoteName, Set<Heard>>();
  const ofPlace = new Map<string, NoteName[]>();
  for (const each of heard)
    for (const line of [...each.top.lines, ...(each.below?.lines ?? [])]) {
      const id = nameOf(line);
      if (!lines.has(id)) {
        const place = `${line.n} ${line.txId}`;
        ofPlace.set(place, [...(ofPlace.get(place) ?? []), id]);
      }
      lines.set(id, line);
      tellers.set(id, (tellers.get(id) ?? new Set()).add(each));
    }
  const contested = new Set([...ofPlace.values()].filter(({ length }) => length > 1).flat());
  for (const [id, { at }] of lines) {
    if (at >= settledBefore) continue;
    const isKeptBack = heard.some((each) => tellers.get(id)?.has(each) !== true && isWholeAt(each, at, since));
    if (isKeptBack) contested.add(id);
  }
  return { lines, contested };
}

/** Whether a member has told all lines of a time. */
function isWholeAt({ top, below, rest }: Heard, at: Instant, since: Instant | undefined): boolean {
  const isIn = ({ stop, shortfall }: Stretch, from: Instant | undefined): boolean => {
    if (stop !== undefined) return shortfall === 'LIMIT_REACHED' && at > stop.from;
    return shortfall === undefined && (from === undefined || at >= from);
  };
  if (rest === undefined || at >= rest.until) return isIn(top, rest?.until ?? since);
  return below !== undefined && below.lines.length > 0 && at < rest.from && isIn(below, since);
}
