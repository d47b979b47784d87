import { confirmIncapacity, declareIncapacity, type Input, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { assertOfHospital, ownActivePseudonym } from '../standing';

type Declare = typeof transactions.DeclareIncapacity;
type Confirm = typeof transactions.ConfirmIncapacity;
type Get = typeof transactions.GetIncapacity;

/** A clinician of the patient's hospital declares it; nothing follows yet. */
export async function DeclareIncapacity(scope: WriteScope, { pseudonym, evidence }: Input<Declare>): Promise<Output<Declare>> {
  const [entry, before] = await Promise.all([ownActivePseudonym(scope, pseudonym), scope.ledger.incapacities.find(pseudonym)]);
  const declared = declareIncapacity(before, entry, evidence, scope.now, originOf(scope));
  await scope.ledger.incapacities.put(declared);
  recordEvent(scope, { name: 'IncapacityDeclared', pseudonym });
  return { pseudonym, state: declared.state };
}

/** A clinician of another hospital confirms it. */
export async function ConfirmIncapacity(scope: WriteScope, { pseudonym, evidence }: Input<Confirm>): Promise<Output<Confirm>> {
  await assertOfHospital(scope);
  const [entry, declared] = await Promise.all([scope.ledger.pseudonyms.get(pseudonym), scope.ledger.incapacities.get(pseudonym)]);
  const confirmed = confirmIncapacity(declared, referenceTo(scope.actor), entry, evidence, scope.now);
  await scope.ledger.incapacities.replace(confirmed);
  recordEvent(scope, { name: 'IncapacityConfirmed', pseudonym });
  return { pseudonym, state: confirmed.state };
}

/** What was declared of a patient. */
export function GetIncapacity(scope: ReadScope, { pseudonym }: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.incapacities.get(pseudonym);
}
