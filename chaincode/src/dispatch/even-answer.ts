import { type TransactionEntry } from '@lianyi/domain';

/**
 * Whether an answer is one whose time must tell nothing. Refusals are, of every transaction.
 * @param answer - the JSON of it
 */
export function isEvenly(evenly: TransactionEntry['evenly'], answer: string): boolean {
  if (evenly !== 'unless-permitted') return evenly === 'always';
  const { decision, denied } = JSON.parse(answer) as { readonly decision?: unknown; readonly denied?: unknown };
  return decision !== 'permit' || denied !== undefined;
}
