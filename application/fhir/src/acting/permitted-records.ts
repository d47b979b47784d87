import { DomainError, newRequest, type Output, type Pseudonym, type Purpose, transactions } from '@lianyi/domain';
import { type ActingStaff } from './ports';

/** Who asks, and for what: every question about a patient has both. */
export interface AskingStaff {
  readonly staff: ActingStaff;
  readonly purpose: Purpose;
  /** The application keeps what it reads; one that only shows it may open what is only to be viewed. */
  readonly keeps: boolean;
}

type Listed = Output<typeof transactions.ListPermitted>['items'][number];
/** A part of the list of what may be asked for, and where it goes on. */
export interface ListedPart {
  readonly items: readonly Listed[];
  readonly next?: string;
}

/** Pages of the ledger that one question reads at most; what is left, the next link asks for. */
const MOST_PAGES = 20;
const PAGE = 100;

/**
 * What the ledger would permit who asks, of those that pass: the same rule as at the reading, asked of each alone (ADR 0059). Of others nothing is told,
 * not so much as that there are any. Pointers, which have no document, are left out.
 *
 * @throws LedgerFailure; DomainError `NOT_PERMITTED` — the staff entry has no department to ask in
 */
export async function permittedRecords(
  asker: AskingStaff,
  pseudonym: Pseudonym,
  wanted: { readonly most: number; readonly after: string | undefined; readonly passes: (record: Listed) => boolean },
): Promise<ListedPart> {
  const items: Listed[] = [];
  let after = wanted.after;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await pageOfList(asker, pseudonym, Math.min(PAGE, wanted.most - items.length), after);
    items.push(...listed.items.filter((record) => record.format !== undefined && wanted.passes(record)));
    after = listed.next;
    if (after === undefined) return { items };
    if (items.length >= wanted.most) break;
  }
  return { items, ...(after === undefined ? {} : { next: after }) };
}

async function pageOfList(
  { staff, purpose }: AskingStaff,
  pseudonym: Pseudonym,
  limit: number,
  after: string | undefined,
): Promise<Output<typeof transactions.ListPermitted>> {
  const input = { pseudonym, purpose, department: departmentOf(staff), limit, ...(after === undefined ? {} : { after }) };
  return staff.ledger.evaluate(newRequest(transactions.ListPermitted, input));
}

/** @throws DomainError `NOT_PERMITTED` */
export function departmentOf({ department }: ActingStaff): NonNullable<ActingStaff['department']> {
  if (department === undefined) throw new DomainError('NOT_PERMITTED', 'the application’s staff entry names no department to ask in');
  return department;
}
