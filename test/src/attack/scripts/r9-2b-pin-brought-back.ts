import { guessPin } from '@lianyi/client/pins';
import { instantOf, type Ledger, type MspId, type SignedRequest, transactions } from '@lianyi/domain';
import { tryPin } from '@lianyi/domain/deciding';
import { PinAnswers } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { HospitalInMemory } from '../hospital-in-memory';
import { PIN, pinHospitals, pinInMemory } from '../dealt-pin';
import { refusedWith } from '../staff';

/** A patient has taken their PIN back; a majority writes its entry anew, and somebody has the paper and knows the PIN. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const { pseudonym, network } = hospital;
    const pin = await pinInMemory(network, pseudonym, hospital.now);
    const written = { [ledgerKey('pin', pin.entry.pinId)]: '{}' };
    await hospital.add(hospital.command(transactions.StorePin, pin.input, written));
    await hospital.add(hospital.command(transactions.RemovePin, { pseudonym }, written));
    let { entry } = pin;
    const ledger = {
      evaluate: () => Promise.resolve(entry),
      submit: async ({ input, proof }: SignedRequest<typeof transactions.TryPin>) => {
        const by = { kind: 'pin', pinId: entry.pinId, keyHash: entry.finderKeyHash, carrierMspId: pinHospitals[0] as MspId } as const;
        entry = tryPin(entry, transactions.TryPin.request.parse(input), by, hospital.at());
        const told = hospital.auditLine('PinTried', { kind: 'pin', pinId: entry.pinId });
        await hospital.add(hospital.call(transactions.TryPin, input, { ...written, ...told }, proof === undefined ? {} : { proof }));
        return { result: { left: 9 } };
      },
    } as unknown as Ledger; // the two transactions of a guess
    const answerOf = (mspId: MspId) => {
      const privateKey = pin.keys.get(mspId);
      if (privateKey === undefined) throw new Error('no holder');
      return new PinAnswers({
        ...{ mspId, network, organisationKeyEpoch: 1, privateKey },
        followed: (pinId) => hospital.index.pin(pinId),
        stored: () => Promise.resolve(entry),
        encapsulationKeys: (holder) => Promise.resolve(pin.registered(holder)),
        waitFor: (look) => look(),
        now: () => instantOf(hospital.now),
      }).answer({ pinId: entry.pinId, attempt: entry.attempts });
    };
    const ask = async () => ({
      answers: await Promise.all(pinHospitals.map(async (mspId) => ({ mspId, part: await answerOf(mspId) }))),
      silent: [],
    });
    const guess = guessPin({ pin: PIN, code: pin.code }, { network, ledger, node: { ask } as never, now: () => hospital.at() });
    const refused = await refusedWith(guess);
    return {
      succeeded: refused === undefined,
      seen: refused === undefined ? 'the seed of the wallet came back' : `refused with ${refused}`,
    };
  } finally {
    await hospital.close();
  }
}

export const pinBroughtBack: Attack = {
  id: 'R9-2b',
  title: 'a majority writes the entry of a PIN anew that the patient has taken back, and hospitals answer guesses at it',
  defences: [{ file: 'application/ledger-client/src/evidence/written-pin.ts', name: 'removedIn', body: 'return [];' }],
  networks: ['embedded'],
  run,
};
