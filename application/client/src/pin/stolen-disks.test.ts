import { decodeBase64url, hashOfKey, mspIdSchema, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { blindInput, evaluatePart, finishEvaluation } from '@lianyi/domain/oblivious';
import { type PrivateKey } from '../crypto/private-key';
import { openMessage } from '../matching/sealed-message';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { dealPin, type DealtPin } from './deal-pin';
import { newRecoveryCode, OpenedPin, pinInput, recoveryCodeBytes } from './pin-secret';
import { pinShareContext, publicShareOfPin } from './pin-shares';

const network = { channel: 'records', chaincode: 'emr', genesis: sha256('genesis') };
const hospitals = ['AMSP', 'BMSP', 'CMSP'].map((name) => mspIdSchema.parse(name));
const seed = new Uint8Array(32).fill(9);
const RIGHT = '271828';
/** PINs that a thief tries, the right one among them. */
const pins = [...Array.from({ length: 12 }, (_unused, index) => String(100_000 + 1_700 * index)), RIGHT];

interface Stolen {
  readonly place: number;
  readonly share: Uint8Array;
}

/** A PIN, and what is on each hospital's disk of it: the key to which its share is sealed. */
async function dealt(): Promise<{ readonly pin: DealtPin; readonly disks: readonly Stolen[] }> {
  const keys = new Map<string, PrivateKey>(hospitals.map((mspId) => [mspId, newPrivateKey()]));
  const keyOf = (mspId: string): PrivateKey => keys.get(mspId) ?? newPrivateKey();
  const holders = hospitals.map((mspId) => ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(keyOf(mspId)) }] }));
  const pin = await dealPin(network, { pseudonym: pseudonymSchema.parse('p-1'), seed, pin: RIGHT }, holders);
  const { pinId } = transactions.StorePin.request.parse(pin.input);
  const disks: Stolen[] = [];
  for (const [index, to] of hospitals.entries()) {
    const context = pinShareContext(network, { pinId, termsSha256: pin.termsSha256, to, organisationKeyEpoch: 1 });
    const sealed = decodeBase64url(pin.input.shares[index]?.sealed ?? '') ?? new Uint8Array();
    disks.push({ place: index + 1, share: await openMessage(sealed, keyOf(to), context) });
  }
  return { pin, disks };
}

/** Which PINs the disks, the ledger's entry and a code open: all that somebody can try who has them. */
function opened({ input }: DealtPin, disks: readonly Stolen[], code: string): readonly string[] {
  const vault = transactions.StorePin.request.parse(input);
  return pins.filter((pin) => {
    const text = pinInput(pin, vault);
    const blinded = blindInput(text);
    const parts = disks.map(({ place, share }) => {
      const publicShare = publicShareOfPin(vault, vault.holders[place - 1] ?? mspIdSchema.parse('nobody'));
      const part = publicShare === undefined ? undefined : evaluatePart(share, publicShare, [blinded.blinded]);
      return { place, evaluated: part?.evaluated[0] ?? blinded.blinded };
    });
    const tried = new OpenedPin(finishEvaluation(text, blinded, parts), recoveryCodeBytes(code));
    return hashOfKey(publicKeyOf(tried.openKey)) === vault.openKeyHash || tried.open(vault.sealed) !== undefined;
  });
}

describe('whoever has stolen the disks of hospitals, and the paper', () => {
  it('tells no PIN from the right one with fewer disks than it takes, and finds it with as many', async () => {
    const { pin, disks } = await dealt();
    for (const disk of disks) expect(opened(pin, [disk], pin.code)).toEqual([]);
    expect(opened(pin, disks.slice(1), pin.code)).toEqual([RIGHT]);
  });

  it('finds nothing with all disks and without the paper', async () => {
    const { pin, disks } = await dealt();
    expect(opened(pin, disks, newRecoveryCode().code)).toEqual([]);
  });

  it('finds nothing with another PIN’s disks: each has a key of its own', async () => {
    const [{ pin }, other] = [await dealt(), await dealt()];
    expect(opened(pin, other.disks, pin.code)).toEqual([]);
  });
});
