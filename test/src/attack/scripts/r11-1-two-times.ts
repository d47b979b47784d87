import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { recoveryWarning } from '@lianyi/client/node';
import { pseudonymSchema, transactions } from '@lianyi/domain';
import { newTicketId } from '../../scenario/owned-ids';
import { PatientCase } from '../../scenario/patient-case';
import { submitAt } from '../../scenario/proposal-at';
import { hireRoster } from '../../scenario/roster';
import { Scenario, type StaffMember } from '../../scenario/scenario';
import { stated } from '../../support/channel-header';
import { type Attack, type AttackOutcome } from '../attack';
import { vouchedFor } from '../vouched-for';

const { RequestAccess } = transactions;

/** B's own client asks for a record; its proposal says the time in two pieces: peers join them, and Fabric's shim for JavaScript takes the last. */
async function askedAtTwoTimes(scenario: Scenario, who: StaffMember, about: { pseudonym: string; recordId: string }): Promise<string> {
  const input = {
    ...{ ...newTicketId(who), pseudonym: pseudonymSchema.parse(about.pseudonym), recordIds: [about.recordId], purpose: 'TREAT' as const },
    ...{ department: who.department, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
  };
  const proof = await who.sign(RequestAccess, input);
  await scenario.catchUp(scenario.b);
  const seconds = Math.floor(Date.now() / 1_000);
  const call = { entry: RequestAccess, input, proof, atMillis: seconds * 1_000, inPieces: [stated(0, 999_000_000), stated(seconds)] };
  return submitAt(await scenario.session(scenario.b), scenario.network, call);
}

/** The patient of A has lost everything, and two guardians have vouched. One denied question of B, and A follows their recovery no more. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r11-1');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const { pseudonym } = known;
    const { key } = await vouchedFor(scenario, known);
    const client = scenario.client(scenario.a);
    const before = await recoveryWarning(client, key, { isOfHospital: true });
    if (before !== undefined) throw new Error(`A does not follow the recovery: ${before}`);
    const end = await askedAtTwoTimes(scenario, staff.cardiologistB, { pseudonym, recordId });
    await scenario.catchUp(scenario.a);
    const warning = await recoveryWarning(client, key, { isOfHospital: true });
    const { alarms } = await client.health();
    return {
      succeeded: warning !== undefined && alarms.length > 0,
      seen: `B’s question: ${end}; A follows the recovery ${warning === undefined ? 'as it stands' : `no more: ${warning}`}; ${alarms.length} alarms`,
    };
  } finally {
    await scenario.stop();
  }
}

export const twoTimes: Attack = {
  id: 'R11-1',
  title: 'one hospital ends the recovery of another’s patient by a time that chaincode and index read differently',
  defences: [
    {
      file: 'chaincode/src/dispatch/proposal-header.ts',
      name: 'proposalMilliseconds',
      body: 'const { seconds, nanos } = stub.getTxTimestamp(); return seconds.toNumber() * 1_000 + Math.floor(nanos / 1_000_000);',
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
