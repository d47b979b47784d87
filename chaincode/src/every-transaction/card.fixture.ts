import { cardTable, PAPER_CODE_MS, type registrarArea } from '@lianyi/domain';
import { type AreaFixture, type Prepared, type Refusal, type States } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { cardTokenCases } from './card-token.fixture';
import { after, changed, closePseudonym, taken, twice, unknownCard } from './refusal-case.fixture';
import { audit, card, nothing } from './sample.fixture';

/** The part of the registrar's fixture that is about cards. */

type Registrar = AreaFixture<typeof registrarArea>['transactions'];
type OfCards = { readonly [Name in keyof Registrar as Name extends `${string}Card${string}` ? Name : never]: Registrar[Name] };

/** What replaces an active card of the patient, by their hospital. */
const replacing = async (stage: Stage): Promise<Prepared> => ({
  input: { cardId: await card(stage), ...successorOf(stage) },
  as: stage.cast.staff(A, 'registrar'),
});
/** The part of a replacement that makes the new card. */
const successorOf = ({ cast, patient }: Stage, msp: string = A, pseudonym = patient.pseudonym): Prepared['input'] => {
  const { cardId: successorId, nonce, holderCommitment } = cast.cardInput(msp, pseudonym);
  return { successorId, nonce, holderCommitment };
};
/** The valid replacement with another successor. */
const withSuccessor =
  (...owner: [msp?: string, pseudonym?: string]): Refusal[2] =>
  async (stage, valid) => {
    const prepared = await valid.prepare();
    return { ...prepared, input: { ...prepared.input, ...successorOf(stage, ...owner) } };
  };

/** A code on paper that ends so many milliseconds from now. */
const paperCodeOf = ({ cast }: Stage, millis = PAPER_CODE_MS): Prepared['input'] => ({
  ...{ keyHash: sha256Of('the key on paper'), notAfter: cast.instant(millis) },
});
const withPaperCode =
  (millis: number): Refusal[2] =>
  async (stage, valid) => {
    const prepared = await valid.prepare();
    return { ...prepared, input: { ...prepared.input, paperCode: paperCodeOf(stage, millis) } };
  };

export const cardSteps: States = {
  table: cardTable,
  legal: [
    'requested activate active',
    'requested close closed',
    'active setPaperCode active',
    'active suspend suspended',
    'active reportLost lost',
    'active replace replaced',
    'active close closed',
    'suspended activate active',
    'suspended reportLost lost',
    'suspended replace replaced',
    'suspended close closed',
    'lost replace replaced',
    'lost close closed',
  ],
};

export const cardTransactions = {
  IssueCard: {
    callers: 'registrar',
    by: 'registrar',
    written: ['card', audit],
    events: ['CardIssued'],
    again: {
      after: async ({ cast }, { input }) => must(await cast.invoke('CloseCard', { cardId: input['cardId'] }, cast.staff(A, 'registrar'))),
      answers: { state: 'closed' },
    },
    prepare: ({ cast, patient }) => ({
      input: cast.cardInput(A, patient.pseudonym),
      as: cast.staff(A, 'registrar'),
    }),
    refusals: [
      ['ALREADY_EXISTS', 'the card id is taken', taken(() => ({ holderCommitment: sha256Of('other') }))],
      ['NOT_FOUND', 'there is no such pseudonym', ({ cast }) => ({ input: cast.cardInput(A, 'nobody'), as: cast.staff(A, 'registrar') })],
      [
        'ID_MISMATCH',
        'it was made for another hospital',
        ({ cast, patient }) => ({ input: cast.cardInput(B, patient.pseudonym), as: cast.staff(A, 'registrar') }),
      ],
      ['ID_MISMATCH', 'it was made for another pseudonym', changed({ pseudonym: 'nobody' })],
      ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
    ],
  },
  ActivateCard: {
    callers: 'P',
    forPatient: 'cards',
    by: 'patient',
    written: ['pseudonym', 'card', audit],
    events: ['CardActivated'],
    again: { refused: 'STALE_KEY' },
    prepare: async (stage) => ({ input: { cardId: await card(stage, false) }, as: stage.patient }),
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      ['ILLEGAL_STATE', 'it is active', twice],
    ],
  },
  SetCardPaperCode: {
    callers: 'P',
    forPatient: 'cards',
    by: 'patient',
    written: ['pseudonym', 'card', audit],
    events: ['CardPaperCodeChanged'],
    again: { refused: 'STALE_KEY' },
    prepare: async (stage) => ({ input: { cardId: await card(stage), paperCode: paperCodeOf(stage) }, as: stage.patient }),
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      ['ILLEGAL_STATE', 'the card is requested', async (stage) => ({ input: { cardId: await card(stage, false) }, as: stage.patient })],
      ['INVALID_REQUEST', 'it has ended', withPaperCode(0)],
      ['INVALID_REQUEST', 'it is good for more than two years', withPaperCode(PAPER_CODE_MS + 1)],
    ],
  },
  SuspendCard: {
    callers: 'registrar P',
    forPatient: 'cards, staff',
    by: 'registrar',
    written: ['card', audit],
    events: ['CardSuspended'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: async (stage) => ({ input: { cardId: await card(stage), reason: 'lost' }, as: stage.cast.staff(A, 'registrar') }),
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      ['ILLEGAL_STATE', 'it is suspended', twice],
    ],
  },
  ReportCardLost: {
    callers: 'registrar P',
    forPatient: 'cards, staff',
    by: 'registrar',
    written: ['card', audit],
    events: ['CardLossReported'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: stage.cast.staff(A, 'registrar') }),
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      ['ILLEGAL_STATE', 'it is lost', twice],
    ],
  },
  ReplaceCard: {
    callers: 'registrar',
    by: 'registrar',
    written: ['card', 'card', audit],
    events: ['CardReplaced'],
    again: {
      after: async ({ cast }, { input }) =>
        must(await cast.invoke('CloseCard', { cardId: input['successorId'] }, cast.staff(A, 'registrar'))),
      answers: { state: 'closed' },
    },
    prepare: replacing,
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      [
        'NOT_PERMITTED',
        'another hospital has issued the card, and the new id is the asking one’s',
        async (stage, valid) => ({ ...(await withSuccessor(B)(stage, valid)), as: stage.cast.staff(B, 'registrar') }),
      ],
      ['ID_MISMATCH', 'the new id was made for another hospital', withSuccessor(B)],
      ['ID_MISMATCH', 'the new id was made for another pseudonym', withSuccessor(A, 'nobody')],
      ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
      ['ALREADY_EXISTS', 'the new id is taken by another replacement', taken(() => ({ holderCommitment: sha256Of('other') }))],
      [
        'ALREADY_EXISTS',
        'the new id is a card’s that was issued',
        after(async ({ cast, patient }, { input: { successorId, nonce, holderCommitment }, as }) =>
          must(await cast.invoke('IssueCard', { cardId: successorId, nonce, pseudonym: patient.pseudonym, holderCommitment }, as)),
        ),
      ],
      [
        'ALREADY_EXISTS',
        'the new id and its nonce are the old card’s own',
        async (stage) => {
          const { cast, patient } = stage;
          const issued = cast.cardInput(A, patient.pseudonym);
          const { cardId, nonce, holderCommitment } = issued;
          const as = cast.staff(A, 'registrar');
          must(await cast.invoke('IssueCard', issued, as));
          must(await cast.invoke('ActivateCard', { cardId }, patient));
          return { input: { cardId, successorId: cardId, nonce, holderCommitment }, as };
        },
      ],
      [
        'ILLEGAL_STATE',
        'the card was never active',
        async (stage, valid) => {
          const { input, as } = await valid.prepare();
          return { input: { ...input, cardId: await card(stage, false) }, as };
        },
      ],
      [
        'ILLEGAL_STATE',
        'the card is closed',
        after(async ({ cast }, { input, as }) => must(await cast.invoke('CloseCard', { cardId: input['cardId'] }, as))),
      ],
      [
        'ILLEGAL_STATE',
        'the card is replaced',
        async (stage, valid) => {
          const { input, as } = await valid.prepare();
          must(await stage.cast.invoke('ReplaceCard', input, as));
          return { input: { ...input, ...successorOf(stage) }, as };
        },
      ],
      ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
    ],
  },
  CloseCard: {
    callers: 'registrar',
    by: 'registrar',
    written: ['card', audit],
    events: ['CardClosed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: stage.cast.staff(A, 'registrar') }),
    refusals: [
      ['NOT_FOUND', 'there is no such card', changed(unknownCard)],
      ['ILLEGAL_STATE', 'it is closed', twice],
    ],
  },
  VerifyCardToken: cardTokenCases,
  GetCard: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: { kind: 'member', msp: C } }),
    refusals: [['NOT_FOUND', 'there is no such card', changed(unknownCard)]],
  },
} as const satisfies OfCards;
