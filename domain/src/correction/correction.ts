import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import {
  type AnsweredCorrection,
  type Correction,
  type CorrectionAnswer,
  type CorrectionKey,
  type CorrectionPart,
  type CorrectionState,
  type CorrectionText,
  type CorrectionWord,
} from './transactions';

/** Within this time a hospital answers: a month, as GDPR art. 12(3) has it; 45 CFR 164.526(b)(2) leaves 60 days. */
const ANSWER_WITHIN_MS = 30 * 24 * 60 * 60 * 1000;

type CorrectionCommand = 'accept' | 'refuse' | 'disagree' | 'withdraw';
/** An answer is given once. A statement stays until the patient takes it back. */
export const correctionTable: StateTable<CorrectionState, CorrectionCommand> = {
  open: { accept: 'accepted', refuse: 'refused', withdraw: 'withdrawn' },
  accepted: {},
  refused: { disagree: 'disputed' },
  disputed: { withdraw: 'withdrawn' },
  withdrawn: {},
};

/** A correction with what has been said of it since, each part by whose word it is. */
export type SaidOfCorrection = {
  readonly correction: Correction;
  readonly answered?: AnsweredCorrection | undefined;
  readonly word?: CorrectionWord | undefined;
};

/** How a correction stands: what the patient has said last outweighs the hospital's answer. */
export function correctionStateOf({ answered, word }: Omit<SaidOfCorrection, 'correction'>): CorrectionState {
  if (word !== undefined) return word.word.kind === 'disagrees' ? 'disputed' : 'withdrawn';
  if (answered === undefined) return 'open';
  return answered.answer.outcome;
}

/** By when the hospital is to answer what is asked for now. */
export function correctionDueAt(now: Instant): Instant {
  return addMilliseconds(now, ANSWER_WITHIN_MS);
}

/** Tells whether no answer has come in time; at that instant it is late. */
export function isCorrectionOverdue(said: SaidOfCorrection, now: Instant): boolean {
  return correctionStateOf(said) === 'open' && now >= said.correction.dueAt;
}

/**
 * Checks that the correction before has its answer, or was withdrawn: who is waited for is asked once.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is open; `NOT_FOUND` — there is none of that number
 */
export function assertNextCorrection({ number }: CorrectionKey, before: SaidOfCorrection | undefined): void {
  if (number === 1) return;
  if (before === undefined) throw new DomainError('NOT_FOUND', undefined, { entity: 'correction', number: number - 1 });
  const state = correctionStateOf(before);
  if (state === 'open') throw new DomainError('ILLEGAL_STATE', 'the one before is still open', { state, command: 'request' });
}

/**
 * Checks that an answer may be given now: once, and an acceptance names a later version than the one that is wrong.
 * @param present - the record's version
 * @throws {@link DomainError} `ILLEGAL_STATE`; `VERSION_CONFLICT` — there is no such version, or it is none after the wrong one
 */
export function assertMayAnswer(said: SaidOfCorrection, answer: CorrectionAnswer, present: number): void {
  nextState(correctionTable, correctionStateOf(said), answer.outcome === 'accepted' ? 'accept' : 'refuse');
  if (answer.outcome === 'refused') return;
  if (answer.version <= said.correction.recordVersion || answer.version > present)
    throw new DomainError('VERSION_CONFLICT', undefined, { present, claimed: answer.version });
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — nothing was refused, or the patient has said so */
export function assertMayDisagree(said: SaidOfCorrection): void {
  nextState(correctionTable, correctionStateOf(said), 'disagree');
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — there is nothing left to withdraw */
export function assertMayWithdraw(said: SaidOfCorrection): void {
  nextState(correctionTable, correctionStateOf(said), 'withdraw');
}

/** What the ledger has of a text: of which correction it is, whose words and with which salt; nobody guesses it without the salt. */
export function correctionCommitmentOf({ pseudonym, recordId, number, part, text, salt }: Omit<CorrectionText, 'schemaVersion'>): Sha256 {
  return hashOfJson(['lianyi/correction-text/v1', pseudonym, recordId, number, part, text, salt]);
}

/** What was committed to for a part; undefined where nobody has said it. */
export function committedTextOf({ correction, answered, word }: SaidOfCorrection, part: CorrectionPart): Sha256 | undefined {
  if (part === 'reason') return correction.reasonCommitment;
  if (part === 'refusal') return answered?.answer.outcome === 'refused' ? answered.answer.textCommitment : undefined;
  return word?.word.kind === 'disagrees' ? word.word.statementCommitment : undefined;
}
