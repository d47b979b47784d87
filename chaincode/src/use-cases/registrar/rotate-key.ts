import { type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asPatient } from '../standing';

type Entry = typeof transactions.RotateKey;

/** Uses up the patient's present one-time key: resolving the actor has done it already, as for every command. */
export async function RotateKey(scope: WriteScope, { pseudonym }: Input<Entry>): Promise<Output<Entry>> {
  asPatient(scope.actor, pseudonym);
  const { nextKeyHash } = await scope.ledger.pseudonyms.get(pseudonym);
  recordEvent(scope, { name: 'KeyRotated', pseudonym });
  return { pseudonym, nextKeyHash };
}
