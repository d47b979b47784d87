import {
  canonicalJson,
  type Copy,
  copiesArea,
  type MspId,
  mspIdSchema,
  nextState,
  type Pseudonym,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  referenceTo,
  type TicketId,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { copyTable } from '@lianyi/domain/deciding';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { type CopyFact, type KnownMembers, type TicketFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { objectType, schema } = copiesArea.entities.copies;

/** Whether a key is one of a copy. */
export function isOfCopy(type: string | undefined): boolean {
  return type === objectType;
}

/** Where a copy stands. */
interface CopyPlace {
  readonly holderMspId: MspId;
  readonly pseudonym: Pseudonym;
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
}

/** What somebody asks in the transaction: by when it was committed, and whenever that was. */
interface AskedOfCopy {
  readonly inTime: Asked | undefined;
  readonly anyTime: Asked | undefined;
  readonly transactionId: string;
}

/** Who is followed: the patients whose hospital this is, and the own hospital as a holder, so that nobody answers in its name. */
interface FollowedCopies {
  readonly known: Pick<KnownMembers, 'copyOf' | 'custodianOf' | 'ticketOf'>;
  readonly isFollowed: (mspId: string) => boolean;
}

/**
 * What is written of a copy, held against what has been said of it: that it is there by who has released the key or handed it on, and what became of
 * it by the holder alone. That there is one closes nothing and binds its holder, so its word counts however long it was on its way.
 */
export async function copyFacts(
  { value }: BlockWrite,
  parts: readonly string[],
  { inTime, anyTime, transactionId }: AskedOfCopy,
  { known, isFollowed }: FollowedCopies,
): Promise<readonly (CopyFact | AlarmFact)[]> {
  const place = placeIn(parts);
  if (place === undefined) return [];
  const custodianMspId = await known.custodianOf(place.pseudonym);
  if (custodianMspId === undefined && !isFollowed(place.holderMspId)) return [];
  const before = await known.copyOf(place);
  const asked = anyTime?.entry.name === transactions.AnswerForCopy.name ? inTime : anyTime;
  const written = schema.safeParse(jsonOf(value)).data;
  const askedBy = (await known.ticketOf(place.ticketId))?.askedBy;
  const told = { place, before, written, custodianMspId, askedBy, transactionId };
  const said = asked === undefined ? undefined : attempt(() => copyAfter(asked, told));
  const isProven = isAsSaid(written, said);
  const { holderMspId, pseudonym, ticketId } = place;
  const fact: CopyFact = { kind: 'copy', ...place, said: said ?? before, isProven };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'copy-without-command' : 'copy-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: [holderMspId, ticketId].join(' ') }];
}

function isAsSaid(written: Copy | undefined, said: Copy | undefined): boolean {
  return said !== undefined && written !== undefined && canonicalJson(saying(written)) === canonicalJson(saying(said));
}

function placeIn([holder, id, ticket, record]: readonly string[]): CopyPlace | undefined {
  const holderMspId = mspIdSchema.safeParse(holder).data;
  const pseudonym = pseudonymSchema.safeParse(id).data;
  const ticketId = ticketIdSchema.safeParse(ticket).data;
  const recordId = recordIdSchema.safeParse(record).data;
  if (holderMspId === undefined || pseudonym === undefined || ticketId === undefined || recordId === undefined) return undefined;
  return { holderMspId, pseudonym, ticketId, recordId };
}

/** A copy without by which requests it was made and answered: that decides nothing. */
function saying({ origin, answer, ...copy }: Copy): object {
  return { ...copy, madeBy: origin.actor, ...(answer === undefined ? {} : { answer: { ...answer, origin: answer.origin.actor } }) };
}

interface ToldOfCopy {
  readonly place: CopyPlace;
  /** As it was said before. */
  readonly before: Copy | undefined;
  readonly written: Copy | undefined;
  readonly custodianMspId: MspId | undefined;
  /** Who has asked by the ticket, and of whom, where that is followed. */
  readonly askedBy: TicketFact['askedBy'];
  readonly transactionId: string;
}

/**
 * The copy as a transaction's word leaves it; undefined if it says nothing of it. One of the catalogue that writes a copy and is missing here raises an
 * alarm.
 * @throws DomainError — the rules refuse it
 */
function copyAfter(asked: Asked, told: ToldOfCopy): Copy | undefined {
  const { entry, input, mspId } = asked;
  const { place, before } = told;
  const { ticketId, recordId } = transactions.AnswerForCopy.request.pick({ ticketId: true, recordId: true }).loose().parse(input);
  if (ticketId !== place.ticketId || recordId !== place.recordId) return undefined;
  switch (entry.name) {
    case 'RecordKeyRelease':
      return before === undefined && isReleasedTo(mspId, told) ? madeCopy(asked, place, {}) : undefined;
    case 'DiscloseOnward': {
      const { to } = transactions.DiscloseOnward.request.parse(input);
      return before === undefined && to.mspId === place.holderMspId ? madeCopy(asked, place, { from: { mspId, to } }) : undefined;
    }
    case 'AnswerForCopy':
      return mspId === place.holderMspId ? answered(asked, told) : undefined;
    default:
      return undefined;
  }
}

/** By the custodian, to who has asked and no other member; of another hospital's patient the holder cannot tell. */
function isReleasedTo(mspId: MspId, { place, custodianMspId = mspId, askedBy }: ToldOfCopy): boolean {
  const isOfAsker = askedBy === undefined || (askedBy.mspId === place.holderMspId && askedBy.pseudonym === place.pseudonym);
  return custodianMspId === mspId && isOfAsker;
}

/**
 * What a release or a handing on would write of a copy and the transaction does not: who has one is on no list then. It is asked of those whose ticket is followed,
 * and of a first release alone.
 */
export async function unwrittenCopy(
  { writes }: BlockCall,
  { entry, input, mspId }: Asked,
  known: Pick<KnownMembers, 'copyOf' | 'ticketOf'>,
): Promise<readonly AlarmFact[]> {
  const { ticketId, recordId } = transactions.AnswerForCopy.request.pick({ ticketId: true, recordId: true }).loose().parse(input);
  const askedBy = (await known.ticketOf(ticketId))?.askedBy;
  if (askedBy === undefined) return [];
  const isHandedOn = entry.name === transactions.DiscloseOnward.name;
  const holderMspId = isHandedOn ? transactions.DiscloseOnward.request.parse(input).to.mspId : askedBy.mspId;
  const place = { holderMspId, pseudonym: askedBy.pseudonym, ticketId, recordId };
  const isWritten = writes.some(({ key }) => key === compositeKey(objectType, ...[holderMspId, place.pseudonym, ticketId, recordId]));
  if (holderMspId === mspId || isWritten || (await known.copyOf(place)) !== undefined) return [];
  return [{ kind: 'alarm', alarm: 'command-not-carried-out', pseudonym: place.pseudonym, detail: objectType }];
}

function madeCopy({ at, requestHash, actor }: Asked, place: CopyPlace, from: Pick<Copy, 'from'>): Copy {
  return { schemaVersion: 1, ...place, takenAt: at, ...from, state: 'held', origin: { requestHash, actor: referenceTo(actor) } };
}

/** Of a copy that others have written, or that was there before anybody looked, the holder's answer counts as well. */
function answered({ input, actor, at, requestHash }: Asked, { before, written, transactionId }: ToldOfCopy): Copy | undefined {
  const copy = before ?? written;
  if (copy === undefined) return undefined;
  const { answer } = transactions.AnswerForCopy.request.parse(input);
  const by = referenceTo(actor);
  const state = nextState(copyTable, before?.state ?? 'held', answer.outcome === 'destroyed' ? 'destroy' : 'retain');
  return { ...copy, state, answer: { ...answer, at, by, txId: transactionId, origin: { requestHash, actor: by } } };
}
