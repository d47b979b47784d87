import { type Blinded, blindInput, finishEvaluation } from '@lianyi/domain/oblivious';
import { guessesLeft } from '@lianyi/domain/deciding';
import {
  DomainError,
  hashOfKey,
  type Instant,
  type Ledger,
  type NetworkIdentity,
  newRequest,
  type Pin,
  type PinVault,
  transactions,
} from '@lianyi/domain';
import { type AnsweredPart } from '../matching/shared-evaluation';
import { type MemberApi } from '../member-api/member-api';
import { memberOperations } from '../member-api/operations';
import { publicKeyOf } from '../signing/p256';
import { signPinCommand } from '../signing/sign-request';
import { failureCode } from '../wallet/failure-code';
import { assertPin, OpenedPin, pinInput, type PinPlace, placeOfPin, recoveryCodeBytes } from './pin-secret';
import { isPartOfPin, placeOfPinHolder } from './pin-shares';

export interface PinGuessOptions {
  readonly network: NetworkIdentity;
  /** Any member's node; it learns neither PIN nor seed, and that somebody has guessed. */
  readonly ledger: Ledger;
  readonly node: Pick<MemberApi, 'ask'>;
  readonly now: () => Instant;
}

/** What a right guess brings back. */
export interface GuessedSeed {
  readonly seed: Uint8Array;
  /**
   * Comes when it is written that the guess was right, so that the wrong ones before are forgiven; with a code if it could not be. It never rejects:
   * the seed is there, and whoever comes back need not wait.
   */
  readonly unconfirmed: Promise<string | undefined>;
}

interface Found extends PinPlace {
  readonly pin: Pin;
  readonly vault: PinVault;
}

/**
 * Makes one guess at a PIN. It is counted by the ledger before any hospital answers, whatever becomes of it here.
 * @param secret - PIN and recovery code as they were typed
 * @throws {@link DomainError} `PIN_INVALID`, `RECOVERY_CODE_INVALID`, `NOTHING_TO_RECOVER` — there is no such PIN, or it was removed; `PIN_CLOSED` — nothing
 * was asked; `PIN_WRONG` — details say how many are left; `SEAL_BROKEN` — the node has sent another seal; `EVALUATIONS_MISSING`, `EVALUATION_WRONG`; or a LedgerFailure
 */
export async function guessPin(secret: { readonly pin: string; readonly code: string }, options: PinGuessOptions): Promise<GuessedSeed> {
  assertPin(secret.pin);
  const codeBytes = recoveryCodeBytes(secret.code);
  const found = await findPin(codeBytes, options);
  const input = pinInput(secret.pin, found);
  const blinded = blindInput(input);
  const attempt = found.pin.attempts + 1;
  const { left } = await tryPin(found, { attempt, blinded }, options);
  const answers = await answersTo(found, { attempt, blinded }, options);
  const parts = answers.map(({ mspId, part }) => ({
    place: placeOfPinHolder(found.vault, mspId),
    evaluated: part.evaluated[0] ?? blinded.blinded,
  }));
  const opened = new OpenedPin(finishEvaluation(input, blinded, parts), codeBytes);
  const { openKey } = opened;
  if (hashOfKey(publicKeyOf(openKey)) !== found.vault.openKeyHash) throw new DomainError('PIN_WRONG', undefined, { left });
  const seed = opened.open(found.vault.sealed);
  if (seed === undefined) throw new DomainError('SEAL_BROKEN', 'what the node has sent is not what the PIN has sealed');
  return { seed, unconfirmed: confirm({ ...found, openKey }, attempt, options) };
}

async function findPin(codeBytes: Uint8Array, { network, ledger }: PinGuessOptions): Promise<Found> {
  const place = placeOfPin(codeBytes, network.genesis);
  const pin = await ledger.evaluate(newRequest(transactions.GetPin, { pinId: place.pinId })).catch((error: unknown) => {
    if (failureCode(error) === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (pin?.vault === undefined) throw new DomainError('NOTHING_TO_RECOVER');
  if (guessesLeft(pin) === 0) throw new DomainError('PIN_CLOSED', undefined, { pinId: pin.pinId });
  return { ...place, pin, vault: pin.vault };
}

interface Guess {
  readonly attempt: number;
  readonly blinded: Blinded;
}

async function tryPin(
  { pinId, finderKey }: Found,
  { attempt, blinded }: Guess,
  { network, ledger, now }: PinGuessOptions,
): Promise<{ readonly left: number }> {
  const input = { pinId, attempt, blinded: blinded.blinded };
  const proof = signPinCommand({ network, pinId, privateKey: finderKey }, { transaction: transactions.TryPin, input }, now());
  return (await ledger.submit(newRequest(transactions.TryPin, input, { proof }))).result;
}

/** As many right answers as it takes. @throws {@link DomainError} `EVALUATION_WRONG`, `EVALUATIONS_MISSING` */
async function answersTo(
  { pinId, vault }: Found,
  { attempt, blinded }: Guess,
  { node }: PinGuessOptions,
): Promise<readonly AnsweredPart[]> {
  const { answers, silent } = await node.ask(memberOperations.CollectPinGuess, { body: { pinId, attempt } });
  const isRight = answers.map((answer) => isPartOfPin(vault, answer, blinded.blinded));
  const right = new Map(answers.filter((_answer, index) => isRight[index]).map((answer) => [answer.mspId, answer]));
  if (right.size >= vault.threshold) return [...right.values()].slice(0, vault.threshold);
  const wrong = answers.find((_answer, index) => isRight[index] === false);
  if (wrong !== undefined) throw new DomainError('EVALUATION_WRONG', undefined, { mspId: wrong.mspId });
  const named = silent.map(({ mspId, code }) => `${mspId} ${code}`).join(', ');
  throw new DomainError('EVALUATIONS_MISSING', undefined, { answered: right.size, needed: vault.threshold, silent: named });
}

/** The seed is there already: what fails here is told, and forgiven with the next right guess. */
async function confirm(
  { pinId, openKey }: Found & { readonly openKey: PinPlace['finderKey'] },
  attempt: number,
  { network, ledger, now }: PinGuessOptions,
): Promise<string | undefined> {
  const input = { pinId, attempt };
  const proof = signPinCommand({ network, pinId, privateKey: openKey }, { transaction: transactions.ConfirmPin, input }, now());
  try {
    await ledger.submit(newRequest(transactions.ConfirmPin, input, { proof }));
    return undefined;
  } catch (error) {
    return failureCode(error);
  }
}
