import { type Copy, type CopyStanding, type Input, type MspId, type Output, type transactions } from '@lianyi/domain';
import { copyStandingOf } from '@lianyi/domain/deciding';
import { encodeCursor, everyEntry, type Page, type PageRequest, partsOfCursor } from '../../ledger/repository';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { asPatientSide, asStaff } from '../standing';
import { factsOfCopy } from './facts-of-copy';

type List = typeof transactions.ListCopies;
type ListHeld = typeof transactions.ListCopiesHeld;

/** Lists who has copies of a patient's records: of one member after the other, in the order of their names. */
export async function ListCopies(scope: ReadScope, { pseudonym, ...page }: Input<List>): Promise<Output<List>> {
  asPatientSide(scope.actor, pseudonym);
  const members = await everyMember(scope);
  const ofMember: PartOf = (mspId, part) => scope.ledger.copies.list([mspId, pseudonym], part);
  return shown(scope, await throughMembers(members, page, ofMember));
}

/** Lists what the caller's organisation has of others' records. */
export async function ListCopiesHeld(scope: ReadScope, page: Input<ListHeld>): Promise<Output<ListHeld>> {
  return shown(scope, await scope.ledger.copies.list([asStaff(scope.actor).mspId], page));
}

function shown(scope: ReadScope, copies: Page<Copy>): Promise<Page<CopyStanding>> {
  return ledTo(
    copies,
    (copy) => standingOf(scope, copy),
    ({ copy: found }, copy) => found === copy,
  );
}

/** Undefined for a line of another patient's permit, or of which no time can be told: others have written it. */
async function standingOf(scope: ReadScope, copy: Copy): Promise<CopyStanding | undefined> {
  const facts = await factsOfCopy(scope, copy);
  if (facts.ticket.pseudonym !== copy.pseudonym) return undefined;
  try {
    return copyStandingOf(copy, facts, scope.now);
  } catch {
    // nothing is read here: it has a time after which no other can be said
    return undefined;
  }
}

/** Every organisation that is or was a member. */
async function everyMember({ ledger }: ReadScope): Promise<readonly MspId[]> {
  const mspIds: MspId[] = [];
  for await (const { mspId } of everyEntry((page) => ledger.organisations.list([], page))) mspIds.push(mspId);
  return mspIds;
}

type PartOf = (mspId: MspId, page: PageRequest) => Promise<Page<Copy>>;
/** Where a page goes on: with which member, and where in its part. */
type Place = { readonly mspId: string; readonly after?: string };

async function throughMembers(members: readonly MspId[], { limit, after }: PageRequest, partOf: PartOf): Promise<Page<Copy>> {
  const begin = after === undefined ? undefined : placeIn(after);
  const items: Copy[] = [];
  let unreadable = 0;
  for (const mspId of members.filter((each) => begin === undefined || each >= begin.mspId)) {
    const left = limit - items.length - unreadable;
    if (left === 0) return pageWith(items, unreadable, { mspId });
    const inner = begin?.mspId === mspId ? begin.after : undefined;
    const part = await partOf(mspId, { limit: left, ...(inner === undefined ? {} : { after: inner }) });
    items.push(...part.items);
    unreadable += part.unreadable ?? 0;
    if (part.next !== undefined) return pageWith(items, unreadable, { mspId, after: part.next });
  }
  return pageWith(items, unreadable, undefined);
}

function pageWith(items: Copy[], unreadable: number, next: Place | undefined): Page<Copy> {
  const { mspId, after = '' } = next ?? {};
  const cursor = mspId === undefined ? {} : { next: encodeCursor([mspId, after]) };
  return { items, ...(unreadable === 0 ? {} : { unreadable }), ...cursor };
}

/** Of the two parts the second is a place in the member's own list, or empty. */
function placeIn(cursor: string): Place {
  const [mspId = '', after = ''] = partsOfCursor(cursor, 2);
  return { mspId, ...(after === '' ? {} : { after }) };
}
