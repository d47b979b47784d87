import { primitives } from '#crypto';
import {
  blindInput,
  commitmentsOf,
  evaluatePart,
  finishEvaluation,
  type Polynomial,
  polynomialFrom,
  shareFor,
} from '@lianyi/domain/oblivious';
import { hashOfPinTerms, pinKeyText } from '@lianyi/domain/deciding';
import {
  DomainError,
  encodeBase64url,
  hashOfKey,
  type MspId,
  type NetworkIdentity,
  type Organisation,
  type PinVault,
  type Pseudonym,
  type Request,
  type Sha256,
  type transactions,
} from '@lianyi/domain';
import { newestKeyOf } from '../matching/duplicate-note';
import { sealMessage } from '../matching/sealed-message';
import { publicKeyOf, signText } from '../signing/p256';
import { assertPin, newRecoveryCode, OpenedPin, pinInput, placeOfPin, termsMacOf } from './pin-secret';
import { pinShareContext, publicShareOfPin } from './pin-shares';

const SEED_BYTES = 32;

/** A hospital that is to hold a share. */
export type PinHolder = Pick<Organisation, 'mspId' | 'encapsulationKeys'>;

/** A PIN that was dealt: what goes to the ledger, and the code for whoever is to come back. */
export interface DealtPin {
  /** For paper. Not to be kept with the PIN. */
  readonly code: string;
  readonly input: Request<typeof transactions.StorePin>;
  readonly termsSha256: Sha256;
}

/**
 * Deals a PIN: makes a function key for it alone, gives each holder a share, and seals the wallet's seed under what the function makes of the PIN.
 *
 * The key is the patient's to deal, who knows the PIN anyway, and it is of this one PIN: whoever has guesses at another one, at their own as well, learns
 * nothing about this. It is forgotten with this call.
 * @param threshold - so many holders answer; left out: the fewest that are more than half
 * @throws {@link DomainError} `PIN_INVALID`; `INVALID_REQUEST` — fewer than two holders, or a threshold that is not more than half
 */
export async function dealPin(
  network: NetworkIdentity,
  of: { readonly pseudonym: Pseudonym; readonly seed: Uint8Array; readonly pin: string },
  holders: readonly PinHolder[],
  threshold = Math.floor(holders.length / 2) + 1,
): Promise<DealtPin> {
  assertPin(of.pin);
  const isPossible = holders.length >= 2 && threshold <= holders.length && threshold * 2 > holders.length;
  if (!isPossible) throw new DomainError('INVALID_REQUEST', undefined, { path: 'threshold', problem: 'not more than half, or too many' });
  const { code, bytes } = newRecoveryCode();
  const { pinId, finderKey } = placeOfPin(bytes, network.genesis);
  const polynomial = polynomialFrom(primitives.randomBytes(SEED_BYTES), threshold);
  const dealt = { holders: holders.map(({ mspId }) => mspId), threshold, commitments: [...commitmentsOf(polynomial)] };
  const keys = holders.map((holder) => ({ mspId: holder.mspId, ...newestKeyOf(holder) }));
  const opened = new OpenedPin(outputOf(pinInput(of.pin, { pinId }), polynomial, dealt), bytes);
  const openKeyHash = hashOfKey(publicKeyOf(opened.openKey));
  const terms = { pinId, pseudonym: of.pseudonym, openKeyHash, ...dealt, sealed: opened.seal(of.seed) };
  const shareKeys = keys.map(({ mspId, epoch, publicKey }) => ({ mspId, organisationKeyEpoch: epoch, keyHash: hashOfKey(publicKey) }));
  const termsSha256 = hashOfPinTerms({ ...terms, shares: shareKeys });
  const shares: PinVault['shares'] = [];
  for (const [index, { mspId, epoch, publicKey }] of keys.entries()) {
    const context = pinShareContext(network, { pinId, termsSha256, to: mspId, organisationKeyEpoch: epoch });
    const sealed = await sealMessage(shareFor(polynomial, index + 1), publicKey, context);
    shares.push({ mspId, organisationKeyEpoch: epoch, keyHash: hashOfKey(publicKey), sealed: encodeBase64url(sealed) });
  }
  const possession = signText(finderKey, pinKeyText(network, { pinId, pseudonym: of.pseudonym }));
  const found = { finderKey: publicKeyOf(finderKey), possession };
  return { code, input: { ...terms, ...found, shares, termsMac: termsMacOf(bytes, termsSha256) }, termsSha256 };
}

/** What the holders will make of the input together. */
function outputOf(
  input: Uint8Array,
  polynomial: Polynomial,
  { holders, threshold, commitments }: Pick<PinVault, 'holders' | 'threshold' | 'commitments'>,
): Uint8Array {
  const blinded = blindInput(input);
  const parts = holders.slice(0, threshold).map((mspId: MspId, index) => {
    const share = publicShareOfPin({ holders, commitments }, mspId);
    const part = share === undefined ? undefined : evaluatePart(shareFor(polynomial, index + 1), share, [blinded.blinded]);
    const [evaluated] = part?.evaluated ?? [];
    if (evaluated === undefined) throw new Error('a polynomial that no random source gives');
    return { place: index + 1, evaluated };
  });
  return finishEvaluation(input, blinded, parts);
}
