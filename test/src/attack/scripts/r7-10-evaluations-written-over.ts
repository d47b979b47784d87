import { actorTagSchema, type Evaluation, evaluationIdSchema, evaluationSchema, instantOf, sha256 } from '@lianyi/domain';
import { EvaluationAnswers } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitals } from '../registrar-in-memory';
import { refusedWith } from '../staff';

const [, B] = hospitals;
/** A day's inputs of one member, and as many again. */
const LIMIT = 20_000;
const OF_ONE = 16;
const ROUNDS = (2 * LIMIT) / OF_ONE;

/** A majority writes other inputs under the id of an evaluation that A has answered, over and over. */
async function run(): Promise<AttackOutcome> {
  const evaluationId = evaluationIdSchema.parse('e-1');
  const now = instantOf(Date.now());
  let [round, answered] = [0, 0];
  const actor = { kind: 'staff', mspId: B, actorTag: actorTagSchema.parse('registrar-1') };
  const written = (): Evaluation =>
    evaluationSchema.parse({
      ...{ schemaVersion: 1, evaluationId, keyId: 'f-1', mspId: B, at: now, origin: { requestHash: sha256('a request'), actor } },
      blinded: Array.from({ length: OF_ONE }, (_unused, index) => sha256(`${round} ${index}`)),
    });
  const answers = new EvaluationAnswers({
    shares: {
      partOf: (_key, blinded) => {
        answered += blinded.length;
        return Promise.resolve({ evaluated: [...blinded], proof: '' });
      },
    },
    evaluation: () => Promise.resolve(written()),
    dealtKey: () => Promise.resolve({ key: {}, deals: [] } as never), // nobody looks into it here
    waitFor: (look) => look(),
    now: () => now,
  });
  const refusals = new Set<string | undefined>();
  for (; round < ROUNDS; round += 1) refusals.add(await refusedWith(answers.answer(evaluationId, B)));
  const named = [...refusals].filter((code) => code !== undefined);
  return { succeeded: answered > LIMIT, seen: `${answered} inputs of one member answered in a day; refused: ${named.join() || 'nothing'}` };
}

export const evaluationsWrittenOver: Attack = {
  id: 'R7-10',
  title: 'a majority has one hospital’s share applied to more numbers than it answers for in a day, under one evaluation’s id',
  defences: [
    {
      file: 'application/member-node/src/matching/evaluation-answers.ts',
      name: 'EvaluationAnswers.#count',
      body: "if (blinded.length > MOST_INPUTS_OF_A_MEMBER) throw new DomainError('LIMIT_REACHED');",
    },
  ],
  networks: ['embedded'],
  run,
};
