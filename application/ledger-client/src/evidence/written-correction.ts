import {
  canonicalJson,
  correctionArea,
  type CorrectionKey,
  correctionKeyFields,
  type Instant,
  type MspId,
  type Pseudonym,
  referenceTo,
  transactions,
} from '@lianyi/domain';
import { correctionDueAt } from '@lianyi/domain/deciding';
import { z } from 'zod';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { type AlarmFact, type Command } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { corrections, correctionAnswers, correctionWords } = correctionArea.entities;
const keySchema = z.object(correctionKeyFields);

/** Whether a key is one of what a patient says of a correction. */
export function isOfCorrection(type: string | undefined): boolean {
  return type === corrections.objectType || type === correctionWords.objectType;
}

/** Whether a key is one of what a hospital answers. */
export function isOfCorrectionAnswer(type: string | undefined): boolean {
  return type === correctionAnswers.objectType;
}

/** An entry as whose word it is makes it, without by which request: that decides nothing. */
interface SaidEntry {
  readonly objectType: string;
  readonly key: CorrectionKey;
  readonly said: object;
}

/** What a patient's command says of a correction; undefined of any other. */
function saidIn(
  { entry, input }: Command,
  { at, custodianMspId }: { readonly at: Instant; readonly custodianMspId: MspId },
): SaidEntry | undefined {
  switch (entry.name) {
    case transactions.RequestCorrection.name: {
      const asked = transactions.RequestCorrection.request.parse(input);
      return {
        objectType: corrections.objectType,
        key: keySchema.parse(asked),
        said: { ...asked, custodianMspId, requestedAt: at, dueAt: correctionDueAt(at) },
      };
    }
    case transactions.StateDisagreement.name: {
      const { statementCommitment, ...key } = transactions.StateDisagreement.request.parse(input);
      return { objectType: correctionWords.objectType, key, said: { ...key, word: { kind: 'disagrees', statementCommitment }, at } };
    }
    case transactions.WithdrawCorrection.name: {
      const key = transactions.WithdrawCorrection.request.parse(input);
      return { objectType: correctionWords.objectType, key, said: { ...key, word: { kind: 'withdraws' }, at } };
    }
    default:
      return undefined;
  }
}

interface Asking {
  readonly own: Command | undefined;
  /** The time of the proposal. */
  readonly at: Instant;
  /** The patient's hospital. */
  readonly custodianMspId: MspId | undefined;
}

/** What is written of a patient's word, held against the command of the patient's side in the transaction. */
export function correctionFacts(
  { key, value }: BlockWrite,
  pseudonym: Pseudonym,
  { own, at, custodianMspId }: Asking,
): readonly AlarmFact[] {
  const said = own?.isAllowed === true && custodianMspId !== undefined ? attempt(() => saidIn(own, { at, custodianMspId })) : undefined;
  const isOfKey = said !== undefined && said.key.pseudonym === pseudonym && keyOf(said) === key;
  return isOfKey && isWritten(value, said.said) ? [] : [alarmOf(isOfKey, pseudonym)];
}

/** What a command says of a correction and the transaction does not write. */
export function unwrittenCorrection(
  command: Command,
  { at, custodianMspId }: Omit<Asking, 'own'>,
  writes: readonly BlockWrite[],
): readonly AlarmFact[] {
  const said = custodianMspId === undefined ? undefined : attempt(() => saidIn(command, { at, custodianMspId }));
  if (said === undefined || writes.some(({ key }) => key === keyOf(said))) return [];
  return [{ kind: 'alarm', alarm: 'command-not-carried-out', pseudonym: said.key.pseudonym, detail: said.objectType }];
}

/** What is written of a hospital's answer, held against what somebody of the patient's hospital has asked in the transaction. */
export async function correctionAnswerFacts(
  { key, value }: BlockWrite,
  id: Pseudonym | undefined,
  asked: Asked | undefined,
  known: { readonly custodianOf: (pseudonym: Pseudonym) => Promise<MspId | undefined> },
): Promise<readonly AlarmFact[]> {
  const custodianMspId = id && (await known.custodianOf(id));
  if (id === undefined || custodianMspId === undefined) return [];
  const isAnswer = asked?.mspId === custodianMspId && asked.entry.name === transactions.AnswerCorrection.name;
  const said = isAnswer ? attempt(() => answerIn(asked)) : undefined;
  const isOfKey = said !== undefined && keyOf(said) === key;
  return isOfKey && isWritten(value, said.said) ? [] : [alarmOf(isOfKey, id)];
}

function answerIn({ input, actor, at }: Asked): SaidEntry {
  const answered = transactions.AnswerCorrection.request.parse(input);
  return {
    objectType: correctionAnswers.objectType,
    key: keySchema.parse(answered),
    said: { ...answered, at, by: referenceTo(actor) },
  };
}

function keyOf({ objectType, key: { pseudonym, recordId, number } }: SaidEntry): string {
  const [ofPatient, ofRecord, ofNumber] = corrections.key;
  return compositeKey(objectType, ofPatient.spell(pseudonym), ofRecord.spell(recordId), ofNumber.spell(number));
}

const writtenSchema = z.record(z.string(), z.json());

/** Whether all that was said stands there; a later chaincode may write more. */
function isWritten(value: BlockWrite['value'], said: object): boolean {
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  if (written === undefined) return false;
  const asSaid = Object.fromEntries(Object.keys(said).map((field) => [field, written[field] ?? null]));
  return canonicalJson(asSaid) === canonicalJson(said);
}

function alarmOf(isOfKey: boolean, pseudonym: Pseudonym): AlarmFact {
  return { kind: 'alarm', alarm: isOfKey ? 'correction-not-as-commanded' : 'correction-without-command', pseudonym };
}
