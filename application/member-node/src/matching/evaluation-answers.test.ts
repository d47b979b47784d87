import {
  addMilliseconds,
  DomainError,
  type Evaluation,
  evaluationIdSchema,
  evaluationSchema,
  type Instant,
  type MspId,
  sha256,
} from '@lianyi/domain';
import { EvaluationAnswers } from './evaluation-answers';
import { B, C, keyId, NOW } from './matching-world.fixture';

const element = sha256('element');
const evaluation = (twist: Partial<Record<keyof Evaluation, unknown>> = {}): Evaluation =>
  evaluationSchema.parse({
    ...{ schemaVersion: 1, evaluationId: 'e-1', keyId, mspId: B, blinded: [element], at: NOW },
    origin: { requestHash: sha256('request'), actor: { kind: 'staff', mspId: B, actorTag: 'registrar-1' } },
    ...twist,
  });

/** A node of hospital A whose peer has these, and what it answered for. */
function node(committed: readonly Evaluation[], clock: { now: Instant } = { now: NOW }) {
  const answered: string[] = [];
  const answers = new EvaluationAnswers({
    shares: {
      partOf: (_dealt, blinded) => {
        answered.push(String(blinded.length));
        return Promise.resolve({ evaluated: [...blinded], proof: '' });
      },
    },
    evaluation: (evaluationId) => Promise.resolve(committed.find((each) => each.evaluationId === evaluationId)),
    dealtKey: () => Promise.resolve({ key: {}, deals: [] } as never), // nobody looks into it here
    waitFor: (look) => look(),
    now: () => clock.now,
  });
  return { answers, answered };
}
const inputs = (seed: string) => Array.from({ length: 16 }, (_unused, index) => sha256(`${seed} ${index}`));
const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'answered',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

describe('a node that is asked to evaluate', () => {
  it('answers for what the asking member has committed, as often as it is asked', async () => {
    const { answers, answered } = node([evaluation()]);
    expect((await answers.answer('e-1', B)).evaluated).toEqual([element]);
    expect((await answers.answer('e-1', B)).evaluated).toEqual([element]);
    expect(answered).toEqual(['1', '1']);
  });

  it('tells of what and by which deals it has answered: the state may have others with the next read', async () => {
    const reads: object[] = [];
    const used: unknown[] = [];
    const answers = new EvaluationAnswers({
      shares: { partOf: (dealt, blinded) => Promise.resolve({ evaluated: [...blinded], proof: String(used.push(dealt)) }) },
      evaluation: () => Promise.resolve(evaluation()),
      dealtKey: () => Promise.resolve(reads[reads.push({ key: {}, deals: [reads.length] }) - 1] as never), // nobody looks into it here
      waitFor: (look) => look(),
      now: () => NOW,
    });
    const { dealt, blinded } = await answers.answerWithKey('e-1', B);
    expect(used[0]).toBe(dealt);
    expect(blinded).toEqual(evaluation().blinded);
    expect(reads).toHaveLength(1);
  });

  it.each<[string, string, MspId, number, string]>([
    ['is not committed', 'e-2', B, 0, 'NOT_FOUND'],
    ['is another member’s', 'e-1', C, 0, 'NOT_PERMITTED'],
    ['was asked for ten minutes ago', 'e-1', B, 600_000, 'EVALUATION_OVER'],
    ['was asked for yesterday', 'e-1', B, 86_400_000, 'EVALUATION_OVER'],
    ['will be asked for', 'e-1', B, -600_000, 'EVALUATION_OVER'],
    ['has no name', '', B, 0, 'INVALID_REQUEST'],
    ['has a name that is none', 'e 1\u0000', B, 0, 'INVALID_REQUEST'],
  ])('does not answer for what %s', async (_what, named, asker, later, code) => {
    const { answers, answered } = node([evaluation()], { now: addMilliseconds(NOW, later) });
    expect(await codeOf(answers.answer(named, asker))).toBe(code);
    expect(answered).toEqual([]);
  });

  it('answers for so many of one member in a day and no more, whatever is committed, and the others’ are their own', async () => {
    const many = Array.from({ length: 1_251 }, (_unused, index) =>
      evaluation({ evaluationId: `e-${index}`, blinded: inputs(String(index)) }),
    );
    const clock = { now: NOW };
    const { answers } = node([...many, evaluation({ evaluationId: 'of-c', mspId: C })], clock);
    for (const { evaluationId } of many.slice(0, 1_250)) await answers.answer(evaluationId, B);
    expect(await codeOf(answers.answer('e-1250', B))).toBe('LIMIT_REACHED');
    expect(await codeOf(answers.answer('e-7', B))).toBe('answered');
    expect(await codeOf(answers.answer(evaluationIdSchema.parse('of-c'), C))).toBe('answered');
  });

  it.each<[string, (round: number) => Partial<Record<keyof Evaluation, unknown>>]>([
    ['other inputs', (round) => ({ blinded: inputs(String(round)) })],
    ['one input changed', (round) => ({ blinded: [...inputs('same').slice(1), sha256(String(round))] })],
    ['another key', (round) => ({ keyId: `f-${round}`, blinded: inputs('same') })],
    ['a time, too', (round) => ({ at: addMilliseconds(NOW, round), blinded: inputs(String(round)) })],
  ])('counts what was written under an id that was answered: %s', async (_what, twist) => {
    const committed = [evaluation()];
    const { answers, answered } = node(committed);
    const codes = new Set<string>();
    for (let round = 0; round < 1_251; round += 1) {
      committed[0] = evaluation(twist(round));
      codes.add(await codeOf(answers.answer('e-1', B)));
    }
    expect(answered).toHaveLength(1_250);
    expect(codes).toEqual(new Set(['answered', 'LIMIT_REACHED']));
  });
});
