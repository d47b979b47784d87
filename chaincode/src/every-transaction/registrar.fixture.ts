import { hashOfJson, type registrarArea } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { cardSteps, cardTransactions } from './card.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { newKey } from './consortium.fixture';
import { changed, otherTransient, twice } from './refusal-case.fixture';
import { audit, linkOf, nothing } from './sample.fixture';

const linked = async (stage: Stage): Promise<Prepared> => {
  const transient = linkOf(stage);
  const registrar = stage.cast.staff(A, 'registrar');
  must(await stage.cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, registrar, { transient }));
  return { input: { linkId: transient['linkId'] }, as: registrar };
};

export const registrarFixture = {
  states: {
    card: cardSteps,
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
    ...cardTransactions,
    LinkIdentifier: {
      callers: 'registrar',
      by: 'registrar',
      everyHospitalForItself: true,
      written: [`${A}/identifierLink`, `${A}/ownLine`],
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
      written: [`${A}/purge identifierLink`, `${A}/ownLine`],
      events: [],
      again: { refused: 'NOT_FOUND' },
      prepare: linked,
      refusals: [['NOT_FOUND', 'it is gone already', twice]],
    },
    RotateKey: {
      callers: 'P',
      forPatient: 'own',
      by: 'patient',
      written: ['pseudonym', audit],
      events: ['KeyRotated'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: patient }),
      refusals: [],
    },
    TakeOverPseudonym: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', audit],
      events: ['TakeOverCompleted'],
      again: { refused: 'STALE_KEY' },
      prepare: async ({ cast }) => {
        const assisted = await cast.newPatient(A, 'assisted');
        return { input: { pseudonym: assisted.pseudonym }, as: assisted };
      },
      refusals: [['ILLEGAL_STATE', 'the patient has it already', twice]],
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
