import { finishEvaluation } from '@lianyi/domain/oblivious';
import { assertTimelyGuess, guessesLeft } from '@lianyi/domain/deciding';
import { DomainError, type Instant, newRequest, transactions } from '@lianyi/domain';
import { type AnsweredPart } from '../matching/shared-evaluation';
import { type MemberApi } from '../member-api/member-api';
import { memberOperations, signedAs } from '../member-api/operations';
import { signPinCommand } from '../signing/sign-request';
import { failureCode } from '../wallet/failure-code';
import { agreedPin, findPin, type FoundPin, type PinReading } from './find-pin';
import { guessAgain, type GuessKeeper, type KeptGuess, type MadeGuess, newGuess } from './kept-guess';
import { assertPin, OpenedPin, pinInput, type PinPlace, recoveryCodeBytes } from './pin-secret';
import { isPartOfPin, placeOfPinHolder } from './pin-shares';

export interface PinGuessOptions extends PinReading {
  /** The node of the member whose ledger carries. */
  readonly node: Pick<MemberApi, 'ask'>;
  readonly now: () => Instant;
  /** Where the guess is kept until it is answered; left out, one whose answer is lost is lost. */
  readonly keeper?: GuessKeeper;
}

/** What a right guess brings back. */
export interface GuessedSeed {
  readonly seed: Uint8Array;
  /**
   * Comes when it is written that the guess was right, so that the wrong ones before are forgiven; with a code if it could not be. It never rejects:
   * the seed is there, and whoever comes back need not wait.
   */
  readonly unconfirmed: Promise<string | undefined>;
  /** To be called when the seed is kept somewhere: the guess goes. */
  used(): Promise<void>;
}

/**
 * Makes one guess at a PIN. It is counted by the ledger before any hospital answers, whatever becomes of it here; one that was counted and whose answer
 * was lost is gone on with for ten minutes, if it was kept, and no other is made.
 *
 * A guess is called wrong only where the seal that was dealt does not open with an output whose parts are proved against what was dealt.
 * @param secret - PIN and recovery code as they were typed
 * @throws {@link DomainError} `PIN_INVALID`, `RECOVERY_CODE_INVALID`; those of {@link findPin} and the keeper, and `PIN_CLOSED`, after which nothing
 * was signed; `PIN_WRONG` — details say how many are left; `EVALUATIONS_MISSING`, `EVALUATION_WRONG`; or a LedgerFailure
 */
export async function guessPin(secret: { readonly pin: string; readonly code: string }, options: PinGuessOptions): Promise<GuessedSeed> {
  assertPin(secret.pin);
  const codeBytes = recoveryCodeBytes(secret.code);
  const { keeper } = options;
  const counted = () => countedGuess(secret.pin, codeBytes, options);
  const { found, input, guess } = await (keeper === undefined ? counted() : keeper.inTurn(counted));
  const { attempt, blinded } = guess;
  const answers = await answersTo(found, guess, options);
  const parts = answers.map(({ mspId, part }) => ({
    place: placeOfPinHolder(found.vault, mspId),
    evaluated: part.evaluated[0] ?? blinded.blinded,
  }));
  const opened = new OpenedPin(finishEvaluation(input, blinded, parts), codeBytes);
  const seed = opened.open(found.vault.sealed);
  if (seed === undefined) {
    await keeper?.forget(guess.kept);
    const left = guessesLeft({ attempts: attempt, confirmed: found.pin.confirmed });
    // how many are left is then the word of one node; that it was wrong is proved all the same
    throw new DomainError('PIN_WRONG', undefined, options.witness === undefined ? { left, word: 'UNWITNESSED' } : { left });
  }
  return {
    seed,
    unconfirmed: confirm(found, opened.openKey, attempt, options),
    used: () => keeper?.forget(guess.kept) ?? Promise.resolve(),
  };
}

interface CountedGuess {
  readonly found: FoundPin;
  readonly input: Uint8Array;
  readonly guess: MadeGuess;
}

/** The guess, once the ledger has counted it, at the PIN as it was before. */
async function countedGuess(typed: string, codeBytes: Uint8Array, options: PinGuessOptions): Promise<CountedGuess> {
  // first, so that one that is over goes whatever comes of the rest
  const kept = await options.keeper?.kept();
  const found = await findPin(codeBytes, options);
  const input = pinInput(typed, found);
  return { found, input, guess: await committedGuess(found, { input, kept }, options) };
}

/** The guess, once the ledger has it: the one that was kept, the last one too, or a new one. */
async function committedGuess(
  found: FoundPin,
  { input, kept }: { readonly input: Uint8Array; readonly kept: KeptGuess | undefined },
  options: PinGuessOptions,
): Promise<MadeGuess> {
  const { pinId, pin } = found;
  const again = kept?.pinId === pinId ? guessAgain(kept, input) : undefined;
  if (again !== undefined && isWaiting(again, found, options.now())) return again;
  if (guessesLeft(pin) === 0) throw new DomainError('PIN_CLOSED', undefined, { pinId });
  const attempt = pin.attempts + 1;
  // signed before, and not counted yet: the very same once more, so that one of the two is counted
  const isSignedBefore = again?.attempt === attempt;
  const guess = isSignedBefore ? again : newGuess(pinId, attempt, input);
  // before it is signed, also where it is signed anew: what is counted may be answered when this program has gone
  await options.keeper?.keep(guess.kept);
  return isSignedBefore ? submittedAgain(found, guess, options) : submitted(found, guess, options);
}

/** Whether the ledger has this very guess as the last one, not proved right yet, and it is still answered. */
function isWaiting({ attempt, blinded }: MadeGuess, { pin }: Pick<FoundPin, 'pin'>, now: Instant): boolean {
  if (pin.guess === undefined || pin.attempts !== attempt || pin.confirmed >= attempt) return false;
  if (pin.guess.blinded !== blinded.blinded) return false;
  try {
    assertTimelyGuess(pin.guess, now);
    return true;
  } catch {
    return false; // over: nobody answers it any more
  }
}

async function submitted(found: FoundPin, guess: MadeGuess, { network, ledger, now }: PinGuessOptions): Promise<MadeGuess> {
  const { pinId, finderKey } = found;
  const { attempt, blinded } = guess;
  const input = { pinId, attempt, blinded: blinded.blinded };
  const proof = signPinCommand({ network, pinId, privateKey: finderKey }, { transaction: transactions.TryPin, input }, now());
  await ledger.submit(newRequest(transactions.TryPin, input, { proof }));
  return guess;
}

/** As {@link submitted}; where the first of the two was counted meanwhile, it is the guess. */
async function submittedAgain(found: FoundPin, guess: MadeGuess, options: PinGuessOptions): Promise<MadeGuess> {
  try {
    return await submitted(found, guess, options);
  } catch (error) {
    if (failureCode(error) !== 'VERSION_CONFLICT') throw error;
    const pin = await agreedPin(found.pinId, options);
    if (pin === undefined || !isWaiting(guess, { pin }, options.now())) throw error;
    return guess;
  }
}

/** As many right answers as it takes. @throws {@link DomainError} `EVALUATION_WRONG`, `EVALUATIONS_MISSING` */
async function answersTo(
  { pinId, finderKey, vault }: FoundPin,
  { attempt, blinded: { blinded } }: MadeGuess,
  { node, network, now }: PinGuessOptions,
): Promise<readonly AnsweredPart[]> {
  const operation = memberOperations.CollectPinGuess;
  const input = { pinId, attempt };
  // only whoever has the code is let in: nobody keeps its place at the node
  const proof = signPinCommand({ network, pinId, privateKey: finderKey }, { transaction: signedAs(operation), input }, now());
  const { answers, silent } = await node.ask(operation, { body: { input, proof } });
  const right = new Map(answers.filter((answer) => isPartOfPin(vault, answer, blinded)).map((answer) => [answer.mspId, answer]));
  if (right.size >= vault.threshold) return [...right.values()].slice(0, vault.threshold);
  const wrong = answers.find((answer) => !right.has(answer.mspId));
  if (wrong !== undefined) throw new DomainError('EVALUATION_WRONG', undefined, { mspId: wrong.mspId });
  const named = silent.map(({ mspId, code }) => `${mspId} ${code}`).join(', ');
  throw new DomainError('EVALUATIONS_MISSING', undefined, { answered: right.size, needed: vault.threshold, silent: named });
}

/** The seed is there already: what fails here is told, and forgiven with the next right guess. */
async function confirm(
  { pinId }: FoundPin,
  openKey: PinPlace['finderKey'],
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
