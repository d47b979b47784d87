import { duplicateCaseIdOf, type matchingArea, mspIdSchema, SEALED_NOTE_BYTES } from '@lianyi/domain';
import { duplicateCaseTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type States } from './area.fixture';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { filled } from './function-key.fixture';
import { changed, taken, twice } from './refusal-case.fixture';
import { byRegistrar, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

const sealedTo = (...mspIds: readonly string[]): readonly Json[] =>
  mspIds.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: filled(SEALED_NOTE_BYTES) }));
/** A case that hospital A has with C; B is no part of it. */
const newCase = (cast: Cast, opener: string, partner: string): Json => {
  const nonce = cast.nonce();
  const owner = { mspId: mspIdSchema.parse(opener), partnerMspId: mspIdSchema.parse(partner), nonce };
  return { caseId: duplicateCaseIdOf(owner), nonce, partnerMspId: partner, sealed: sealedTo(opener, partner) };
};
const caseOpened = async ({ cast }: Stage, opener: string, partner: string): Promise<Json> => {
  const { caseId, nonce, partnerMspId, sealed } = newCase(cast, opener, partner);
  must(await cast.invoke('OpenDuplicateCase', { caseId, nonce, partnerMspId, sealed }, cast.staff(opener, 'registrar')));
  return { caseId };
};
const mergeProposed = async (stage: Stage): Promise<Json> => {
  const { caseId } = await caseOpened(stage, A, C);
  must(await stage.cast.invoke('ProposeMerge', { caseId, sealed: sealedTo(A, C) }, stage.cast.staff(C, 'registrar')));
  return { caseId };
};
const merged = async (stage: Stage): Promise<Json> => {
  const { caseId } = await mergeProposed(stage);
  must(await stage.cast.invoke('ConfirmMerge', { caseId }, stage.cast.staff(A, 'registrar')));
  return { caseId };
};
const unmergeProposed = async (stage: Stage, by: string): Promise<Json> => {
  const { caseId } = await merged(stage);
  must(await stage.cast.invoke('ProposeUnmerge', { caseId }, stage.cast.staff(by, 'registrar')));
  return { caseId };
};
const unknownCase = changed({ caseId: 'nothing' });
/** The same by a registrar of the hospital with which A has the case. */
const byTheOther =
  (make: (stage: Stage) => Promise<Json>) =>
  async (stage: Stage): Promise<Prepared> => ({ input: await make(stage), as: stage.cast.staff(C, 'registrar') });

/** The life of a case of two hospitals. */
export const duplicateCaseSteps: States = {
  table: duplicateCaseTable,
  legal: [
    'open proposeMerge mergeProposed',
    'open dismiss dismissed',
    'mergeProposed confirmMerge merged',
    'mergeProposed dismiss dismissed',
    'merged proposeUnmerge unmergeProposed',
    'unmergeProposed confirmUnmerge unmerged',
  ],
};

export const duplicateCaseTransactions = {
  OpenDuplicateCase: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase', 'duplicateCaseOf', 'duplicateCaseOf'],
    events: ['DuplicateCaseOpened'],
    again: { answers: { state: 'open' } },
    prepare: byRegistrar(({ cast }) => newCase(cast, A, C)),
    refusals: [
      [
        'ALREADY_EXISTS',
        'the id is taken',
        taken(() => ({ sealed: sealedTo(A, C).map((each) => ({ ...each, organisationKeyEpoch: 2 })) })),
      ],
      ['ID_MISMATCH', 'it was made for another partner', changed({ partnerMspId: B })],
      ['INVALID_REQUEST', 'it is with the hospital itself', byRegistrar(({ cast }) => newCase(cast, A, A))],
      ['INVALID_REQUEST', 'it is sealed to a third', changed({ sealed: sealedTo(A, B) })],
      ['INVALID_REQUEST', 'it is sealed to one alone', changed({ sealed: sealedTo(A) })],
    ],
  },
  ProposeMerge: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase'],
    events: ['MergeProposed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: byRegistrar(async (stage) => ({ ...(await caseOpened(stage, C, A)), sealed: sealedTo(C, A) })),
    refusals: [
      ['NOT_FOUND', 'there is no such case', unknownCase],
      ['ILLEGAL_STATE', 'it is proposed', twice],
      [
        'NOT_PERMITTED',
        'who opened it would agree with themselves',
        byTheOther(async (stage) => ({ ...(await caseOpened(stage, C, A)), sealed: sealedTo(C, A) })),
      ],
      ['INVALID_REQUEST', 'it is sealed to a third', changed({ sealed: sealedTo(B, A) })],
    ],
  },
  ConfirmMerge: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase'],
    events: ['MergeConfirmed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: byRegistrar(mergeProposed),
    refusals: [
      ['NOT_FOUND', 'there is no such case', unknownCase],
      ['ILLEGAL_STATE', 'it is confirmed', twice],
      ['ILLEGAL_STATE', 'nobody has proposed it', byRegistrar((stage) => caseOpened(stage, A, C))],
      ['NOT_PERMITTED', 'who proposed it would confirm it', byTheOther(mergeProposed)],
    ],
  },
  DismissDuplicate: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase'],
    events: ['DuplicateDismissed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: byRegistrar((stage) => caseOpened(stage, C, A)),
    refusals: [
      ['NOT_FOUND', 'there is no such case', unknownCase],
      ['ILLEGAL_STATE', 'it is dismissed', twice],
      ['ILLEGAL_STATE', 'the two are merged', byRegistrar(merged)],
    ],
  },
  ProposeUnmerge: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase'],
    events: ['UnmergeProposed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: byRegistrar(merged),
    refusals: [
      ['NOT_FOUND', 'there is no such case', unknownCase],
      ['ILLEGAL_STATE', 'it is proposed', twice],
      ['ILLEGAL_STATE', 'nothing is merged yet', byRegistrar(mergeProposed)],
    ],
  },
  ConfirmUnmerge: {
    callers: 'registrar',
    by: 'registrar',
    written: ['duplicateCase'],
    events: ['UnmergeConfirmed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: byRegistrar((stage) => unmergeProposed(stage, C)),
    refusals: [
      ['NOT_FOUND', 'there is no such case', unknownCase],
      ['ILLEGAL_STATE', 'it is taken back', twice],
      ['NOT_PERMITTED', 'who proposed it would agree with themselves', byRegistrar((stage) => unmergeProposed(stage, A))],
    ],
  },
  GetDuplicateCase: {
    callers: 'registrar keyService',
    by: 'registrar',
    ...nothing,
    prepare: byRegistrar((stage) => caseOpened(stage, C, A)),
    refusals: [['NOT_PERMITTED', 'there is no such case', unknownCase]],
  },
  ListDuplicateCases: {
    callers: 'registrar keyService',
    by: 'registrar',
    everyHospitalForItself: true,
    ...nothing,
    prepare: byRegistrar(async (stage) => {
      await caseOpened(stage, A, C);
      return page;
    }),
    refusals: [],
  },
} as const satisfies Partial<AreaFixture<typeof matchingArea>['transactions']>;
