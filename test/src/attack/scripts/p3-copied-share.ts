import { newPrivateKey, publicKeyOf, signText } from '@lianyi/client';
import { isPartOfPin, signPinCommand } from '@lianyi/client/pins';
import { hashOfKey, mspIdSchema, pinIdOf, transactions } from '@lianyi/domain';
import { pinKeyText, storePin } from '@lianyi/domain/deciding';
import { blindInput } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { PinInMemory } from '../pin-in-memory';
import { refusedWith } from '../staff';

const { StorePin, TryPin } = transactions;

/** Somebody puts the shares of a patient's PIN into an entry of their own, at which they may guess as often as they make another. */
async function run(): Promise<AttackOutcome> {
  const pin = await PinInMemory.start();
  const { hospital } = pin;
  try {
    const [finderKey, openKey] = [newPrivateKey(), newPrivateKey()];
    const pinId = pinIdOf(hashOfKey(publicKeyOf(finderKey)));
    const possession = signText(finderKey, pinKeyText(hospital.network, { pinId, pseudonym: hospital.pseudonym }));
    const own = { pinId, finderKey: publicKeyOf(finderKey), possession, openKeyHash: hashOfKey(publicKeyOf(openKey)) };
    const input = StorePin.request.parse({ ...pin.dealt.input, ...own });
    await hospital.add(hospital.command(StorePin, input, { [ledgerKey('pin', pinId)]: '{}' }));
    const { blinded } = blindInput(new TextEncoder().encode('whatever'));
    const guess = { pinId, attempt: 1, blinded };
    const signer = { network: hospital.network, pinId, privateKey: finderKey };
    const proof = signPinCommand(signer, { transaction: TryPin, input: guess }, hospital.at());
    await hospital.add(pin.call({ entry: TryPin, input: guess, proof }));
    const mspId = mspIdSchema.parse(hospital.member('a').mspId);
    const copy = storePin(input, hospital.network, hospital.at(), pin.state.origin);
    const answering = pin.answersOf(mspId, (id) => hospital.index.pin(id), copy).answer({ pinId, attempt: 1 });
    const code = await refusedWith(answering);
    if (code !== undefined) return { succeeded: false, seen: `A does not answer: ${code}` };
    const isTheirs = pin.state.vault !== undefined && isPartOfPin(pin.state.vault, { mspId, part: await answering }, blinded);
    return { succeeded: isTheirs, seen: isTheirs ? 'A has evaluated the patient’s function for another entry' : 'A has evaluated another' };
  } finally {
    await hospital.close();
  }
}

export const copiedShare: Attack = {
  id: 'P3',
  title: 'shares of a PIN are copied into another entry, at which somebody else may guess',
  defences: [
    {
      file: 'application/client/src/pin/pin-shares.ts',
      name: 'pinShareContext',
      body: "return { t: 'lianyi/pin-share/v1', channel, genesis, to: of.to, organisationKeyEpoch: of.organisationKeyEpoch };",
    },
  ],
  networks: ['embedded'],
  run,
};
