import { actorTagSchema, evaluationIdOf, hashOfJson, type matchingArea, mspIdSchema } from '@lianyi/domain';
import { type AreaFixture, type Prepared, type Valid } from './area.fixture';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { duplicateCaseSteps, duplicateCaseTransactions } from './duplicate-case.fixture';
import { element, functionKeySteps, functionKeyTransactions, keyDealt, keyReady, unknownKey } from './function-key.fixture';
import { changed, otherTransient, taken } from './refusal-case.fixture';
import { byRegistrar, linkOf, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

const evaluation = (cast: Cast, keyId: string, by: Staff): Json => {
  const nonce = cast.nonce();
  const owner = { mspId: mspIdSchema.parse(by.msp), actorTag: actorTagSchema.parse(by.actorTag) };
  return { evaluationId: evaluationIdOf({ ...owner, nonce }), nonce, keyId, blinded: [element('x'), element('y')] };
};
const asked = async (stage: Stage): Promise<Json> => {
  const registrar = stage.cast.staff(A, 'registrar');
  const input = evaluation(stage.cast, await keyReady(stage), registrar);
  must(await stage.cast.invoke('RequestEvaluation', input, registrar));
  return input;
};
/** The registrar's day as it is after so many. */
const afterEvaluations =
  (evaluations: number) =>
  async ({ cast }: Stage, valid: Valid): Promise<Prepared> => {
    const prepared = await valid.prepare();
    must(await cast.invoke('RequestEvaluation', prepared.input, prepared.as));
    const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) => at.startsWith('\u0000evaluationDay\u0000')) ?? ['', ''];
    const value = Buffer.from(text.replace('"evaluations":2', `"evaluations":${evaluations}`));
    await cast.state.apply([{ kind: 'put', space: { kind: 'public' }, key, value }]);
    const registrar = cast.staff(A, 'registrar');
    return { input: evaluation(cast, String(prepared.input['keyId']), registrar), as: registrar };
  };

const linked = async (stage: Stage): Promise<string> => {
  const transient = linkOf(stage);
  must(await stage.cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, stage.cast.staff(A, 'registrar'), { transient }));
  return String(transient['linkId']);
};
const tagsOf = (cast: Cast, linkId: string, seed = cast.id('tag')): Json => ({
  linkId,
  keyId: 'f-key',
  tags: [B, C].map((mspId) => ({ mspId, tag: element(`${seed} ${mspId}`), secret: element(`secret ${seed} ${mspId}`) })),
});
const tagged = async (stage: Stage, seed?: string): Promise<Json> => {
  const transient = tagsOf(stage.cast, await linked(stage), seed);
  must(await stage.cast.invoke('PutMatchTags', { linkId: transient['linkId'] }, stage.cast.staff(A, 'registrar'), { transient }));
  return transient;
};

const evaluations = {
  RequestEvaluation: {
    callers: 'registrar',
    by: 'registrar',
    written: ['evaluation', 'evaluationDay'],
    events: ['EvaluationRequested'],
    again: { answers: { evaluations: 2 } },
    prepare: async (stage) => {
      const registrar = stage.cast.staff(A, 'registrar');
      return { input: evaluation(stage.cast, await keyReady(stage), registrar), as: registrar };
    },
    refusals: [
      ['NOT_FOUND', 'there is no such key', unknownKey],
      ['ALREADY_EXISTS', 'it was asked for with other inputs', taken(() => ({ blinded: [element('z')] }))],
      ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
      [
        'ILLEGAL_STATE',
        'not all have accepted the key',
        async (stage) => {
          const registrar = stage.cast.staff(A, 'registrar');
          return { input: evaluation(stage.cast, await keyDealt(stage), registrar), as: registrar };
        },
      ],
      [
        'NOT_PERMITTED',
        'the hospital holds no share',
        async (stage) => {
          const registrar = stage.cast.staff(B, 'registrar');
          return { input: evaluation(stage.cast, await keyReady(stage), registrar), as: registrar };
        },
      ],
      ['LIMIT_REACHED', 'the registrar has had 2,000 today', afterEvaluations(2_000)],
      ['LIMIT_REACHED', 'they would be 2,001 with these', afterEvaluations(1_999)],
      ['INVALID_REQUEST', 'it asks for nothing', changed({ blinded: [] })],
      [
        'INVALID_REQUEST',
        'it asks for too much at once',
        changed({ blinded: Array.from({ length: 17 }, (_unused, index) => element(`${index}`)) }),
      ],
    ],
  },
  GetEvaluation: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async (stage) => ({ input: { evaluationId: (await asked(stage))['evaluationId'] }, as: { kind: 'member', msp: B } }),
    refusals: [['NOT_FOUND', 'there is no such evaluation', changed({ evaluationId: 'nothing' })]],
  },
  ListEvaluationDays: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async (stage) => {
      await asked(stage);
      return { input: { mspId: A, ...page }, as: { kind: 'member', msp: B } };
    },
    refusals: [],
  },
  PutMatchTags: {
    callers: 'registrar',
    by: 'registrar',
    written: [`${A}/matchTag`, `${A}/matchTag`, `${A}/matchTags`, `${A}/ownLine`],
    events: [],
    again: 'rewrites',
    prepare: async (stage) => {
      const transient = tagsOf(stage.cast, await linked(stage));
      const input = { linkId: transient['linkId'], transientSha256: hashOfJson(transient) };
      return { input, as: stage.cast.staff(A, 'registrar'), bend: { transient } };
    },
    refusals: [
      [
        'NOT_FOUND',
        'the number is not linked',
        ({ cast }) => {
          const transient = tagsOf(cast, 'nothing');
          return {
            input: { linkId: 'nothing', transientSha256: hashOfJson(transient) },
            as: cast.staff(A, 'registrar'),
            bend: { transient },
          };
        },
      ],
      [
        'ALREADY_EXISTS',
        'a tag is that of another number',
        async (stage) => {
          await tagged(stage, 'same');
          const transient = tagsOf(stage.cast, await linked(stage), 'same');
          const input = { linkId: transient['linkId'], transientSha256: hashOfJson(transient) };
          return { input, as: stage.cast.staff(A, 'registrar'), bend: { transient } };
        },
      ],
      ['HASH_MISMATCH', 'the transient value is another', otherTransient(({ cast }) => tagsOf(cast, 'link'))],
    ],
  },
  ResolveMatchTag: {
    callers: 'registrar keyService',
    by: 'registrar',
    ...nothing,
    prepare: byRegistrar(async (stage) => {
      const [first] = (await tagged(stage))['tags'] as readonly Json[];
      return { tag: first?.['tag'] };
    }),
    refusals: [['NOT_FOUND', 'it is nobody’s', changed({ tag: element('nobody') })]],
  },
} as const satisfies Partial<AreaFixture<typeof matchingArea>['transactions']>;

export const matchingFixture = {
  states: { functionKey: functionKeySteps, duplicateCase: duplicateCaseSteps },
  transactions: { ...functionKeyTransactions, ...evaluations, ...duplicateCaseTransactions },
} as const satisfies AreaFixture<typeof matchingArea>;
