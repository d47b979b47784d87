import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { dealPin, type PinHolder } from '@lianyi/client/pins';
import { instantOf, type MspId, mspIdSchema, type NetworkIdentity, type Pin, type Pseudonym, sha256, transactions } from '@lianyi/domain';
import { storePin } from '@lianyi/domain/deciding';

/** Two hospitals that hold a patient's PIN, and what the ledger has of it. */

export const pinHospitals = ['HospitalAMSP', 'HospitalBMSP'].map((name) => mspIdSchema.parse(name));
export const PIN = '271828';

export interface PinInMemory {
  readonly code: string;
  readonly input: ReturnType<typeof transactions.StorePin.request.parse>;
  readonly entry: Pin;
  readonly keys: ReadonlyMap<MspId, PrivateKey>;
  readonly registered: (mspId: MspId) => PinHolder['encapsulationKeys'] | undefined;
}

export async function pinInMemory(network: NetworkIdentity, pseudonym: Pseudonym, nowMillis: number): Promise<PinInMemory> {
  const keys = new Map(pinHospitals.map((mspId) => [mspId, newPrivateKey()]));
  const registered = (mspId: MspId): PinHolder['encapsulationKeys'] | undefined => {
    const key = keys.get(mspId);
    return key && [{ epoch: 1, publicKey: publicKeyOf(key) }];
  };
  const holders = pinHospitals.map((mspId) => ({ mspId, encapsulationKeys: registered(mspId) ?? [] }));
  const dealt = await dealPin(network, { pseudonym, seed: new Uint8Array(32).fill(9), pin: PIN }, holders);
  const input = transactions.StorePin.request.parse(dealt.input);
  const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } } as const;
  return { code: dealt.code, input, entry: storePin(input, network, instantOf(nowMillis), origin), keys, registered };
}
