import { DomainError, type Identifier, type Pseudonym } from '@lianyi/domain';
import { type Journal, type Entry } from '../journal/journal';
import { fileMerge } from '../journal/merges';
import { type MessagePlan } from '../message/plan';
import { type OwnHospital } from './hospital';

/**
 * Does what a message asks for, and writes down that it is done.
 * @throws {@link DomainError} `PATIENT_NOT_LINKED`, `PATIENT_AMBIGUOUS`; as {@link OwnHospital}
 */
export async function carryOut(
  { id, nonce }: Entry,
  plan: MessagePlan,
  { journal, hospital }: { readonly journal: Journal; readonly hospital: OwnHospital },
): Promise<void> {
  if (plan.does === 'publish') {
    const pseudonym = await onlyPseudonym(plan.numbers, hospital);
    const { bytes, described, details } = plan;
    const { recordId } = await hospital.publish({ pseudonym, nonce, bytes, described, details });
    await journal.write(() => {
      journal.done(id, recordId);
    });
    return;
  }
  await journal.write(() => {
    // of an admission nothing is needed: who a number belongs to is on the ledger
    if (plan.does === 'propose-merge') fileMerge(journal, id, plan);
    journal.done(id, undefined);
  });
}

async function onlyPseudonym(numbers: readonly Identifier[], hospital: OwnHospital): Promise<Pseudonym> {
  const found = await Promise.all(numbers.map((number) => hospital.pseudonymOf(number)));
  const pseudonyms = new Set(found.filter((each) => each !== undefined));
  const [only] = pseudonyms;
  if (only === undefined) throw new DomainError('PATIENT_NOT_LINKED', undefined, { segment: 'PID', field: 3 });
  if (pseudonyms.size > 1) throw new DomainError('PATIENT_AMBIGUOUS', undefined, { segment: 'PID', field: 3 });
  return only;
}
