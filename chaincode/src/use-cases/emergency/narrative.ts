import { DomainError, type Emergency, type Input, type Output, type transactions, type Transient } from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { recordOwnAct } from '../record-own-act';
import { type ReadScope, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Put = typeof transactions.PutEmergencyNarrative;
type Get = typeof transactions.GetEmergencyNarrative;

/** Keeps what happened in the private data of the asker's hospital: the text that the emergency has committed to, and no other. */
export async function PutEmergencyNarrative(scope: WriteScope, { ticketId }: Input<Put>, transient: Transient<Put>): Promise<Output<Put>> {
  const { emergencyNarratives } = scope.ledger.own(asStaff(scope.actor));
  const [emergency] = await Promise.all([scope.ledger.emergencies.get(ticketId), emergencyNarratives.find(ticketId)]);
  assertAsked(emergency, asStaff(scope.actor));
  if (commitmentOf({ ticketId, ...transient }) !== emergency.narrativeCommitment) throw new DomainError('HASH_MISMATCH');
  const narrative = { schemaVersion: 1, ticketId, ...transient } as const;
  // also when it is there: what writes nothing is judged by the chaincode's own policy, which no owner meets alone
  await emergencyNarratives.put(narrative);
  recordOwnAct(scope, 'PutEmergencyNarrative', { pseudonym: emergency.pseudonym, ticketId });
  return { ticketId };
}

function assertAsked({ asker }: Emergency, { mspId, actorTag }: Pick<Emergency['asker'], 'mspId' | 'actorTag'>): void {
  if (asker.mspId !== mspId || asker.actorTag !== actorTag) throw new DomainError('NOT_PERMITTED', 'somebody else has asked');
}

/** The hospital's own peers write what the hospital alone endorses: another text than was committed to is nobody's narrative. */
export async function GetEmergencyNarrative(scope: ReadScope, { ticketId }: Input<Get>): Promise<Output<Get>> {
  const [narrative, emergency] = await Promise.all([
    scope.ledger.own(asStaff(scope.actor)).emergencyNarratives.get(ticketId),
    scope.ledger.emergencies.get(ticketId),
  ]);
  const { text, salt } = narrative;
  if (commitmentOf({ ticketId, text, salt }) !== emergency.narrativeCommitment)
    throw new DomainError('CORRUPT_STATE', undefined, { entity: 'emergencyNarrative' });
  return narrative;
}
