import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { forgedDevice, newMeter, publishAndRead } from '../devices';
import { commitForged } from '../forged-transaction';

/** Hospitals B and C write with their peers' keys a meter of A whose key is theirs, and A's laboratory is given what it has signed. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-d1');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const meter = newMeter(known);
    const code = await commitForged(scenario, [scenario.b, scenario.c], forgedDevice(known.custodian, meter.identity));
    if (code !== 0) throw new Error(`the forged device was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    return await publishAndRead(known, staff, meter);
  } finally {
    await scenario.stop();
  }
}

export const deviceNobodyAttested: Attack = {
  id: 'D1',
  title: 'two hospitals write a device of the third one, whose documents are believed to be its',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/written-device.ts',
      name: 'deviceFacts',
      body: [
        'const [mspId, deviceId] = [mspIdSchema.parse(msp), deviceIdSchema.parse(id)];',
        'const said = attempt(() => deviceSchema.parse(JSON.parse(Buffer.from(value).toString())));',
        "return [{ kind: 'device', mspId, deviceId, said, isProven: true }];",
      ].join(' '),
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
