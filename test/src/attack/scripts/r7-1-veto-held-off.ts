import { newSalt } from '@lianyi/client';
import {
  capacityCommitment,
  encodeBase64url,
  type EvidenceOf,
  pseudonymSchema,
  type Request,
  saltSchema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario, type StaffMember } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { vouchedFor } from '../vouched-for';

const { ConfirmDeath, DisputeDeath, GetRecovery, ProposeDeath, RevokeDeath, VetoRecovery } = transactions;

function evidenceOf(known: PatientCase, of: EvidenceOf) {
  const evidence = { shown: 'a paper', salt: saltSchema.parse(encodeBase64url(newSalt())) };
  return capacityCommitment(of, pseudonymSchema.parse(known.pseudonym), evidence);
}

async function asStaff<Entry extends TransactionEntry>(
  scenario: Scenario,
  who: StaffMember,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
): Promise<void> {
  await scenario.catchUp(who.hospital);
  await carry(who.client, entry, input, { sign: who.sign });
}

/**
 * While the patient may still refuse a recovery, two registrars record the patient’s death: no veto is taken from then on. Two others take that
 * back in good faith. What is left of the recovery needs nothing but the end of its cooling-off.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r7-1');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const thief = await vouchedFor(scenario, known);
    const [colleagueA, registrarC] = [await scenario.hire(scenario.a, 'registrar'), await scenario.hire(scenario.c, 'registrar')];
    const [dead, alive] = (['death', 'life'] as const).map((of) => ({ pseudonym: known.pseudonym, evidence: evidenceOf(known, of) }));
    if (dead === undefined || alive === undefined) throw new Error('there are two');
    await asStaff(scenario, staff.registrarA, ProposeDeath, dead);
    await asStaff(scenario, staff.registrarB, ConfirmDeath, dead);
    await scenario.catchUp(scenario.a);
    const veto = await outcomeOf(known.attempt(VetoRecovery, thief.key));
    await asStaff(scenario, colleagueA, DisputeDeath, alive);
    await asStaff(scenario, registrarC, RevokeDeath, alive);
    const { state } = await known.see(GetRecovery, thief.key);
    await scenario.catchUp(scenario.a);
    const { alarms } = await scenario.client(scenario.a).health();
    const isOpen = state === 'coolingOff' && veto !== 'ok' && alarms.length === 0;
    return { succeeded: isOpen, seen: `the patient’s veto: ${veto}; the recovery is ${state}; ${alarms.length} alarms at A` };
  } finally {
    await scenario.stop();
  }
}

export const vetoHeldOff: Attack = {
  id: 'R7-1',
  title: 'two registrars record a death for as long as the patient could have refused a thief’s recovery',
  defences: [
    { file: 'chaincode/src/use-cases/recovery/open-case.ts', name: 'closeCasesOfDead', body: 'return Promise.resolve();' },
    { file: 'application/ledger-client/src/evidence/recovery-after.ts', name: 'afterDeath', body: 'return undefined;' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
