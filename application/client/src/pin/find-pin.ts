import {
  canonicalJson,
  DomainError,
  type Ledger,
  type NetworkIdentity,
  newRequest,
  OutcomeUnknown,
  type Pin,
  type PinId,
  type PinVault,
  transactions,
} from '@lianyi/domain';
import { hashOfPinTerms } from '@lianyi/domain/deciding';
import { askUntil } from '../wallet/ask-until';
import { failureCode } from '../wallet/failure-code';
import { type PinPlace, placeOfPin, termsMacOf } from './pin-secret';
import { publicShareOfPin } from './pin-shares';

/** Who is asked what the ledger has of a PIN. */
export interface PinReading {
  readonly network: NetworkIdentity;
  /** Any member's node; it learns neither PIN nor seed, and that somebody asks for this one. */
  readonly ledger: Ledger;
  /** Another member's, which must show the same; left out, the first is believed about how often was guessed. */
  readonly witness?: Ledger;
}

/** A PIN whose terms are as they were dealt. */
export interface FoundPin extends PinPlace {
  readonly pin: Pin;
  readonly vault: PinVault;
}

/** The other member's peer may lack the block of the guess before. */
const WITNESS_PATIENCE_MILLIS = 3_000;

/**
 * Finds the PIN of a code, as both members show it; also one at which no other guess can be made, since the last one may still be answered.
 *
 * What was dealt, the code itself proves: whoever shows another seal, other commitments or holders, makes no MAC for them, and nothing is signed.
 * @throws {@link DomainError} `NOTHING_TO_RECOVER` — there is no such PIN, or it was removed; `ANSWER_DIFFERS` — two members show
 * different entries, or it is not what was dealt with this code; or a LedgerFailure
 */
export async function findPin(codeBytes: Uint8Array, reading: PinReading): Promise<FoundPin> {
  const place = placeOfPin(codeBytes, reading.network.genesis);
  const pin = await agreedPin(place.pinId, reading);
  if (pin?.vault === undefined) throw new DomainError('NOTHING_TO_RECOVER');
  assertAsDealt(codeBytes, place, pin, pin.vault);
  return { ...place, pin, vault: pin.vault };
}

/** A PIN's entry as both members show it; undefined: neither has one. @throws as {@link findPin} */
export async function agreedPin(pinId: PinId, { ledger, witness }: PinReading): Promise<Pin | undefined> {
  if (witness === undefined) return pinAt(ledger, pinId);
  const look = async (): Promise<{ readonly pin: Pin | undefined } | undefined> => {
    const [pin, witnessed] = await Promise.all([pinAt(ledger, pinId), pinAt(witness, pinId)]);
    return canonicalJson(pin ?? null) === canonicalJson(witnessed ?? null) ? { pin } : undefined;
  };
  try {
    return (await askUntil(look, WITNESS_PATIENCE_MILLIS)).pin;
  } catch (error) {
    if (error instanceof OutcomeUnknown) throw differs('two members show different entries of the PIN', 'pin');
    throw error;
  }
}

function pinAt(ledger: Ledger, pinId: PinId): Promise<Pin | undefined> {
  return ledger.evaluate(newRequest(transactions.GetPin, { pinId })).catch((error: unknown) => {
    if (failureCode(error) === 'NOT_FOUND') return undefined;
    throw error;
  });
}

function assertAsDealt(codeBytes: Uint8Array, { pinId, finderKeyHash }: PinPlace, pin: Pin, vault: PinVault): void {
  if (pin.pinId !== pinId || pin.finderKeyHash !== finderKeyHash) throw notDealt('finderKeyHash');
  if (vault.termsMac !== termsMacOf(codeBytes, hashOfPinTerms({ ...vault, pinId, pseudonym: pin.pseudonym }))) throw notDealt('termsMac');
  const areShares = vault.holders.every((mspId, index) => vault.shares[index]?.mspId === mspId);
  if (!areShares || vault.shares.length !== vault.holders.length) throw notDealt('shares');
  const isMajority = vault.threshold * 2 > vault.holders.length && vault.threshold <= vault.holders.length;
  if (!isMajority || vault.commitments.length !== vault.threshold) throw notDealt('commitments');
  if (vault.holders.some((mspId) => publicShareOfPin(vault, mspId) === undefined)) throw notDealt('commitments');
  if (pin.confirmed > pin.attempts) throw notDealt('confirmed');
}

function notDealt(field: string): DomainError {
  return differs('the entry is not what was dealt with this code', field);
}

function differs(why: string, field: string): DomainError {
  return new DomainError('ANSWER_DIFFERS', why, { entity: 'pin', field });
}
