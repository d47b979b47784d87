import { type EmergencyStance, isDead, type Pseudonym } from '@lianyi/domain';
import { type ReadScope } from '../scope';

/**
 * What a patient says of emergencies; nothing of who has said nothing. Whose death is recorded has none: nobody is left who could be treated, and
 * nobody who could see it or refuse.
 */
export async function emergencyChoiceOf(
  { deaths, emergencyChoices }: ReadScope['ledger'],
  pseudonym: Pseudonym,
): Promise<EmergencyStance | undefined> {
  const [death, chosen] = await Promise.all([deaths.find(pseudonym), emergencyChoices.find(pseudonym)]);
  return isDead(death) ? { stance: 'refused' } : chosen?.choice;
}
