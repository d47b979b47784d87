import { newRequest, transactions } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { forgedDevice, newMeter, publishAndRead } from '../devices';
import { commitForged } from '../forged-transaction';

/** A meter of A was stolen, and A has revoked it. Hospitals B and C write it as in use again, and A's laboratory is given what it signs now. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-d2');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const meter = newMeter(known);
    const administrator = await scenario.ledger(scenario.a, 'Admin');
    const { deviceId } = meter.identity;
    await administrator.submit(newRequest(transactions.AttestDevice, meter.identity));
    await administrator.submit(newRequest(transactions.RevokeDevice, { deviceId, reason: 'lost' }));
    const code = await commitForged(scenario, [scenario.b, scenario.c], forgedDevice(known.custodian, meter.identity));
    if (code !== 0) throw new Error(`the forged device was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    return await publishAndRead(known, staff, meter);
  } finally {
    await scenario.stop();
  }
}

const file = 'application/member-node/src/device-witness.ts';

export const revokedDeviceBack: Attack = {
  id: 'D2',
  title: 'two hospitals bring back a device that the third one has revoked, and its thief’s documents are believed',
  defences: [
    { file, name: 'DeviceWitness.assertMayAuthor', body: 'return Promise.resolve(void [mspId, deviceId, pseudonym]);' },
    // what the own peer has by then
    {
      file,
      name: 'DeviceWitness.entryOf',
      body: "const { revoked, ...said } = (await this.#shown(mspId, deviceId)).said; return { ...said, state: 'active' };",
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
