import { type correctionArea, hashOfJson, saltSchema, transactions } from '@lianyi/domain';
import { correctionCommitmentOf, correctionTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { after, changed, otherTransient, retract, twice, unknownRecord } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** What the patient finds wrong, in their words. */
const wrongWords = { text: 'it was the left knee', salt: saltSchema.parse('c2FsdHNhbHRzYWx0c2FsdA') };

export const keyOf = ({ patient, recordId }: Stage, number = 1): { pseudonym: string; recordId: string; number: number } => ({
  pseudonym: patient.pseudonym,
  recordId,
  number,
});
export const officerOf = ({ cast }: Stage): Staff => cast.staff(A, 'privacyOfficer');

function commitmentFor(stage: Stage, part: 'reason' | 'refusal' | 'disagreement', number = 1): string {
  const { pseudonym, recordId } = transactions.GetRecord.request.parse({ pseudonym: stage.patient.pseudonym, recordId: stage.recordId });
  return correctionCommitmentOf({ pseudonym, recordId, number, part, ...wrongWords });
}

const asking = (stage: Stage, number = 1): Json => ({
  ...keyOf(stage, number),
  recordVersion: 1,
  reasonCommitment: commitmentFor(stage, 'reason', number),
});
export const asked = async (stage: Stage, number = 1): Promise<unknown> =>
  must(await stage.cast.invoke('RequestCorrection', asking(stage, number), stage.patient));
export const refusal = (stage: Stage): Json => ({
  ...keyOf(stage),
  answer: { outcome: 'refused', reason: 'accurate', textCommitment: commitmentFor(stage, 'refusal') },
});
export const refused = async (stage: Stage): Promise<unknown> => {
  await asked(stage);
  return must(await stage.cast.invoke('AnswerCorrection', refusal(stage), officerOf(stage)));
};
export const disputed = async (stage: Stage): Promise<unknown> => {
  await refused(stage);
  return must(await stage.cast.invoke('StateDisagreement', disagreeing(stage), stage.patient));
};
const disagreeing = (stage: Stage): Json => ({ ...keyOf(stage), statementCommitment: commitmentFor(stage, 'disagreement') });
/** The record as it should be. */
export const amended = async ({ cast, patient, recordId }: Stage): Promise<unknown> =>
  must(await cast.invoke('AmendRecord', cast.amendment(patient.pseudonym, recordId), cast.staff(A, 'recordAdmin')));
const withdrawn = async (stage: Stage): Promise<unknown> =>
  must(await stage.cast.invoke('WithdrawCorrection', keyOf(stage), stage.patient));
const accepting = (stage: Stage, version: number): Json => ({ ...keyOf(stage), answer: { outcome: 'accepted', version } });

const kept = async (stage: Stage): Promise<Prepared> => {
  await asked(stage);
  return {
    input: { ...keyOf(stage), part: 'reason', transientSha256: hashOfJson(wrongWords) },
    as: stage.cast.staff(A, 'keyService'),
    bend: { transient: wrongWords },
  };
};
const atAnotherNumber = changed({ number: 7 });

export const correctionFixture = {
  states: {
    correction: {
      table: correctionTable,
      legal: [
        'open accept accepted',
        'open refuse refused',
        'open withdraw withdrawn',
        'refused disagree disputed',
        'disputed withdraw withdrawn',
      ],
    },
  },
  transactions: {
    RequestCorrection: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['correction', 'correctionOf', 'pseudonym', audit],
      events: ['CorrectionRequested'],
      again: { refused: 'STALE_KEY' },
      prepare: (stage) => ({ input: asking(stage), as: stage.patient }),
      refusals: [
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        [
          'NOT_FOUND',
          'the record is another patient’s',
          async (stage, valid) => {
            const { cast } = stage;
            const other = await cast.newPatient(A);
            await cast.relate(other, A);
            const record = cast.recordInput(A, other.pseudonym);
            must(await cast.invoke('AnchorRecord', record, cast.staff(A, 'recordAdmin')));
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, recordId: record.recordId } };
          },
        ],
        ['NOT_FOUND', 'there is none before it', changed({ number: 2 })],
        ['ALREADY_EXISTS', 'it was asked for', after((stage) => asked(stage))],
        [
          'ILLEGAL_STATE',
          'the one before is open',
          async (stage) => {
            await asked(stage);
            return { input: asking(stage, 2), as: stage.patient };
          },
        ],
        ['ILLEGAL_STATE', 'the record is retracted', after(retract)],
        ['VERSION_CONFLICT', 'there is no such version', changed({ recordVersion: 2 })],
      ],
    },
    AnswerCorrection: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['correctionAnswer', audit],
      events: ['CorrectionAnswered'],
      again: { answers: { state: 'refused' } },
      prepare: async (stage) => {
        await asked(stage);
        return { input: refusal(stage), as: officerOf(stage) };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has asked for it', atAnotherNumber],
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        [
          'NOT_FOUND',
          'another hospital answers, as if there were none',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(B, 'privacyOfficer') }),
        ],
        [
          'ILLEGAL_STATE',
          'a colleague has answered',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            must(await stage.cast.invoke('AnswerCorrection', prepared.input, prepared.as));
            return { ...prepared, as: stage.cast.staff(A, 'recordAdmin') };
          },
        ],
        ['ILLEGAL_STATE', 'the patient has withdrawn it', after((stage) => withdrawn(stage))],
        [
          'VERSION_CONFLICT',
          'it is right in the version that is wrong',
          async (stage, valid) => ({ ...(await valid.prepare()), input: accepting(stage, 1) }),
        ],
        [
          'VERSION_CONFLICT',
          'it is right in a version that there is not',
          async (stage, valid) => ({ ...(await valid.prepare()), input: accepting(stage, 2) }),
        ],
        ['INVALID_REQUEST', 'the reason is none of the list', changed({ answer: { outcome: 'refused', reason: 'we do not want to' } })],
      ],
    },
    StateDisagreement: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['correctionWord', 'pseudonym', audit],
      events: ['CorrectionDisputed'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        await refused(stage);
        return { input: disagreeing(stage), as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has asked for it', atAnotherNumber],
        [
          'ILLEGAL_STATE',
          'nobody has answered',
          async (stage) => {
            await asked(stage);
            return { input: disagreeing(stage), as: stage.patient };
          },
        ],
        [
          'ILLEGAL_STATE',
          'it was accepted',
          async (stage) => {
            await asked(stage);
            await amended(stage);
            must(await stage.cast.invoke('AnswerCorrection', accepting(stage, 2), officerOf(stage)));
            return { input: disagreeing(stage), as: stage.patient };
          },
        ],
        ['ILLEGAL_STATE', 'the patient has said so', twice],
      ],
    },
    WithdrawCorrection: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['correctionWord', 'pseudonym', audit],
      events: ['CorrectionCancelled'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        await asked(stage);
        return { input: keyOf(stage), as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has asked for it', atAnotherNumber],
        ['ILLEGAL_STATE', 'it was withdrawn', twice],
        [
          'ILLEGAL_STATE',
          'it was refused, and nothing was said to that',
          async (stage) => {
            await refused(stage);
            return { input: keyOf(stage), as: stage.patient };
          },
        ],
      ],
    },
    PutCorrectionText: {
      callers: 'keyService privacyOfficer recordAdmin',
      by: 'keyService',
      written: [`${A}/correctionText`, `${A}/ownLine`],
      events: [],
      again: 'rewrites',
      prepare: kept,
      refusals: [
        ['NOT_FOUND', 'nobody has asked for it', atAnotherNumber],
        ['HASH_MISMATCH', 'it is another text', otherTransient(() => ({ ...wrongWords, text: 'it was the right knee' }))],
        ['HASH_MISMATCH', 'nobody has said that part', changed({ part: 'disagreement' })],
      ],
    },
    GetCorrectionText: {
      callers: 'P privacyOfficer recordAdmin',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: async (stage) => {
        const { input, as, bend } = await kept(stage);
        must(await stage.cast.invoke('PutCorrectionText', input, as, bend));
        return { input: { ...keyOf(stage), part: 'reason' }, as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has asked for it', atAnotherNumber],
        ['NOT_FOUND', 'nobody has told that part', changed({ part: 'refusal' })],
        [
          'NOT_FOUND',
          'another hospital’s officer asks, as if there were none',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(B, 'privacyOfficer') }),
        ],
      ],
    },
    GetCorrection: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        await asked(stage);
        return { input: keyOf(stage), as: { kind: 'member', msp: B } };
      },
      refusals: [['NOT_FOUND', 'nobody has asked for it', atAnotherNumber]],
    },
    ListCorrections: {
      callers: 'P privacyOfficer recordAdmin',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: async (stage) => {
        await asked(stage);
        return { input: { pseudonym: stage.patient.pseudonym, ...page }, as: stage.patient };
      },
      refusals: [],
    },
    ListCorrectionsAsked: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await asked(stage);
        return { input: page, as: officerOf(stage) };
      },
      refusals: [],
    },
    ListDisagreements: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        await disputed(stage);
        const { pseudonym, recordId } = keyOf(stage);
        return { input: { pseudonym, recordId, ...page }, as: { kind: 'member', msp: B } };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof correctionArea>;
