import { assertOwnId, type EmergencySignature, type Input, type Output, ticketIdOf, type transactions } from '@lianyi/domain';
import { newEmergencySignature } from '@lianyi/domain/deciding';
import { readablesOf } from '../access/decide';
import { recordEvent, recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Entry = typeof transactions.CountersignEmergency;

/**
 * A second person of the asker's hospital says that these records may be opened in the emergency to come. Whether the records exist, the answer does not tell; as
 * with tickets, of invented ones nothing stands in the patient's audit.
 */
export async function CountersignEmergency(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const signer = asStaff(scope.actor);
  const { mspId } = signer;
  const { ticketId, nonce, pseudonym, recordIds, asker: actorTag } = input;
  assertOwnId(ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const { emergencySignatures, staff } = scope.ledger;
  const [existing, asker, ...records] = await Promise.all([
    emergencySignatures.find(ticketId, signer.actorTag),
    staff.get(mspId, actorTag),
    ...readablesOf(scope.ledger, { pseudonym, recordIds }),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOf(repeated);
  const signature = newEmergencySignature({ ticketId, pseudonym, recordIds, origin: originOf(scope) }, asker, signer, scope.now);
  await emergencySignatures.insert(signature);
  const about = records.some((record) => record !== undefined) ? recordEvent : recordEventUnaudited;
  about(scope, { name: 'EmergencyCountersigned', ticketId, pseudonym }, { ticketId, recordIds: signature.recordIds });
  return answerOf(signature);
}

function answerOf({ ticketId, signer, until }: EmergencySignature): Output<Entry> {
  return { ticketId, signer, until };
}
