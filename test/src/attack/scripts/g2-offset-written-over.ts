import { type Attack, type AttackOutcome } from '../attack';
import { HospitalInMemory } from '../hospital-in-memory';
import { MemberInMemory } from '../group-in-memory';

/** A's administrator lets somebody of a team work at night. Those who endorse it write the zone's offset twelve hours elsewhere: by day. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const member = new MemberInMemory(hospital);
    await hospital.add(member.registered());
    if (hospital.alarms.length > 0) throw new Error(`the hospital’s own word does not count: ${hospital.alarms.join()}`);
    const offsets = member.duty.offsets.map((offset) => ({ ...offset, minutes: offset.minutes - 720 }));
    await hospital.add(member.joined({ ...member.duty, offsets }));
    const isBelieved = await member.isBelieved();
    return { succeeded: isBelieved, seen: isBelieved ? 'who works at night reads by day' : `alarms: ${hospital.alarms.join()}` };
  } finally {
    await hospital.close();
  }
}

export const offsetWrittenOver: Attack = {
  id: 'G2',
  title: 'who endorses a turn of a hospital writes another offset of its zone, so that the turn is at another hour',
  defences: [{ file: 'application/ledger-client/src/evidence/whole-entry.ts', name: 'isWrittenAsSaid', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
