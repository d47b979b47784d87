import { type capacityArea, deathTable, incapacityTable } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { after, changed, closePseudonym, enoughOfThem, inTurns, twice } from './refusal-case.fixture';
import { audit, nothing } from './sample.fixture';

const evidence = sha256Of('what was found');
const noSuch = { pseudonym: 'nobody' };
const about = ({ patient }: Stage): Prepared['input'] => ({ pseudonym: patient.pseudonym, evidence });
/** The patient says something by their own key. */
const speaks = after(async ({ cast, patient }) => must(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient)));

const toDeclare = (stage: Stage): Prepared => ({ input: about(stage), as: stage.cast.staff(A, 'clinician') });
const declared = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = toDeclare(stage);
  must(await stage.cast.invoke('DeclareIncapacity', input, as));
  return { input, as: stage.cast.staff(C, 'clinician') };
};
/** Of a patient of their own: the stage's lives on. */
const toPropose = async ({ cast }: Stage): Promise<Prepared> => ({
  input: { pseudonym: (await cast.newPatient()).pseudonym, evidence },
  as: cast.staff(A, 'registrar'),
});
const proposed = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = await toPropose(stage);
  must(await stage.cast.invoke('ProposeDeath', input, as));
  return { input, as: stage.cast.staff(C, 'registrar') };
};
/** Recorded by the registrars of A and C; another one of A disputes it. */
const toDispute = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = await proposed(stage);
  must(await stage.cast.invoke('ConfirmDeath', input, as));
  return { input: { ...input, evidence: sha256Of('the patient in person') }, as: await stage.cast.colleague(A, 'registrar') };
};
const disputed = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = await toDispute(stage);
  must(await stage.cast.invoke('DisputeDeath', input, as));
  return { input, as: stage.cast.staff(B, 'registrar') };
};

export const capacityFixture = {
  states: {
    incapacity: {
      table: incapacityTable,
      legal: ['declared declare declared', 'declared confirm confirmed', 'confirmed declare confirmed', 'confirmed confirm confirmed'],
    },
    death: {
      table: deathTable,
      legal: [
        'proposed propose proposed',
        'proposed confirm recorded',
        'recorded confirm recorded',
        'recorded dispute disputed',
        'disputed dispute disputed',
        'disputed revoke revoked',
        'revoked propose proposed',
        'revoked revoke revoked',
      ],
    },
  },
  transactions: {
    DeclareIncapacity: {
      callers: 'clinician',
      by: 'clinician',
      written: ['incapacity', audit],
      events: ['IncapacityDeclared'],
      again: 'acts',
      prepare: toDeclare,
      refusals: [
        ['NOT_FOUND', 'there is no such patient', changed(noSuch)],
        ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
        [
          'ILLEGAL_STATE',
          'something else is confirmed, and the patient has said nothing since',
          async (stage) => {
            const { input, as } = await declared(stage);
            must(await stage.cast.invoke('ConfirmIncapacity', input, as));
            return { input: { ...input, evidence: sha256Of('something else') }, as: stage.cast.staff(A, 'clinician') };
          },
        ],
      ],
    },
    ConfirmIncapacity: {
      callers: 'clinician',
      by: 'clinician',
      // whichever hospital but the patient's
      everyHospitalForItself: true,
      written: ['incapacity', audit],
      events: ['IncapacityConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: declared,
      refusals: [
        ['NOT_FOUND', 'nothing is declared', changed(noSuch)],
        ['ILLEGAL_STATE', 'the patient has spoken since it was declared', speaks],
        ['ILLEGAL_STATE', 'they have confirmed it', twice],
        ['ILLEGAL_STATE', 'three of their hospital have confirmed it', enoughOfThem(C, 'clinician')],
        ['ILLEGAL_STATE', 'two of a hospital confirm it in turns', inTurns(C, 'clinician')],
        [
          'SECOND_PERSON_NEEDED',
          'by a colleague of who has declared it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: await stage.cast.colleague(A, 'clinician') }),
        ],
        ['HASH_MISMATCH', 'who confirms has found something else', changed({ evidence: sha256Of('something else') })],
      ],
    },
    GetIncapacity: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        await declared(stage);
        return { input: { pseudonym: stage.patient.pseudonym }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'nothing is declared', changed(noSuch)]],
    },
    ProposeDeath: {
      callers: 'registrar',
      by: 'registrar',
      written: ['death', audit],
      events: ['DeathProposed'],
      again: 'acts',
      prepare: toPropose,
      refusals: [
        ['NOT_FOUND', 'there is no such patient', changed(noSuch)],
        [
          'ILLEGAL_STATE',
          'the pseudonym is closed',
          after((stage, { input }) => closePseudonym({ ...stage, patient: stage.cast.patientOf(input['pseudonym']) })),
        ],
        ['ILLEGAL_STATE', 'it is recorded', async (stage) => ({ ...(await toDispute(stage)), as: stage.cast.staff(A, 'registrar') })],
      ],
    },
    ConfirmDeath: {
      callers: 'registrar',
      by: 'registrar',
      // whichever hospital but the patient's
      everyHospitalForItself: true,
      written: ['pseudonym', 'death', audit],
      events: ['DeathConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: proposed,
      refusals: [
        ['NOT_FOUND', 'nothing is proposed', changed(noSuch)],
        ['ILLEGAL_STATE', 'it is recorded', twice],
        ['ILLEGAL_STATE', 'three of their hospital have recorded it', enoughOfThem(C, 'registrar')],
        ['ILLEGAL_STATE', 'two of a hospital record it in turns', inTurns(C, 'registrar')],
        ['ILLEGAL_STATE', 'it is disputed', disputed],
        [
          'SECOND_PERSON_NEEDED',
          'by a colleague of who has proposed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: await stage.cast.colleague(A, 'registrar') }),
        ],
        ['HASH_MISMATCH', 'who confirms was shown something else', changed({ evidence: sha256Of('something else') })],
      ],
    },
    DisputeDeath: {
      callers: 'registrar',
      by: 'registrar',
      written: ['death', audit],
      events: ['DeathDisputed'],
      again: 'acts',
      prepare: toDispute,
      refusals: [
        ['NOT_FOUND', 'none is recorded', changed(noSuch)],
        [
          'ILLEGAL_STATE',
          'it is only proposed',
          async (stage) => ({ input: (await proposed(stage)).input, as: await stage.cast.colleague(A, 'registrar') }),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'by who has proposed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(A, 'registrar') }),
        ],
        [
          'NOT_PERMITTED',
          'by another hospital',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(B, 'registrar') }),
        ],
      ],
    },
    RevokeDeath: {
      callers: 'registrar',
      by: 'registrar',
      // whichever hospital but the patient's, and nobody who has recorded it
      everyHospitalForItself: true,
      written: ['pseudonym', 'death', audit],
      events: ['DeathRevoked'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: disputed,
      refusals: [
        ['NOT_FOUND', 'none is recorded', changed(noSuch)],
        ['ILLEGAL_STATE', 'it is taken back', twice],
        ['ILLEGAL_STATE', 'three of their hospital have taken it back', enoughOfThem(B, 'registrar')],
        ['ILLEGAL_STATE', 'two of a hospital take it back in turns', inTurns(B, 'registrar')],
        [
          'ILLEGAL_STATE',
          'nobody has disputed it',
          async (stage) => ({ input: (await toDispute(stage)).input, as: stage.cast.staff(B, 'registrar') }),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'by who has confirmed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(C, 'registrar') }),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'by a colleague of who has disputed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: await stage.cast.colleague(A, 'registrar') }),
        ],
        ['HASH_MISMATCH', 'who takes it back was shown something else', changed({ evidence: sha256Of('something else') })],
      ],
    },
    GetDeath: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { input } = await proposed(stage);
        return { input: { pseudonym: input['pseudonym'] }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'nothing was said', changed(noSuch)]],
    },
  },
} as const satisfies AreaFixture<typeof capacityArea>;
