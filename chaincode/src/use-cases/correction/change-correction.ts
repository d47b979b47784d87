import {
  type CorrectionKey,
  type CorrectionWord,
  DomainError,
  type Input,
  isFrom,
  type Output,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import {
  assertMayAnswer,
  assertMayDisagree,
  assertMayWithdraw,
  assertNextCorrection,
  correctionDueAt,
  correctionStateOf,
  type SaidOfCorrection,
} from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asPatientSide, asStaff } from '../standing';
import { findCorrection, getCorrection, ownCorrection } from './said-of-correction';

type Ask = typeof transactions.RequestCorrection;
type Answer = typeof transactions.AnswerCorrection;
type Disagree = typeof transactions.StateDisagreement;
type Withdraw = typeof transactions.WithdrawCorrection;

/** The patient asks for a correction. A record of somebody else's is not there under this pseudonym. */
export async function RequestCorrection(scope: WriteScope, input: Input<Ask>): Promise<Output<Ask>> {
  const { ledger, now } = scope;
  const { pseudonym, recordId, number, recordVersion } = input;
  asPatientSide(scope.actor, pseudonym);
  const [record, existing, before] = await Promise.all([
    ledger.records.get(pseudonym, recordId),
    ledger.corrections.find(pseudonym, recordId, number),
    number === 1 ? undefined : findCorrection(scope, { pseudonym, recordId, number: number - 1 }),
  ]);
  if (existing !== undefined) throw new DomainError('ALREADY_EXISTS', undefined, { entity: 'correction', number });
  assertNextCorrection(input, before);
  if (record.state !== 'current') throw new DomainError('ILLEGAL_STATE', undefined, { state: record.state, command: 'request' });
  if (recordVersion > record.version)
    throw new DomainError('VERSION_CONFLICT', undefined, { present: record.version, claimed: recordVersion });
  const { custodianMspId } = record;
  const dueAt = correctionDueAt(now);
  await Promise.all([
    ledger.corrections.insert({ schemaVersion: 1, ...input, custodianMspId, requestedAt: now, dueAt, origin: originOf(scope) }),
    ledger.correctionsOf.insert({ schemaVersion: 1, mspId: custodianMspId, requestedAt: now, pseudonym, recordId, number }),
  ]);
  recordEvent(scope, { name: 'CorrectionRequested', pseudonym, recordId, number }, { recordIds: [recordId] });
  return { pseudonym, recordId, number, state: 'open', dueAt };
}

/** The record's hospital answers, once. */
export async function AnswerCorrection(scope: WriteScope, { answer, ...key }: Input<Answer>): Promise<Output<Answer>> {
  const { ledger } = scope;
  const { pseudonym, recordId } = key;
  const [said, record] = await Promise.all([
    ownCorrection(scope, key, asStaff(scope.actor).mspId),
    ledger.records.find(pseudonym, recordId),
  ]);
  const isRepeated = said.answered !== undefined && isFrom(said.answered.origin, scope.requestHash, scope.actor);
  if (isRepeated) return answerOf(key, said);
  assertMayAnswer(said, answer, record?.version ?? 0);
  const answered = { schemaVersion: 1, ...key, answer, at: scope.now, by: referenceTo(scope.actor), origin: originOf(scope) } as const;
  await ledger.correctionAnswers.insert(answered);
  recordEvent(scope, { name: 'CorrectionAnswered', ...key, outcome: answer.outcome }, { recordIds: [recordId] });
  return answerOf(key, { ...said, answered });
}

/** The patient disagrees with a refusal, for every reader to know. */
export async function StateDisagreement(scope: WriteScope, { statementCommitment, ...key }: Input<Disagree>): Promise<Output<Disagree>> {
  asPatientSide(scope.actor, key.pseudonym);
  const said = await getCorrection(scope, key);
  assertMayDisagree(said);
  return say(scope, key, { said, word: { kind: 'disagrees', statementCommitment }, name: 'CorrectionDisputed' });
}

/** The patient wants nothing corrected any more, or nobody told of a statement. */
export async function WithdrawCorrection(scope: WriteScope, key: Input<Withdraw>): Promise<Output<Withdraw>> {
  asPatientSide(scope.actor, key.pseudonym);
  const said = await getCorrection(scope, key);
  assertMayWithdraw(said);
  return say(scope, key, { said, word: { kind: 'withdraws' }, name: 'CorrectionCancelled' });
}

type Said = {
  readonly said: SaidOfCorrection;
  readonly word: CorrectionWord['word'];
  readonly name: 'CorrectionDisputed' | 'CorrectionCancelled';
};

async function say(scope: WriteScope, key: CorrectionKey, { said, word, name }: Said): Promise<Output<Withdraw>> {
  const entry: CorrectionWord = { schemaVersion: 1, ...key, word, at: scope.now, origin: originOf(scope) };
  await scope.ledger.correctionWords.put(entry);
  recordEvent(scope, { name, ...key }, { recordIds: [key.recordId] });
  return answerOf(key, { ...said, word: entry });
}

function answerOf(key: CorrectionKey, said: SaidOfCorrection): Output<Withdraw> {
  return { ...key, state: correctionStateOf(said) };
}
