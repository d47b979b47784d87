import { type ErrorCode } from '../errors/table';
import { saltSchema } from '../encoding/values';
import { instantSchema } from '../instant';
import { recordIdSchema } from '../ids';
import { expectRefusal } from '../refusals.fixture';
import { A, patient } from '../story.fixture';
import { correctionSchema, type CorrectionAnswer, correctionAnswerSchema, correctionEntities } from './transactions';
import {
  assertMayAnswer,
  assertNextCorrection,
  committedTextOf,
  correctionCommitmentOf,
  correctionDueAt,
  correctionStateOf,
  isCorrectionOverdue,
  type SaidOfCorrection,
} from './correction';

const at = instantSchema.parse('2026-05-01T08:00:00.000Z');
const recordId = recordIdSchema.parse('rec-1');
const key = { pseudonym: patient, recordId, number: 1 };
const words = { text: 'it was the left knee', salt: saltSchema.parse('c2FsdHNhbHRzYWx0c2FsdA') };
const commitment = correctionCommitmentOf({ ...key, part: 'reason', ...words });
const actor = { kind: 'staff', mspId: A, actorTag: 'officer' };
const origin = { requestHash: commitment, actor };
const correction = correctionSchema.parse({
  ...{ schemaVersion: 1, ...key, recordVersion: 2, custodianMspId: A, reasonCommitment: commitment },
  ...{ requestedAt: at, dueAt: correctionDueAt(at), origin },
});
const refusal = correctionAnswerSchema.parse({ outcome: 'refused', reason: 'accurate', textCommitment: commitment });
const accepted = (version: number): CorrectionAnswer => ({ outcome: 'accepted', version });
const said = (answer?: CorrectionAnswer, word?: object): SaidOfCorrection => ({
  correction,
  answered: answer && correctionEntities.correctionAnswers.schema.parse({ schemaVersion: 1, ...key, answer, at, by: actor, origin }),
  word: word && correctionEntities.correctionWords.schema.parse({ schemaVersion: 1, ...key, word, at, origin }),
});
const disagrees = { kind: 'disagrees', statementCommitment: commitment };

describe('a correction', () => {
  it.each([
    ['open', said()],
    ['accepted', said(accepted(3))],
    ['refused', said(refusal)],
    ['disputed', said(refusal, disagrees)],
    ['withdrawn', said(undefined, { kind: 'withdraws' })],
    ['withdrawn', said(refusal, { kind: 'withdraws' })],
  ] as const)('is %s by what was said of it', (state, of) => {
    expect(correctionStateOf(of)).toBe(state);
  });

  it('is overdue from the thirtieth day on, to the millisecond, and only while nobody has answered', () => {
    const due = instantSchema.parse('2026-05-31T08:00:00.000Z');
    expect(correction.dueAt).toBe(due);
    expect(isCorrectionOverdue(said(), instantSchema.parse('2026-05-31T07:59:59.999Z'))).toBe(false);
    expect(isCorrectionOverdue(said(), due)).toBe(true);
    expect(isCorrectionOverdue(said(refusal), due)).toBe(false);
  });

  it.each<readonly [string, SaidOfCorrection | undefined, ErrorCode]>([
    ['the one before is open', said(), 'ILLEGAL_STATE'],
    ['there is none before', undefined, 'NOT_FOUND'],
  ])('is no next one where %s', (_why, before, code) => {
    expectRefusal(code, () => {
      assertNextCorrection({ ...key, number: 2 }, before);
    });
  });

  it.each<readonly [string, SaidOfCorrection, CorrectionAnswer, ErrorCode]>([
    ['in the version that is wrong', said(), accepted(2), 'VERSION_CONFLICT'],
    ['in a version that is yet to come', said(), accepted(4), 'VERSION_CONFLICT'],
    ['a second time', said(refusal), accepted(3), 'ILLEGAL_STATE'],
    ['after the patient has disagreed', said(refusal, disagrees), accepted(3), 'ILLEGAL_STATE'],
    ['after it was withdrawn', said(undefined, { kind: 'withdraws' }), refusal, 'ILLEGAL_STATE'],
  ])('is not answered %s', (_when, of, answer, code) => {
    expectRefusal(code, () => {
      assertMayAnswer(of, answer, 3);
    });
  });

  it('commits to words with a salt, of one correction and one part', () => {
    expect(committedTextOf(said(), 'reason')).toBe(commitment);
    for (const part of ['refusal', 'disagreement'] as const) expect(committedTextOf(said(), part)).toBeUndefined();
    const others = [
      { number: 2 },
      { part: 'refusal' as const },
      { text: 'it was the left toe' },
      { salt: saltSchema.parse('QUFBQUFBQUFBQUFBQUFBQQ') },
    ];
    for (const other of others) expect(correctionCommitmentOf({ ...key, part: 'reason', ...words, ...other })).not.toBe(commitment);
  });
});
