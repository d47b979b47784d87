import { transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const relationship = 'domain/src/relationship/relationship.ts';

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m13');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    const key = { pseudonym: known.pseudonym, mspId: known.custodian };
    const { client, sign } = staff.registrarA;
    const suspended = await outcomeOf(carry(client, transactions.SuspendRelationship, key, { sign }));
    const ended = await outcomeOf(carry(client, transactions.TerminateRelationship, key, { sign }));
    const { answer } = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const seen = `suspended: ${suspended}; ended: ${ended}; a reader whom the patient lets read: ${answer.decision}`;
    return { succeeded: ended === 'ok' && answer.decision === 'deny', seen };
  } finally {
    await scenario.stop();
  }
}

/** One registrar ends a relationship, and with it all reading, whatever the patient grants. */
export const oneRegistrarEndsAccess: Attack = {
  id: 'M13',
  title: 'One registrar, alone, makes the records of a patient unreadable for ever',
  defences: [
    { file: relationship, name: 'assertSecondPerson', body: '' },
    {
      file: relationship,
      name: 'readingExtent',
      body: "return relationship?.state === 'active' ? 'granted-and-default' : 'nothing';",
    },
  ],
  networks: ['embedded'],
  run,
};
