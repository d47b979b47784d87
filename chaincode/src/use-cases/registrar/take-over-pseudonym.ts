import { type Input, type Output, takeOver, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asPatient } from '../standing';

type Entry = typeof transactions.TakeOverPseudonym;

/** The command was signed with the key of the hand-over code and has announced a key of the patient's wallet, as every command does. */
export async function TakeOverPseudonym(scope: WriteScope, { pseudonym }: Input<Entry>): Promise<Output<Entry>> {
  asPatient(scope.actor, pseudonym);
  const entry = takeOver(await scope.ledger.pseudonyms.get(pseudonym));
  await scope.ledger.pseudonyms.replace(entry);
  recordEvent(scope, { name: 'TakeOverCompleted', pseudonym });
  return { pseudonym, nextKeyHash: entry.nextKeyHash };
}
