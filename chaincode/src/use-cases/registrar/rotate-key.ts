import { type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asPatientSide } from '../standing';

type Entry = typeof transactions.RotateKey;

/** Uses up the present one-time key of who signs, the patient or a delegate: resolving the actor has done it already, as for every command. */
export async function RotateKey(scope: WriteScope, { pseudonym }: Input<Entry>): Promise<Output<Entry>> {
  const actor = asPatientSide(scope.actor, pseudonym);
  const { delegations, pseudonyms } = scope.ledger;
  const { nextKeyHash } = await (actor.kind === 'delegate' ? delegations.get(pseudonym, actor.delegationId) : pseudonyms.get(pseudonym));
  recordEvent(scope, { name: 'KeyRotated', pseudonym });
  return { pseudonym, nextKeyHash };
}
