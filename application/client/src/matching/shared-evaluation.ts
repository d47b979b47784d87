import { type Blinded, blindInput, finishEvaluation, isPartOf, publicShareOf } from '@lianyi/domain/oblivious';
import { dealersOf } from '@lianyi/domain/deciding';
import { DomainError, type EvaluatedPart, type FunctionDeal, type FunctionKey, type GroupElement, type MspId } from '@lianyi/domain';

/** A key with all that was dealt for it, as the ledger has it. */
export interface DealtKey {
  readonly key: FunctionKey;
  /** In the order of those who deal. */
  readonly deals: readonly FunctionDeal[];
}

/** One holder's answer. */
export interface AnsweredPart {
  readonly mspId: MspId;
  readonly part: EvaluatedPart;
}

/**
 * The public half of a holder's share.
 * @throws {@link DomainError} `SHARE_WRONG` — what was committed makes none, or is not for as many parts as the key says are enough
 */
export function publicShareOfHolder(dealt: DealtKey, mspId: MspId): GroupElement {
  const { key, deals } = dealt;
  const place = placeOfHolder(key, mspId);
  const share = publicShareOf(
    deals.map(({ commitments }) => commitments),
    place,
  );
  if (place === 0 || share === undefined || deals.length !== dealersOf(key).length || !isDealtFor(dealt))
    throw new DomainError('SHARE_WRONG', undefined, { keyId: key.keyId, mspId });
  return share;
}

/** Whether as many parts are needed as the key says: fewer would be put together to the output of nobody's key. */
function isDealtFor({ key, deals }: DealtKey): boolean {
  return deals.every(({ commitments }) => commitments.length === key.threshold);
}

/** From 1 on; 0 for whoever holds no share. */
export function placeOfHolder({ holders }: FunctionKey, mspId: MspId): number {
  return holders.indexOf(mspId) + 1;
}

/** Tells whether an answer was made with the share of the holder whose it is said to be. */
export function isPartOfHolder(dealt: DealtKey, { mspId, part }: AnsweredPart, blinded: readonly GroupElement[]): boolean {
  return placeOfHolder(dealt.key, mspId) > 0 && isPartOf(part, publicShareOfHolder(dealt, mspId), blinded);
}

/** Inputs on their way through the holders: blinded here, finished here, seen by nobody else. */
export class SharedEvaluation {
  readonly #blinded: readonly Blinded[];
  /** What was found of each answer: verifying one takes longer than all else that is done here. */
  readonly #found = new Map<AnsweredPart, boolean>();

  constructor(
    private readonly dealt: DealtKey,
    private readonly inputs: readonly Uint8Array[],
  ) {
    this.#blinded = inputs.map((input) => blindInput(input));
  }

  /** What goes to the ledger and the holders: random, whatever the inputs. */
  get blinded(): readonly GroupElement[] {
    return this.#blinded.map(({ blinded }) => blinded);
  }

  /** Tells whether an answer to this evaluation was made with the share of the holder whose it is said to be. */
  isRight(answer: AnsweredPart): boolean {
    const isRight = this.#found.get(answer) ?? isPartOfHolder(this.dealt, answer, this.blinded);
    this.#found.set(answer, isRight);
    return isRight;
  }

  /**
   * The outputs, in the order of the inputs.
   * @throws {@link DomainError} `EVALUATION_WRONG` — too few are right, and one is wrong: details name whose; `EVALUATIONS_MISSING`
   */
  finish(answers: readonly AnsweredPart[]): readonly Uint8Array[] {
    const { key } = this.dealt;
    const right: AnsweredPart[] = [];
    let wrong: MspId | undefined;
    for (const answer of answers) {
      if (right.length === key.threshold || right.some(({ mspId }) => mspId === answer.mspId)) continue;
      if (this.isRight(answer)) right.push(answer);
      else wrong ??= answer.mspId;
    }
    if (right.length < key.threshold) throw tooFew(right.length, key.threshold, wrong);
    return this.#blinded.map((blinded, index) => {
      const parts = right.map(({ mspId, part }) => ({
        place: placeOfHolder(key, mspId),
        evaluated: part.evaluated[index] ?? blinded.blinded,
      }));
      return finishEvaluation(this.inputs[index] ?? new Uint8Array(), blinded, parts);
    });
  }
}

function tooFew(answered: number, needed: number, wrong: MspId | undefined): DomainError {
  if (wrong !== undefined) return new DomainError('EVALUATION_WRONG', undefined, { mspId: wrong });
  return new DomainError('EVALUATIONS_MISSING', undefined, { answered, needed });
}
