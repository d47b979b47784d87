import { type MspId, mspIdSchema, type Pseudonym, relationshipArea, relationshipSchema, transactions } from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { jsonOf } from './strangers-json';
import { type AlarmFact, type Command, type KnownPatients, type RelationshipFact, type RelationshipWord } from './patient-facts';

const NOTHING_SAID: RelationshipWord = { answer: 'none', isSuspended: false, isEnded: false };

interface Step {
  readonly effect: 'opens' | 'closes';
  readonly says: Partial<RelationshipWord>;
}

/** What each command says on the patient's side. One of the catalogue that changes a relationship and is missing here raises an alarm. */
const steps: Readonly<Record<string, Step>> = {
  [transactions.AcceptRelationship.name]: { effect: 'opens', says: { answer: 'accepted' } },
  [transactions.RejectRelationship.name]: { effect: 'closes', says: { answer: 'rejected' } },
  [transactions.SuspendRelationship.name]: { effect: 'closes', says: { isSuspended: true } },
  [transactions.ResumeRelationship.name]: { effect: 'opens', says: { isSuspended: false } },
  [transactions.TerminateRelationship.name]: { effect: 'closes', says: { isEnded: true } },
};

const { objectType } = relationshipArea.entities.relationships;

/** Whether a key is one of a relationship. */
export function isOfRelationship(type: string | undefined): boolean {
  return type === objectType;
}

/** Whose relationship a command answers, for ever; undefined if it answers none. */
export function answered({ name }: Command['entry'], input: unknown): MspId | undefined {
  const isAnswer = name === transactions.AcceptRelationship.name || name === transactions.RejectRelationship.name;
  return isAnswer ? transactions.AcceptRelationship.request.parse(input).mspId : undefined;
}

type Facts = readonly (RelationshipFact | AlarmFact)[];

/** What a written relationship says, held against what the patient has said up to now and says in this transaction. */
export async function relationshipFacts(
  { value }: BlockWrite,
  about: { readonly pseudonym: Pseudonym; readonly mspId: string | undefined },
  own: Command | undefined,
  known: KnownPatients,
): Promise<Facts> {
  const { pseudonym } = about;
  const mspId = mspIdSchema.safeParse(about.mspId).data;
  if (mspId === undefined) return [{ kind: 'alarm', alarm: 'relationship-without-command', pseudonym }];
  const step = own && stepFor(own, pseudonym, mspId);
  const said = await saidAfter(step, pseudonym, mspId, known);
  const isSigned = isAsSaid(value, said);
  const restsOnLate = own?.restsOnLate === true;
  const fact: RelationshipFact = { kind: 'relationship', pseudonym, mspId, said, isSigned, command: step?.effect, restsOnLate };
  if (fact.isSigned) return [fact];
  const alarm = step === undefined ? 'relationship-without-command' : 'relationship-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: mspId }];
}

/** What the patient's command says of a relationship that the transaction does not write. */
export async function unwrittenRelationship(own: Command, writes: readonly BlockWrite[], known: KnownPatients): Promise<Facts> {
  const about = transactions.AcceptRelationship.request.safeParse(own.input).data;
  const { pseudonym } = own.proof.statement;
  const step = about && stepFor(own, pseudonym, about.mspId);
  if (about === undefined || step === undefined || writes.some(({ key }) => key === compositeKey(objectType, pseudonym, about.mspId)))
    return [];
  const { mspId } = about;
  const said = await saidAfter(step, pseudonym, mspId, known);
  return [
    { kind: 'relationship', pseudonym, mspId, said, isSigned: false, command: step.effect, restsOnLate: own.restsOnLate },
    { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym, detail: mspId },
  ];
}

function stepFor({ entry, input, isAllowed }: Command, pseudonym: Pseudonym, mspId: MspId): Step | undefined {
  const step = isAllowed ? steps[entry.name] : undefined;
  if (step === undefined) return undefined;
  // these commands all ask alike
  const about = transactions.AcceptRelationship.request.safeParse(input).data;
  if (about?.pseudonym !== pseudonym || about.mspId !== mspId) return undefined;
  // who names no kind accepts care, and who names no group the whole organisation
  if (entry.name !== transactions.AcceptRelationship.name) return step;
  const { type = 'care', group } = about;
  return { ...step, says: { ...step.says, type, ...(group === undefined ? {} : { group }) } };
}

async function saidAfter(step: Step | undefined, pseudonym: Pseudonym, mspId: MspId, known: KnownPatients): Promise<RelationshipWord> {
  return { ...((await known.relationshipOf(pseudonym, mspId)) ?? NOTHING_SAID), ...step?.says };
}

const writtenSchema = relationshipSchema.pick({ type: true, group: true, state: true, suspendedBy: true }).loose();

/** Whether a written relationship leaves the patient's side as the patient has it; the hospital's side is the hospital's. */
function isAsSaid(value: BlockWrite['value'], { type, group, answer, isSuspended, isEnded }: RelationshipWord): boolean {
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  if (written === undefined) return false;
  const { state, suspendedBy } = written;
  if ((suspendedBy === 'patient' || suspendedBy === 'both') !== isSuspended) return false;
  if (type !== undefined && (written.type !== type || written.group !== group)) return false;
  if (answer === 'none') return state === 'proposed';
  if (answer === 'rejected') return state === 'rejected';
  return isEnded ? state === 'terminated' : state !== 'proposed' && state !== 'rejected';
}
