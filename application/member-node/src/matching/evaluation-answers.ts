import { type DealtKey } from '@lianyi/client/matching';
import {
  DomainError,
  type EvaluatedPart,
  type Evaluation,
  type EvaluationId,
  evaluationIdSchema,
  type FunctionKeyId,
  hashOfJson,
  type Instant,
  type MspId,
  type Sha256,
} from '@lianyi/domain';
import { assertTimely, dayOf } from '@lianyi/domain/deciding';
import { type FunctionShares } from './function-shares';

export interface AnswerServices {
  readonly shares: Pick<FunctionShares, 'partOf'>;
  /** The own organisation's peers. Undefined if they do not know it (yet). */
  readonly evaluation: (evaluationId: EvaluationId) => Promise<Evaluation | undefined>;
  readonly dealtKey: (keyId: FunctionKeyId) => Promise<DealtKey>;
  /** Looks again with each block until something is found. */
  readonly waitFor: <Found>(look: () => Promise<Found | undefined>, timeoutMillis: number) => Promise<Found | undefined>;
  readonly now: () => Instant;
}

/** The evaluation is committed when it is asked for; this member's peer may still lack the block. */
const PATIENCE_MILLIS = 5_000;
/**
 * For so many inputs of one member this node answers in a day at most, whatever the ledger has let through: the limit of a registrar is the
 * chaincode's, which a majority of others may change.
 */
const MOST_INPUTS_OF_A_MEMBER = 20_000;

/** A part of an evaluation, of what, and the key of which it is a part. */
export interface AnswerWithKey {
  readonly dealt: DealtKey;
  readonly blinded: Evaluation['blinded'];
  readonly part: EvaluatedPart;
}

/** What a member had evaluated in a day. */
interface AnsweredOfMember {
  inputs: number;
  /** By the hash of key and inputs. Not by its id: a majority could write other inputs under an id that was answered. */
  readonly asked: Set<Sha256>;
}

/**
 * Answers for evaluations that stand on the ledger, and for nothing else: those of the member that asks, of the last ten minutes. The same
 * again is answered the same, which tells nobody more; that it was asked for once stands on the ledger.
 */
export class EvaluationAnswers {
  #day = '';
  readonly #answered = new Map<MspId, AnsweredOfMember>();

  constructor(private readonly services: AnswerServices) {}

  /**
   * @param asker - the member that asks, known by its certificate
   * @throws {@link DomainError} `NOT_FOUND` — it is not committed; `NOT_PERMITTED` — another member's; `EVALUATION_OVER`; `LIMIT_REACHED`; those of
   * {@link FunctionShares.partOf}
   */
  async answer(named: string, asker: MspId): Promise<EvaluatedPart> {
    return (await this.answerWithKey(named, asker)).part;
  }

  /**
   * As {@link answer}, with the inputs and the key as they were checked for it: read once more, they may be others.
   */
  async answerWithKey(named: string, asker: MspId): Promise<AnswerWithKey> {
    const parsed = evaluationIdSchema.safeParse(named);
    if (!parsed.success) throw new DomainError('INVALID_REQUEST', undefined, { path: 'evaluationId' });
    const evaluationId = parsed.data;
    const { services } = this;
    const evaluation = await services.waitFor(() => services.evaluation(evaluationId), PATIENCE_MILLIS);
    if (evaluation === undefined) throw new DomainError('NOT_FOUND', undefined, { evaluationId });
    if (evaluation.mspId !== asker) throw new DomainError('NOT_PERMITTED', 'another member’s evaluation', { evaluationId });
    assertTimely(evaluation, services.now());
    this.#count(evaluation);
    const dealt = await services.dealtKey(evaluation.keyId);
    const { blinded } = evaluation;
    return { dealt, blinded, part: await services.shares.partOf(dealt, blinded) };
  }

  #count({ keyId, mspId, blinded }: Evaluation): void {
    const today = dayOf(this.services.now());
    if (today !== this.#day) this.#answered.clear();
    this.#day = today;
    const ofMember = this.#answered.get(mspId) ?? { inputs: 0, asked: new Set() };
    const asked = hashOfJson([keyId, blinded]);
    if (ofMember.asked.has(asked)) return;
    const inputs = ofMember.inputs + blinded.length;
    if (inputs > MOST_INPUTS_OF_A_MEMBER)
      throw new DomainError('LIMIT_REACHED', undefined, { entity: 'evaluation', limit: MOST_INPUTS_OF_A_MEMBER });
    ofMember.inputs = inputs;
    ofMember.asked.add(asked);
    this.#answered.set(mspId, ofMember);
  }
}
