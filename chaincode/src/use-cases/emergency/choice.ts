import { assertKeepsProhibition, type Input, type Output, powersOf, type transactions } from '@lianyi/domain';
import { chooseForEmergencies, opensMore, stanceOf } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asPatientSide, assertConcerns } from '../standing';

type Set = typeof transactions.SetEmergencyChoice;
type Get = typeof transactions.GetEmergencyChoice;

/** The patient says what may be opened in an emergency. What the patient has closed, whom they have chosen does not open. */
export async function SetEmergencyChoice(scope: WriteScope, { pseudonym, choice }: Input<Set>): Promise<Output<Set>> {
  const powers = powersOf(asPatientSide(scope.actor, pseudonym));
  const { emergencyChoices } = scope.ledger;
  const present = await emergencyChoices.find(pseudonym);
  if (powers !== undefined) assertKeepsProhibition(powers, opensMore(stanceOf(present), choice));
  const chosen = chooseForEmergencies(present, { pseudonym, choice }, scope.now, originOf(scope));
  await emergencyChoices.put(chosen);
  recordEvent(scope, { name: 'EmergencyChoiceChanged', pseudonym, version: chosen.version });
  return { pseudonym, version: chosen.version, choice };
}

export async function GetEmergencyChoice(scope: ReadScope, { pseudonym }: Input<Get>): Promise<Output<Get>> {
  await assertConcerns(scope, pseudonym);
  const said = await scope.ledger.emergencyChoices.find(pseudonym);
  return { pseudonym, choice: stanceOf(said), ...(said === undefined ? {} : { said }) };
}
