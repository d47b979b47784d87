import { memberOperations, type PreparedRecord } from '@lianyi/client';
import { transactions } from '@lianyi/domain';
import { laboratoryReport, PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario, type StaffMember } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

/** So many at once that one is always under way. */
const AT_ONCE = 6;
const TRIES = 5;

/** Somebody of B sends A's node what A has prepared, again and again. @returns how each ended */
function stream(scenario: Scenario, { sign }: StaffMember, { input }: PreparedRecord): { stop(): Promise<void>; readonly ends: string[] } {
  const [node, ends] = [scenario.client(scenario.a), [] as string[]];
  let isOver = false;
  const again = async (): Promise<void> => {
    while (!isOver) {
      const proof = await sign(transactions.AnchorRecord, input);
      const body = { transaction: 'AnchorRecord', input, proof } as const;
      ends.push(await outcomeOf(node.api.ask(memberOperations.PublishRecord, { body })).catch(String));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const all = Array.from({ length: AT_ONCE }, again);
  return {
    ends,
    stop: async () => {
      isOver = true;
      await Promise.all(all);
    },
  };
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r13-3');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const { client, sign } = staff.labA;
    const document = { network: scenario.network, pseudonym: known.pseudonym, ...known.newRecordId(), bytes: laboratoryReport };
    const sending = stream(scenario, staff.cardiologistB, await client.prepareRecord(document, sign));
    const other = { ...document, bytes: Buffer.concat([laboratoryReport, Buffer.from('\n')]) };
    const outcomes: string[] = [];
    try {
      while (sending.ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      for (let tried = 0; tried < TRIES; tried += 1) outcomes.push(await outcomeOf(client.prepareRecord(other, sign)));
    } finally {
      await sending.stop();
    }
    return {
      succeeded: outcomes.every((outcome) => outcome === 'PREPARATION_IN_USE'),
      seen: `${sending.ends.length} publications by another member, ${String(sending.ends[0])}; another document for the record: ${outcomes.join(', ')}`,
    };
  } finally {
    await scenario.stop();
  }
}

/** What A prepared is seen by those who endorse it, and by all if it is not valid. */
export const publicationOfOthers: Attack = {
  id: 'R13-3',
  title: 'Another member keeps a record of the hospital’s in use by publishing what the hospital prepared',
  defences: [{ file: 'application/member-node/src/http/record-routes.ts', name: 'assertOwnPublisher', body: 'return proof;' }],
  networks: ['embedded'],
  run,
};
