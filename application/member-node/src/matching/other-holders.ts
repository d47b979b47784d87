import { type z } from 'zod';
import { type MemberOperation, memberOperations } from '@lianyi/client';
import { type AnsweredPart, type DealtKey, isPartOfHolder } from '@lianyi/client/matching';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import {
  DomainError,
  type EvaluatedPart,
  type Evaluation,
  type EvaluationId,
  type FunctionKeyId,
  type MspId,
  type PairTag,
} from '@lianyi/domain';
import { type Directory } from '../directory';
import { type MemberKeys } from '../member-keys';
import { firstOf, Overtaken } from '../services/hedge';

/** A member that gave no answer, and why. */
export interface Silent {
  readonly mspId: MspId;
  readonly code: string;
}

export interface HolderServices {
  readonly mspId: MspId;
  readonly directory: Pick<Directory, 'endpoints'>;
  readonly memberKeys: Pick<MemberKeys, 'ask'>;
  readonly evaluation: (evaluationId: EvaluationId) => Promise<Evaluation | undefined>;
  readonly dealtKey: (keyId: FunctionKeyId) => Promise<DealtKey>;
  readonly ownAnswer: (evaluationId: EvaluationId) => Promise<EvaluatedPart>;
}

/** A holder that has not answered after this time is not waited for: another is asked beside it. */
const HEDGE_MILLIS = 300;
const TOTAL_MILLIS = 30_000;

/** Asks the other holders of a key: for their parts of an evaluation, and whether they know a number. */
export class OtherHolders {
  constructor(private readonly services: HolderServices) {}

  /**
   * The parts of as many holders as the key needs, each checked. Fewer when not enough answer.
   * @throws {@link DomainError} `NOT_FOUND` — it is not committed; `NOT_PERMITTED` — another member's evaluation
   */
  async collect(evaluationId: EvaluationId): Promise<{ readonly answers: readonly AnsweredPart[]; readonly silent: readonly Silent[] }> {
    const { mspId: own, evaluation: find, dealtKey } = this.services;
    const evaluation = await find(evaluationId);
    if (evaluation === undefined) throw new DomainError('NOT_FOUND', undefined, { evaluationId });
    if (evaluation.mspId !== own) throw new DomainError('NOT_PERMITTED', 'another member’s evaluation', { evaluationId });
    const dealt = await dealtKey(evaluation.keyId);
    const queue = [own, ...dealt.key.holders.filter((mspId) => mspId !== own)];
    const silent: Silent[] = [];
    const answers = await firstOf<MspId, AnsweredPart>({
      next: () => queue.shift(),
      wanted: dealt.key.threshold,
      hedgeMillis: HEDGE_MILLIS,
      totalMillis: TOTAL_MILLIS,
      attempt: async (mspId) => {
        const part = await this.#partOf(mspId, evaluationId);
        if (!isPartOfHolder(dealt, { mspId, part }, evaluation.blinded)) throw new DomainError('EVALUATION_WRONG', undefined, { mspId });
        return { mspId, part };
      },
      onFailure: (mspId, error) => {
        if (!(error instanceof Overtaken)) silent.push({ mspId, code: codeOf(error) });
      },
    });
    return { answers, silent };
  }

  /** Which of the members know the number: each is asked with the tag that it and the own hospital have in common. */
  async find(tags: readonly PairTag[]): Promise<{ readonly found: readonly MspId[]; readonly silent: readonly Silent[] }> {
    const found: MspId[] = [];
    const silent: Silent[] = [];
    const ask = async ({ mspId, tag }: PairTag): Promise<void> => {
      try {
        if ((await this.#ask(mspId, memberOperations.MatchTag, { tag })).isMatch) found.push(mspId);
      } catch (error) {
        silent.push({ mspId, code: codeOf(error) });
      }
    };
    await Promise.all(tags.map(ask));
    return { found, silent };
  }

  #partOf(mspId: MspId, evaluationId: EvaluationId): Promise<EvaluatedPart> {
    if (mspId === this.services.mspId) return this.services.ownAnswer(evaluationId);
    return this.#ask(mspId, memberOperations.AnswerEvaluation, { evaluationId });
  }

  async #ask<Answer extends z.ZodType>(
    mspId: MspId,
    operation: MemberOperation & { readonly answer: Answer },
    body: unknown,
  ): Promise<z.output<Answer>> {
    const endpoint = (await this.services.directory.endpoints(mspId)).find(({ kind }) => kind === 'keys');
    if (endpoint === undefined) throw new DomainError('MEMBER_UNAVAILABLE', 'no key service in the directory', { mspId });
    return this.services.memberKeys.ask(endpoint, operation, body);
  }
}

/** @throws what is no failure of the member that was asked */
function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof LedgerFailure) return codeOfFailure(error);
  throw error;
}
