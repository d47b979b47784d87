import { functionKeyIdOf, hashOfJson, type matchingArea, mspIdSchema, resharedKeyIdOf, SEALED_SHARE_BYTES } from '@lianyi/domain';
import { functionKeyTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type States } from './area.fixture';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { after, changed, taken, twice } from './refusal-case.fixture';
import { nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** Hospital B holds no share, so that its staff are refused. */
const HOLDERS = [A, C];
export const filled = (length: number): string => Buffer.alloc(length, 7).toString('base64url');
export const element = (seed: string): string => sha256Of(seed);

const opened = (cast: Cast): Json => {
  const nonce = cast.nonce();
  return { keyId: functionKeyIdOf({ mspId: mspIdSchema.parse(A), nonce }), nonce, holders: HOLDERS, threshold: 2 };
};
const keyOpened = async ({ cast }: Stage): Promise<string> => {
  const input = opened(cast);
  must(await cast.invoke('OpenFunctionKey', input, cast.admin(A)));
  return String(input['keyId']);
};
const dealOf = (mspId: string): Json => ({
  commitments: [element(`${mspId} 0`), element(`${mspId} 1`)],
  possession: { evaluated: element(`${mspId} possession`), proof: filled(64) },
  shares: HOLDERS.map((holder) => ({ mspId: holder, organisationKeyEpoch: 1, sealed: filled(SEALED_SHARE_BYTES) })),
});
const dealsSha256 = hashOfJson(HOLDERS.map((mspId) => ({ mspId, ...dealOf(mspId) })));
const deal = async ({ cast }: Stage, keyId: string, mspId: string): Promise<void> => {
  must(await cast.invoke('DealFunctionShares', { keyId, ...dealOf(mspId) }, cast.staff(mspId, 'keyService')));
};
export const keyDealt = async (stage: Stage): Promise<string> => {
  const keyId = await keyOpened(stage);
  for (const mspId of HOLDERS) await deal(stage, keyId, mspId);
  return keyId;
};
export const keyReady = async (stage: Stage): Promise<string> => {
  const keyId = await keyDealt(stage);
  const { cast } = stage;
  for (const mspId of HOLDERS) must(await cast.invoke('AcceptFunctionShares', { keyId, dealsSha256 }, cast.staff(mspId, 'keyService')));
  return keyId;
};
const reshared = (cast: Cast, formerKeyId: string, changes: Json = {}): Json => {
  const of = { nonce: cast.nonce(), formerKeyId, dealers: HOLDERS, holders: [A, B, C], threshold: 2, ...changes };
  const keyId = resharedKeyIdOf({ mspId: mspIdSchema.parse(A), ...of } as unknown as Parameters<typeof resharedKeyIdOf>[0]); // brands
  return { keyId, ...of };
};
/** A key whose shares were dealt anew, to the same. */
const keySuperseded = async (stage: Stage): Promise<string> => {
  const formerKeyId = await keyReady(stage);
  const { cast } = stage;
  const input = reshared(cast, formerKeyId, { holders: HOLDERS });
  must(await cast.invoke('ReshareFunctionKey', input, cast.admin(A)));
  const keyId = String(input['keyId']);
  for (const mspId of HOLDERS) await deal(stage, keyId, mspId);
  for (const mspId of HOLDERS) must(await cast.invoke('AcceptFunctionShares', { keyId, dealsSha256 }, cast.staff(mspId, 'keyService')));
  return formerKeyId;
};
const ofService =
  (make: (stage: Stage, keyId: string) => Json, key: (stage: Stage) => Promise<string>) =>
  async (stage: Stage): Promise<Prepared> => ({ input: make(stage, await key(stage)), as: stage.cast.staff(A, 'keyService') });

export const unknownKey = changed({ keyId: 'nothing' });

/** The life of a key that several hold. */
export const functionKeySteps: States = {
  table: functionKeyTable,
  legal: [
    'dealing deal dealing',
    'dealing dealLast accepting',
    'accepting accept accepting',
    'accepting acceptLast ready',
    'accepting complain failed',
    'ready supersede superseded',
  ],
};

/** The valid resharing of a key, or with something else in it that its id says too. */
const otherwise =
  (changes: Json, key: (stage: Stage) => Promise<string> = keyReady) =>
  async (stage: Stage): Promise<Prepared> => ({
    input: reshared(stage.cast, await key(stage), changes),
    as: stage.cast.staff(A, 'orgAdmin'),
  });

export const functionKeyTransactions = {
  ReshareFunctionKey: {
    callers: 'A orgAdmin',
    by: 'orgAdmin',
    written: ['functionKey'],
    events: ['FunctionKeyReshared'],
    again: { answers: { state: 'dealing' } },
    prepare: otherwise({}),
    refusals: [
      ['NOT_FOUND', 'there is no such key', otherwise({}, () => Promise.resolve('nothing'))],
      [
        'ALREADY_EXISTS',
        'it was opened by somebody else of the hospital',
        after(async ({ cast }, { input }) => must(await cast.invoke('ReshareFunctionKey', input, cast.admin(A)))),
      ],
      ['ID_MISMATCH', 'the holders are others than the id says', changed({ holders: [B, C] })],
      ['ID_MISMATCH', 'more would be needed than the id says', changed({ threshold: 3 })],
      ['ILLEGAL_STATE', 'the key is not ready', otherwise({}, keyDealt)],
      ['ILLEGAL_STATE', 'its shares were dealt anew', otherwise({}, keySuperseded)],
      ['NOT_PERMITTED', 'a dealer holds no share', otherwise({ dealers: [A, B] })],
      ['NOT_ACTIVE_ORGANISATION', 'a new holder is no member', otherwise({ holders: [A, 'NobodyMSP'] })],
      ['INVALID_REQUEST', 'half of the new holders would be enough', otherwise({ holders: [A, B, C, 'AuthorityMSP'] })],
      ['INVALID_REQUEST', 'a dealer stands there twice', otherwise({ dealers: [A, A] })],
      ['INVALID_REQUEST', 'fewer deal than it takes', otherwise({ dealers: [A] })],
    ],
  },
  OpenFunctionKey: {
    callers: 'A orgAdmin',
    by: 'orgAdmin',
    written: ['functionKey'],
    events: ['FunctionKeyOpened'],
    again: { answers: { state: 'dealing' } },
    prepare: ({ cast }) => ({ input: opened(cast), as: cast.staff(A, 'orgAdmin') }),
    refusals: [
      ['ALREADY_EXISTS', 'it is open with other holders', taken(() => ({ holders: [C, A] }))],
      ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
      ['NOT_PERMITTED', 'whoever opens it would hold no share', changed({ holders: [B, C] })],
      ['NOT_ACTIVE_ORGANISATION', 'a holder is no member', changed({ holders: [A, 'NobodyMSP'] })],
      ['INVALID_REQUEST', 'half of them would be enough', changed({ holders: [A, B, C, 'AuthorityMSP'], threshold: 2 })],
      ['INVALID_REQUEST', 'more would be needed than there are', changed({ threshold: 3 })],
      ['INVALID_REQUEST', 'one alone would hold it', changed({ holders: [A], threshold: 1 })],
      ['INVALID_REQUEST', 'a holder stands there twice', changed({ holders: [A, A] })],
    ],
  },
  DealFunctionShares: {
    callers: 'keyService',
    by: 'keyService',
    written: ['functionDeal', 'functionKey'],
    events: ['FunctionSharesIssued'],
    again: { answers: { state: 'dealing' } },
    prepare: ofService((_stage, keyId) => ({ keyId, ...dealOf(A) }), keyOpened),
    refusals: [
      ['NOT_FOUND', 'there is no such key', unknownKey],
      ['ALREADY_EXISTS', 'it has dealt something else', taken(() => ({ commitments: [element('other'), element('others')] }))],
      [
        'ILLEGAL_STATE',
        'the key has failed',
        async (stage) => {
          const keyId = await keyDealt(stage);
          must(await stage.cast.invoke('ComplainOfShare', { keyId, dealerMspId: C }, stage.cast.staff(A, 'keyService')));
          // by a name that is in no list of dealers: no transaction takes one out of it
          const [key, text] = [...stage.cast.state.dump({ kind: 'public' })].find(([at]) =>
            at.includes(`functionDeal\u0000${keyId}\u0000${A}`),
          ) ?? [''];
          if (text === undefined) throw new Error('no deal');
          await stage.cast.state.apply([{ kind: 'delete', space: { kind: 'public' }, key }]);
          return { input: { keyId, ...dealOf(A) }, as: stage.cast.staff(A, 'keyService') };
        },
      ],
      ['INVALID_REQUEST', 'there are more commitments than the threshold', changed({ commitments: ['a', 'b', 'c'].map(element) })],
      ['INVALID_REQUEST', 'a holder is dealt nothing', changed({ shares: [...(dealOf(A)['shares'] as Json[])].slice(0, 1) })],
      ['INVALID_REQUEST', 'the shares stand in another order', changed({ shares: [...(dealOf(A)['shares'] as Json[])].reverse() })],
    ],
  },
  AcceptFunctionShares: {
    callers: 'keyService',
    by: 'keyService',
    written: ['functionKey'],
    events: ['FunctionSharesAccepted'],
    again: { answers: { state: 'accepting' } },
    prepare: ofService((_stage, keyId) => ({ keyId, dealsSha256 }), keyDealt),
    refusals: [
      ['NOT_FOUND', 'there is no such key', unknownKey],
      ['HASH_MISMATCH', 'it has checked something else', changed({ dealsSha256: sha256Of('other') })],
      ['ILLEGAL_STATE', 'not all have dealt', ofService((_stage, keyId) => ({ keyId, dealsSha256 }), keyOpened)],
    ],
  },
  ComplainOfShare: {
    callers: 'keyService',
    by: 'keyService',
    written: ['functionKey'],
    events: ['FunctionShareRefused'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: ofService((_stage, keyId) => ({ keyId, dealerMspId: C }), keyDealt),
    refusals: [
      ['NOT_FOUND', 'there is no such key', unknownKey],
      ['ILLEGAL_STATE', 'the key has failed', twice],
      ['ILLEGAL_STATE', 'the key is in use', ofService((_stage, keyId) => ({ keyId, dealerMspId: C }), keyReady)],
      ['NOT_PERMITTED', 'who is accused holds no share', changed({ dealerMspId: B })],
      [
        'NOT_PERMITTED',
        'it has accepted what it complains of',
        after(async ({ cast }, { input, as }) =>
          must(await cast.invoke('AcceptFunctionShares', { keyId: input['keyId'], dealsSha256 }, as)),
        ),
      ],
    ],
  },
  GetFunctionKey: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async (stage) => ({ input: { keyId: await keyDealt(stage) }, as: { kind: 'member', msp: B } }),
    refusals: [['NOT_FOUND', 'there is no such key', unknownKey]],
  },
  ListFunctionKeys: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async (stage) => {
      await keyOpened(stage);
      return { input: page, as: { kind: 'member', msp: B } };
    },
    refusals: [],
  },
} as const satisfies Partial<AreaFixture<typeof matchingArea>['transactions']>;
