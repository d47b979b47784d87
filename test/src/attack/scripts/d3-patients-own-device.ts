import { newPrivateKey } from '@lianyi/client';
import { identifyDevice } from '@lianyi/client/devices';
import { mspIdSchema, type Pseudonym, pseudonymSchema, transactions } from '@lianyi/domain';
import { DeviceWitness } from '@lianyi/member-node/testing';
import { newId } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { forgedDevice } from '../devices';
import { HospitalInMemory } from '../hospital-in-memory';
import { refusedWith } from '../staff';

/** A has attested a meter for one patient alone. B and C write it as one of the house, so that it authors for a neighbour. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const mspId = mspIdSchema.parse(hospital.member('a').mspId);
    const home = { mspId, network: hospital.network };
    const identity = identifyDevice(newPrivateKey(), home, { model: 'glucose-meter', pseudonym: hospital.pseudonym });
    const { deviceId } = identity;
    await hospital.add(
      hospital.call(transactions.AttestDevice, identity, forgedDevice(mspId, identity, hospital.administratorOf('a')), {
        creator: hospital.member('a').admin,
      }),
    );
    if (hospital.alarms.length > 0) throw new Error(`the attestation is not the hospital’s word: ${hospital.alarms.join()}`);
    const { pseudonym: _own, ...house } = identity;
    await hospital.add(hospital.call(transactions.CloseTicket, {}, forgedDevice(mspId, house), { creator: hospital.member('b').client }));
    const witness = new DeviceWitness(hospital.index, { newest: () => Promise.resolve(0n) });
    const authorsFor = (pseudonym: Pseudonym): Promise<string | undefined> =>
      refusedWith(witness.assertMayAuthor({ mspId, deviceId, pseudonym }));
    const code = await authorsFor(pseudonymSchema.parse(newId()));
    return { succeeded: code === undefined, seen: code === undefined ? 'it authors for a neighbour' : `it authors nothing: ${code}` };
  } finally {
    await hospital.close();
  }
}

/** What is written, taken for what its organisation says. */
const believing = [
  'const said = attempt(() => deviceSchema.parse(JSON.parse(Buffer.from(value).toString())));',
  "return [{ kind: 'device', mspId: mspIdSchema.parse(msp), deviceId: deviceIdSchema.parse(id), said, isProven: true }];",
].join(' ');

export const patientsOwnDevice: Attack = {
  id: 'D3',
  title: 'two hospitals write a device of one patient of the third one as one of the house, and it authors for another patient',
  defences: [{ file: 'application/ledger-client/src/evidence/written-device.ts', name: 'deviceFacts', body: believing }],
  networks: ['embedded'],
  run,
};
