import { type AnsweredPart } from '@lianyi/client/matching';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import { DomainError, type EvaluatedPart, type MspId } from '@lianyi/domain';
import { firstOf, Overtaken } from './hedge';

/** A member that gave no answer, and why. */
export interface Silent {
  readonly mspId: MspId;
  readonly code: string;
}

/** Parts of one evaluation, and who gave none. */
export interface CollectedParts {
  readonly answers: readonly AnsweredPart[];
  readonly silent: readonly Silent[];
}

/** A holder that has not answered after this time is not waited for: another is asked beside it. */
const HEDGE_MILLIS = 300;
const TOTAL_MILLIS = 30_000;

/** Asks the holders of a key in their order, until as many have given a right part as are wanted. Fewer when not enough do. */
export async function collectParts(
  holders: readonly MspId[],
  wanted: number,
  { partOf, isRight }: { readonly partOf: (mspId: MspId) => Promise<EvaluatedPart>; readonly isRight: (answer: AnsweredPart) => boolean },
): Promise<CollectedParts> {
  const queue = [...holders];
  const silent: Silent[] = [];
  const answers = await firstOf<MspId, AnsweredPart>({
    next: () => queue.shift(),
    wanted,
    hedgeMillis: HEDGE_MILLIS,
    totalMillis: TOTAL_MILLIS,
    attempt: async (mspId) => {
      const answer = { mspId, part: await partOf(mspId) };
      if (!isRight(answer)) throw new DomainError('EVALUATION_WRONG', undefined, { mspId });
      return answer;
    },
    onFailure: (mspId, error) => {
      if (!(error instanceof Overtaken)) silent.push({ mspId, code: codeOfSilence(error) });
    },
  });
  return { answers, silent };
}

/** @throws what is no failure of the member that was asked */
export function codeOfSilence(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof LedgerFailure) return codeOfFailure(error);
  throw error;
}
