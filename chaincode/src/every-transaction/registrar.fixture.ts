import { cardTable, hashOfJson, type registrarArea } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { after, changed, closePseudonym, otherTransient, taken, twice, unknownCard } from './refusal-case.fixture';
import { audit, card, linkOf, nothing } from './sample.fixture';

const linked = async (stage: Stage): Promise<Prepared> => {
  const transient = linkOf(stage);
  const registrar = stage.cast.staff(A, 'registrar');
  must(await stage.cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, registrar, { transient }));
  return { input: { linkId: transient['linkId'] }, as: registrar };
};

export const registrarFixture = {
  states: {
    card: {
      table: cardTable,
      legal: [
        'requested activate active',
        'requested close closed',
        'active suspend suspended',
        'active reportLost lost',
        'active close closed',
        'suspended activate active',
        'suspended reportLost lost',
        'suspended close closed',
        'lost close closed',
      ],
    },
  },
  transactions: {
    RegisterPatient: {
      callers: 'registrar',
      by: 'registrar',
      written: ['pseudonym', audit],
      events: ['PatientRegistered'],
      again: { answers: { state: 'active' } },
      prepare: ({ cast }) => ({
        input: cast.registration(A),
        as: cast.staff(A, 'registrar'),
      }),
      refusals: [
        [
          'ALREADY_EXISTS',
          'a colleague has registered it',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('RegisterPatient', input, as));
            return { input, as: await stage.cast.colleague(A, 'registrar') };
          },
        ],
        ['ID_MISMATCH', 'it was made for another first key', changed({ nextKeyHash: newKey().hash })],
        [
          'ID_MISMATCH',
          'it was made for another hospital',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(B, 'registrar') }),
        ],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        ['ID_MISMATCH', 'it is random, as it was before', changed({ pseudonym: 'AAAAAAAAAAAAAAAAAAAAAA' })],
      ],
    },
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
    SuspendCard: {
      callers: 'registrar P',
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
    GetCard: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is no such card', changed(unknownCard)]],
    },
    LinkIdentifier: {
      callers: 'registrar',
      by: 'registrar',
      written: [`${A}/identifierLink`],
      events: [],
      again: 'rewrites',
      prepare: (stage) => {
        const transient = linkOf(stage);
        return {
          input: { linkId: transient['linkId'], transientSha256: hashOfJson(transient) },
          as: stage.cast.staff(A, 'registrar'),
          bend: { transient },
        };
      },
      refusals: [
        [
          'IDENTIFIER_LINKED',
          'the identifier is linked',
          async (stage, valid) => {
            const { input, as, bend } = await valid.prepare();
            must(await stage.cast.invoke('LinkIdentifier', input, as, bend));
            const transient = { ...linkOf(stage), linkId: input['linkId'], value: 'another' };
            return { input: { linkId: input['linkId'], transientSha256: hashOfJson(transient) }, as, bend: { transient } };
          },
        ],
        [
          'IDENTIFIER_INVALID',
          'the check digit of a national ID does not fit',
          (stage) => {
            const transient: Record<string, unknown> = { ...linkOf(stage), system: 'national-id', value: '110105194912310021' };
            const input = { linkId: transient['linkId'], transientSha256: hashOfJson(transient) };
            return { input, as: stage.cast.staff(A, 'registrar'), bend: { transient } };
          },
        ],
        ['HASH_MISMATCH', 'the transient value is another', otherTransient(linkOf)],
        [
          'NOT_FOUND',
          'there is no such pseudonym',
          (stage) => {
            const linkId = 'link-x';
            const transient = { ...linkOf(stage), linkId, pseudonym: 'nobody' };
            const input = { linkId, transientSha256: hashOfJson(transient) };
            return { input, as: stage.cast.staff(A, 'registrar'), bend: { transient } };
          },
        ],
      ],
    },
    ResolveIdentifier: {
      callers: 'registrar',
      by: 'registrar',
      ...nothing,
      prepare: linked,
      refusals: [['NOT_FOUND', 'there is no such link', changed({ linkId: 'nothing' })]],
    },
    UnlinkIdentifier: {
      callers: 'registrar',
      by: 'registrar',
      written: [`${A}/purge identifierLink`],
      events: [],
      again: { refused: 'NOT_FOUND' },
      prepare: linked,
      refusals: [['NOT_FOUND', 'it is gone already', twice]],
    },
    RotateKey: {
      callers: 'P',
      by: 'patient',
      written: ['pseudonym', audit],
      events: ['KeyRotated'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: patient }),
      refusals: [],
    },
    GetPseudonym: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ pseudonym: 'nobody' })]],
    },
  },
} as const satisfies AreaFixture<typeof registrarArea>;
