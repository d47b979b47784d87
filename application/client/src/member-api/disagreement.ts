import { type Ledger, newRequest, type Pseudonym, type RecordId, transactions } from '@lianyi/domain';

/**
 * Whether the patient disagrees with a record: they have said so, and its hospital has their statement; or what the ledger has of that cannot be read, so that
 * they may have said so.
 */
export const disagreements = ['none', 'stated', 'unreadable'] as const;
export type Disagreement = (typeof disagreements)[number];

const AT_ONCE = 25;

/**
 * Asks one member whether a record's patient disagrees with it: for whoever knows the record's two random ids.
 * @throws as {@link Ledger.evaluate}
 */
export async function disagreementWith(
  ledger: Pick<Ledger, 'evaluate'>,
  { pseudonym, recordId }: { readonly pseudonym: Pseudonym; readonly recordId: RecordId },
): Promise<Disagreement> {
  let found: Disagreement = 'none';
  let after: string | undefined;
  do {
    const page = await ledger.evaluate(
      newRequest(transactions.ListDisagreements, { pseudonym, recordId, limit: AT_ONCE, ...(after === undefined ? {} : { after }) }),
    );
    if (page.items.length > 0) return 'stated';
    if (page.unreadable !== undefined) found = 'unreadable';
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Of what several members say, what the reader has to know: one that keeps still hides nothing that another tells. */
export function plainest(said: readonly Disagreement[]): Disagreement {
  if (said.includes('stated')) return 'stated';
  return said.includes('unreadable') ? 'unreadable' : 'none';
}
