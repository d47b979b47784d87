import { laboratoryReport, PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m11');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const ids = known.newRecordId();
    const { client, sign } = staff.labA;
    const wrong = Buffer.concat([laboratoryReport, Buffer.from('\n')]);
    await client.prepareRecord({ network: scenario.network, pseudonym: known.pseudonym, ...ids, bytes: wrong }, sign);
    const outcome = await outcomeOf(known.publish(laboratoryReport, ids));
    return { succeeded: outcome !== 'ok', seen: `the right document of a record for which a wrong one was prepared: ${outcome}` };
  } finally {
    await scenario.stop();
  }
}

/** Somebody with a role that prepares, or a vault that changes its key, leaves a preparation that nobody can publish. */
export const stuckPreparation: Attack = {
  id: 'M11',
  title: 'A preparation that is not published blocks its record for ever',
  defences: [
    {
      file: 'application/member-node/src/services/record-service.ts',
      name: 'RecordService.#assertReplaceable',
      body: "if (existing !== undefined) throw new DomainError('ALREADY_EXISTS');",
    },
  ],
  networks: ['embedded'],
  run,
};
