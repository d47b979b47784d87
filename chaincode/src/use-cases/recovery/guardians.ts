import { assertCoolingOff, type Input, type Output, setGuardians, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asPatient } from '../standing';
import { leastCoolingOffIn } from './circumstances';
import { closeCasesOfGuardians } from './open-case';

type Set = typeof transactions.SetGuardians;
type Get = typeof transactions.GetGuardians;

/** The patient names their guardians. What those before have opened is void: the patient has spoken since. */
export async function SetGuardians(scope: WriteScope, input: Input<Set>): Promise<Output<Set>> {
  const { pseudonym } = input;
  asPatient(scope.actor, pseudonym);
  const named = setGuardians(input, scope.now, originOf(scope));
  assertCoolingOff(named, await leastCoolingOffIn(scope));
  await scope.ledger.guardianSets.put(named);
  recordEvent(scope, { name: 'GuardiansChanged', pseudonym });
  await closeCasesOfGuardians(scope, pseudonym);
  const { threshold, coolingOffMinutes, setAt } = named;
  return { pseudonym, threshold, coolingOffMinutes, setAt };
}

/** Whom a patient has named. */
export function GetGuardians(scope: ReadScope, { pseudonym }: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.guardianSets.get(pseudonym);
}
