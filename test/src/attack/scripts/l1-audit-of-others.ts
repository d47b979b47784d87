import { transactions } from '@lianyi/domain';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { newId, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const QUESTIONS = 10;

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-l1');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    for (let count = 0; count < QUESTIONS; count += 1) await known.ask(staff.cardiologistB, { recordIds: [newId()] });
    const { items } = await known.seeOwn(transactions.ListForPatient, { pseudonym: known.pseudonym, limit: 100 });
    const lines = items.filter(({ event }) => event === 'AccessDenied').length;
    return {
      succeeded: lines === QUESTIONS,
      seen: `${QUESTIONS} questions about invented records left ${lines} lines in the patient’s audit`,
    };
  } finally {
    await scenario.stop();
  }
}

/** Anybody's staff fills the audit of a patient they know nothing of. */
export const auditOfOthers: Attack = {
  id: 'L1',
  title: 'Staff of any member grow the audit of any patient',
  defences: [{ file: 'chaincode/src/use-cases/access/commit-ticket.ts', name: 'concernsThePatient', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
