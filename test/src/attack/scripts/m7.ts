import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { newRegistration, newTicketId } from '../../scenario/owned-ids';
import { laboratoryReport, PatientCase } from '../../scenario/patient-case';
import { hireRoster, type Roster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';

const CARRIED = 'carried';

/** B endorses A's registration, so it reads all of it before it is ordered, and has its own registrar send the same. */
async function squatPseudonym({ a }: Scenario, { registrarA, registrarB }: Roster): Promise<{ squatter: string; owner: string }> {
  const seen = newRegistration(a.member.mspId, hashOfKey(publicKeyOf(newPrivateKey())));
  const register = async ({ client, sign }: Roster['registrarA']): Promise<string> =>
    (await refusedWith(carry(client, transactions.RegisterPatient, seen, { sign }))) ?? CARRIED;
  return { squatter: await register(registrarB), owner: await register(registrarA) };
}

/** Somebody of C asks under the id of the ticket that B's cardiologist is about to ask for. */
async function squatTicket(known: PatientCase, staff: Roster, recordId: string): Promise<{ squatter: string; owner: string }> {
  const ticket = newTicketId(staff.cardiologistB);
  const ask = async (person: Roster['clinicianC']): Promise<string> =>
    (await refusedWith(known.ask(person, { recordIds: [recordId], ticket }))) ?? CARRIED;
  return { squatter: await ask(staff.clinicianC), owner: await ask(staff.cardiologistB) };
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m7');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const recordId = await known.publish(laboratoryReport);
    const seen = { pseudonym: await squatPseudonym(scenario, staff), ticket: await squatTicket(known, staff, recordId) };
    return { succeeded: Object.values(seen).some(({ owner }) => owner !== CARRIED), seen: JSON.stringify(seen) };
  } finally {
    await scenario.stop();
  }
}

export const m7: Attack = {
  id: 'M7',
  title: 'take a pseudonym or a ticket id that is seen in a proposal, before its owner’s transaction is ordered',
  defences: [{ file: 'domain/src/owned-ids.ts', name: 'assertOwnId', body: '' }],
  networks: ['embedded'],
  run,
};
