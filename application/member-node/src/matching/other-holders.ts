import { type z } from 'zod';
import { type MemberOperation, memberOperations } from '@lianyi/client';
import { isPartOfHolder } from '@lianyi/client/matching';
import { DomainError, type EvaluationId, type MatchProof, type MatchQuestion, type MspId, type Sha256 } from '@lianyi/domain';
import { hashOfDealtKey } from '@lianyi/domain/deciding';
import { type Directory, keyServiceOf } from '../directory';
import { type MemberKeys } from '../member-keys';
import { type AnswerWithKey } from './evaluation-answers';
import { type CollectedParts, codeOfSilence, collectParts, type Silent } from '../services/holder-parts';

/** A member that says it knows a number. */
export interface Knowing {
  readonly mspId: MspId;
  readonly proof: MatchProof;
}

export interface HolderServices {
  readonly mspId: MspId;
  readonly directory: Pick<Directory, 'endpoints'>;
  readonly memberKeys: Pick<MemberKeys, 'ask'>;
  /** The own part, with the inputs, and the key as this node has held it against what was said: others' parts are checked by it, and it is what is told. */
  readonly ownAnswer: (evaluationId: EvaluationId) => Promise<AnswerWithKey>;
}

/** Asks the other holders of a key: for their parts of an evaluation, and whether they know a number. */
export class OtherHolders {
  constructor(private readonly services: HolderServices) {}

  /**
   * The parts of as many holders as the key needs, each checked. Fewer when not enough answer.
   * @throws {@link DomainError} those of the own answer: a key that the own hospital takes no part in is not used, because others may know all of it;
   * `SHARE_WRONG`
   */
  async collect(evaluationId: EvaluationId): Promise<CollectedParts & { readonly dealtKeySha256: Sha256 }> {
    const { mspId: own } = this.services;
    const { dealt, blinded, part: ownPart } = await this.services.ownAnswer(evaluationId);
    if (!isPartOfHolder(dealt, { mspId: own, part: ownPart }, blinded))
      throw new DomainError('SHARE_WRONG', undefined, { keyId: dealt.key.keyId, mspId: own });
    const others = dealt.key.holders.filter((mspId) => mspId !== own);
    const { answers, silent } = await collectParts(others, dealt.key.threshold - 1, {
      partOf: (mspId) => this.#ask(mspId, memberOperations.AnswerEvaluation, { evaluationId }),
      isRight: (answer) => isPartOfHolder(dealt, answer, blinded),
    });
    return { answers: [{ mspId: own, part: ownPart }, ...answers], silent, dealtKeySha256: hashOfDealtKey(dealt) };
  }

  /**
   * Which of the members know the number, with what proves it: each is asked with the tag that it and the own hospital have in common. Who has
   * asked checks the proofs.
   */
  async find(tags: readonly MatchQuestion[]): Promise<{ readonly found: readonly Knowing[]; readonly silent: readonly Silent[] }> {
    const found: Knowing[] = [];
    const silent: Silent[] = [];
    const ask = async ({ mspId, ...question }: MatchQuestion): Promise<void> => {
      try {
        const { proof } = await this.#ask(mspId, memberOperations.MatchTag, question);
        if (proof !== undefined) found.push({ mspId, proof });
      } catch (error) {
        silent.push({ mspId, code: codeOfSilence(error) });
      }
    };
    await Promise.all(tags.map(ask));
    return { found, silent };
  }

  async #ask<Answer extends z.ZodType>(
    mspId: MspId,
    operation: MemberOperation & { readonly answer: Answer },
    body: unknown,
  ): Promise<z.output<Answer>> {
    return this.services.memberKeys.ask(await keyServiceOf(this.services.directory, mspId), operation, body);
  }
}
