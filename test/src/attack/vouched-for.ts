import { transactions } from '@lianyi/domain';
import { carry } from '../scenario/carry';
import { Guardian, Returning } from '../scenario/guardian';
import { type PatientCase } from '../scenario/patient-case';
import { type Scenario } from '../scenario/scenario';

const { ApproveRecovery, OpenRecovery, SetGuardians } = transactions;
const COOLING_OFF_MINUTES = 60;

/** Two guardians vouch for somebody who has a key of their own. */
export async function vouchedFor(scenario: Scenario, known: PatientCase): Promise<Returning> {
  const guardians = [new Guardian(scenario.network), new Guardian(scenario.network)] as const;
  const { pseudonym } = known;
  const named = { threshold: 2, coolingOffMinutes: COOLING_OFF_MINUTES, guardians: guardians.map(({ keyHash }) => keyHash) };
  await known.command(SetGuardians, { pseudonym, ...named }, 'GuardiansChanged');
  const thief = new Returning(scenario.network, pseudonym);
  const client = scenario.client(scenario.a);
  await carry(client, OpenRecovery, thief.draft, { sign: guardians[0].for(pseudonym) });
  await carry(client, ApproveRecovery, thief.key, { sign: guardians[1].for(pseudonym) });
  return thief;
}
