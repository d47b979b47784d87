import { DomainError, type Input, isPatientSide, type MspId, type Output, type transactions, type Transient } from '@lianyi/domain';
import { committedTextOf, correctionCommitmentOf } from '@lianyi/domain/deciding';
import { recordOwnAct } from '../record-own-act';
import { mspOf, type ReadScope, type WriteScope } from '../scope';
import { asPatientSide, asStaff } from '../standing';
import { ownCorrection } from './said-of-correction';

type Put = typeof transactions.PutCorrectionText;
type Get = typeof transactions.GetCorrectionText;

/** Keeps a text at the record's hospital: the one that was committed to, and no other. Whoever has it and its salt may hand it in. */
export async function PutCorrectionText(scope: WriteScope, input: Input<Put>, transient: Transient<Put>): Promise<Output<Put>> {
  const { pseudonym, recordId, number, part } = input;
  const staff = asStaff(scope.actor);
  const said = await ownCorrection(scope, input, staff.mspId);
  const text = { pseudonym, recordId, number, part, ...transient };
  if (committedTextOf(said, part) !== correctionCommitmentOf(text)) throw new DomainError('HASH_MISMATCH');
  // also when it is there: what writes nothing is judged by the chaincode's own policy, which no owner meets alone
  await scope.ledger.own(staff).correctionTexts.put({ schemaVersion: 1, ...text });
  recordOwnAct(scope, 'PutCorrectionText', { pseudonym, recordIds: [recordId] });
  return { pseudonym, recordId, number, part };
}

/** The hospital's own peers write what it alone endorses: another text than was committed to is nobody's. */
export async function GetCorrectionText(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  const { pseudonym, recordId, number, part } = input;
  if (isPatientSide(scope.actor)) asPatientSide(scope.actor, pseudonym);
  const mspId: MspId = mspOf(scope.actor);
  const said = await ownCorrection(scope, input, mspId);
  const kept = await scope.ledger.own({ mspId }).correctionTexts.get(pseudonym, recordId, number, part);
  if (committedTextOf(said, part) !== correctionCommitmentOf(kept))
    throw new DomainError('CORRUPT_STATE', undefined, { entity: 'correctionText' });
  return kept;
}
