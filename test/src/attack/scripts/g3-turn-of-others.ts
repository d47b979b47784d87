import { type Attack, type AttackOutcome } from '../attack';
import { HospitalInMemory } from '../hospital-in-memory';
import { MemberInMemory } from '../group-in-memory';

/** Somebody of A's team works at night. Hospitals B and C write the membership without a turn: always on duty. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const member = new MemberInMemory(hospital);
    await hospital.add(member.registered());
    await hospital.add(member.joined());
    if (hospital.alarms.length > 0) throw new Error(`the hospital’s own word does not count: ${hospital.alarms.join()}`);
    await hospital.add(member.writtenOver('always'));
    const isBelieved = await member.isBelieved();
    return { succeeded: isBelieved, seen: isBelieved ? 'who works at night reads at any hour' : `alarms: ${hospital.alarms.join()}` };
  } finally {
    await hospital.close();
  }
}

export const turnOfOthers: Attack = {
  id: 'G3',
  title: 'two hospitals take the turn of somebody of the third one away, who then is always on duty',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/written-staff.ts',
      name: 'staffFacts',
      body: [
        'const said = attempt(() => staffSchema.parse(JSON.parse(Buffer.from(value).toString())));',
        "return [{ kind: 'staff', mspId: mspIdSchema.parse(msp), actorTag: actorTagSchema.parse(tag), said, isProven: said !== undefined }];",
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
