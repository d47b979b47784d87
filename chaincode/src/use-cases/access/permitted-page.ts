import {
  isContributed,
  isPointerId,
  type MedicalRecord,
  type Output,
  type Pseudonym,
  type RecordId,
  recordIdSchema,
  type transactions,
} from '@lianyi/domain';
import { type Readable, readableOf } from '@lianyi/domain/deciding';
import { decodeCursor, encodeCursor, everyEntry, type PageRequest } from '../../ledger/repository';
import { type ReadRepositories } from '../../ledger/repositories';
import { type ListInquiry, newJudge } from './decide';

type Page = Output<typeof transactions.ListForEmergency>;
type Listed = Page['items'][number];
type Candidate = { readonly facts: Readable; readonly listed: Listed };

/**
 * One page of what the rule would permit of a pseudonym, each record by itself.
 *
 * What is not permitted is not there: no count, no place where a page ends, no difference between a pseudonym that is nobody's, one that has
 * nothing for who asks, and one that has said nothing of them (ADR 0059). A page goes on behind the last that it has told.
 */
export async function permittedPage(ledger: ReadRepositories, inquiry: ListInquiry, { limit, after }: PageRequest): Promise<Page> {
  const place = after === undefined ? undefined : placeOf(after);
  // one more tells whether there is a next page
  const found = await firstPermitted(ledger, inquiry, { count: limit + 1, after: place });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last !== undefined ? { next: encodeCursor([last.recordId]) } : {}) };
}

function placeOf(cursor: string): RecordId {
  const [id] = decodeCursor(cursor, 1);
  return recordIdSchema.parse(id);
}

async function firstPermitted(
  ledger: ReadRepositories,
  inquiry: ListInquiry,
  { count, after }: { readonly count: number; readonly after: RecordId | undefined },
): Promise<readonly Listed[]> {
  const { judge, mayPermit } = await newJudge(ledger, inquiry);
  // of whom nobody has said anything, the time that it takes must not tell how much there is
  if (!mayPermit) return [];
  const permitted: Listed[] = [];
  for await (const { facts, listed } of candidatesOf(ledger, inquiry.pseudonym, after)) {
    const listing = judge(facts);
    if (listing !== undefined) permitted.push({ ...listed, ...listing });
    if (permitted.length === count) break;
  }
  return permitted;
}

/** Records and then pointers, each in the order of their keys. What its id does not lead to, nobody can ask for. */
async function* candidatesOf(ledger: ReadRepositories, pseudonym: Pseudonym, after: RecordId | undefined): AsyncGenerator<Candidate> {
  const isInPointers = after !== undefined && isPointerId(after);
  const place = after === undefined ? undefined : encodeCursor([after]);
  if (!isInPointers) {
    for await (const record of everyEntry((page) => ledger.records.list([pseudonym], page), place))
      if (!isPointerId(record.recordId)) yield { facts: record, listed: { pseudonym, ...listedOf(record), ...contentOf(record) } };
  }
  for await (const pointer of everyEntry((page) => ledger.pointers.list([pseudonym], page), isInPointers ? place : undefined)) {
    const facts = readableOf(pointer);
    if (isPointerId(facts.recordId)) yield { facts, listed: { pseudonym, ...listedOf(facts), changedAt: pointer.changedAt } };
  }
}

function listedOf(facts: Readable): Omit<Listed, 'pseudonym' | 'changedAt'> {
  const { recordId, version, dataLevel, confidentiality, custodianMspId, authorMspId, careMonths, encounter, anchoredAt } = facts;
  return {
    ...{ recordId, version, class: facts.class, dataLevel, confidentiality, custodianMspId, authorMspId, anchoredAt },
    ...(careMonths === undefined ? {} : { careMonths }),
    ...(encounter === undefined ? {} : { encounter }),
  };
}

function contentOf(record: MedicalRecord): Pick<Listed, 'format' | 'displayProfile' | 'sizeBucket' | 'changedAt' | 'contributed'> {
  const { format, displayProfile, sizeBucket, changedAt } = record;
  return { format, displayProfile, sizeBucket, changedAt, ...(isContributed(record) ? { contributed: true } : {}) };
}
