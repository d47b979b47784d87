import { pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { storePin } from '@lianyi/domain/deciding';
import { type Attack, type AttackOutcome } from '../attack';
import { pinInMemory } from '../dealt-pin';
import { ledgerKey } from '../forged-transaction';
import { HospitalInMemory } from '../hospital-in-memory';
import { refusedWith } from '../staff';

const { StorePin } = transactions;

/**
 * B endorses what keeps the PIN of a patient of A, so it reads id and key of the code before they are ordered; it keeps its endorsement back,
 * and has a patient of its own keep a PIN under them first.
 */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const { pseudonym, network } = hospital;
    const { input, entry } = await pinInMemory(network, pseudonym, hospital.now);
    const squatter = pseudonymSchema.parse('p-of-b');
    const seen = { ...input, pseudonym: squatter };
    const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym: squatter } } as const;
    const chaincode = await refusedWith(Promise.resolve().then(() => storePin(seen, network, hospital.at(), origin)));
    const written = { [ledgerKey('pin', entry.pinId)]: '{}' };
    await hospital.add(hospital.call(StorePin, seen, written));
    await hospital.add(hospital.command(StorePin, input, written));
    const isTheirs = (await hospital.index.pin(entry.pinId))?.pseudonym === pseudonym;
    return {
      succeeded: chaincode === undefined && !isTheirs,
      seen: `the chaincode answers B’s patient ${chaincode ?? 'that it is theirs'}; at A it is ${isTheirs ? 'the patient’s' : 'not the patient’s'}`,
    };
  } finally {
    await hospital.close();
  }
}

export const pinOfAnother: Attack = {
  id: 'R11-4',
  title: 'take the id of a PIN that is seen in a proposal for a patient of one’s own, before the owner’s transaction is ordered',
  defences: [{ file: 'domain/src/pin/pin.ts', name: 'assertFoundBy', body: '' }],
  networks: ['embedded'],
  run,
};
