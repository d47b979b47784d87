import { assertOwnId, type Input, type Output, type Recognition, recognitionIdOf, referenceTo, type transactions } from '@lianyi/domain';
import { assertMemberOf, assertRecognised } from '@lianyi/domain/deciding';
import { recognisedItems } from '../items-in-force';
import { recordEvent, recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Entry = typeof transactions.AskRecognition;

/**
 * Commits a clinician’s question before anybody answers it: what is learnt of a patient leaves a trace. It is committed of whomever it is asked, and reads
 * nothing of the patient's records; of a pseudonym that is nobody's there is no audit to have a line.
 */
export async function AskRecognition(scope: WriteScope, { nonce, ...asked }: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, departments } = asStaff(scope.actor);
  assertMemberOf({ departments }, asked.department);
  assertOwnId(asked.askId, recognitionIdOf({ mspId, actorTag, nonce }));
  const { recognitions, pseudonyms } = scope.ledger;
  const [existing, inForce, patient] = await Promise.all([
    recognitions.find(mspId, asked.askId),
    recognisedItems(scope.ledger),
    pseudonyms.find(asked.pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return { askId: repeated.askId, state: repeated.state };
  assertRecognised(asked, inForce);
  const question: Recognition = {
    ...{ schemaVersion: 1, ...asked, mspId, askedBy: referenceTo(scope.actor), askedAt: scope.now },
    ...{ state: 'asked', origin: originOf(scope) },
  };
  await recognitions.insert(question);
  const { askId, pseudonym } = asked;
  const tell = patient === undefined ? recordEventUnaudited : recordEvent;
  tell(scope, { name: 'RecognitionRequested', mspId, askId, pseudonym });
  return { askId, state: 'asked' };
}
