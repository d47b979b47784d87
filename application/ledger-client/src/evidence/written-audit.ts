import { z } from 'zod';
import {
  accessEventSchema,
  type ActorReference,
  auditArea,
  canonicalJson,
  type EventName,
  instantOf,
  type Pseudonym,
  type RecordId,
  type TicketId,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { entryAt } from './composite-key';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { accessEvents } = auditArea.entities;

/** Whether a key is that of a line of an audit. */
export function isOfAudit(type: string | undefined): boolean {
  return type === accessEvents.objectType;
}

/** A line of a patient's audit, as far as it says where it stands, who acted and what happened; a later chaincode may write more. */
const countingLine = accessEventSchema
  .pick({ schemaVersion: true, pseudonym: true, at: true, txId: true, n: true })
  .extend(accessEventSchema.pick({ event: true, actor: true }).shape)
  .loose();

/** What is written to a patient's audit: nothing but lines of the transaction's own, since a line is how the patient sees what happened. */
export function auditFacts(call: BlockCall, write: BlockWrite, pseudonym: Pseudonym): readonly AlarmFact[] {
  return ownLine(call, write) === undefined ? [{ kind: 'alarm', alarm: 'audit-without-command', pseudonym }] : [];
}

/** What a line of a patient's audit says: what happened, and who has done it. */
export type ToldLine = { readonly pseudonym: Pseudonym; readonly event: EventName; readonly actor: ActorReference };

/**
 * Whether a transaction writes the line of the patient's audit that says something, where its time has it stand. What rests on the patient's
 * seeing it counts with its line and not without: nobody objects to what nobody shows them.
 */
export function isTold(call: BlockCall, told: ToldLine): boolean {
  return call.writes.some((write) => {
    const line = ownLine(call, write);
    return line?.pseudonym === told.pseudonym && line.event === told.event && canonicalJson(line.actor) === canonicalJson(told.actor);
  });
}

/** A line that tells that something has left: with which permit, of which record, and whose it was where that is known. */
type ToldDisclosure = Pick<ToldLine, 'event' | 'actor'> & {
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
  readonly pseudonym?: Pseudonym;
};

const disclosedSchema = accessEventSchema.pick({ ticketId: true, recordIds: true }).strip();

/** Whether a transaction writes the line of an audit that tells of what has left with it. */
export function isDisclosureTold(call: BlockCall, { event, actor, ticketId, recordId, pseudonym }: ToldDisclosure): boolean {
  return call.writes.some((write) => {
    const line = ownLine(call, write);
    if (line?.event !== event || canonicalJson(line.actor) !== canonicalJson(actor)) return false;
    const disclosed = disclosedSchema.safeParse(line).data;
    const isOfIt = disclosed?.ticketId === ticketId && disclosed.recordIds?.includes(recordId) === true;
    return isOfIt && (pseudonym === undefined || line.pseudonym === pseudonym);
  });
}

/** What a line of an audit says besides who, when and which event; of a later chaincode, nothing that this version cannot read. */
const detailsOfLine = z.object(
  accessEventSchema.pick({
    decision: true,
    purpose: true,
    ticketId: true,
    recordIds: true,
    reasons: true,
    grantee: true,
    policyVersion: true,
  }).shape,
);
export type WrittenLine = OwnLine & z.output<typeof detailsOfLine>;

/** The lines of audits that a transaction has written as the chaincode does: whoever they are about. */
export function auditLinesIn(call: BlockCall): readonly WrittenLine[] {
  return call.writes.flatMap((write) => {
    const line = ownLine(call, write);
    if (line === undefined) return [];
    const { schemaVersion, pseudonym, at, txId, n, event, actor } = line;
    return [{ schemaVersion, pseudonym, at, txId, n, event, actor, ...detailsOfLine.safeParse(line).data }];
  });
}

/** The line that a transaction has written as the chaincode does, under the key that it says; undefined for every other write. */
function ownLine({ transactionId, proposedAtMillis }: BlockCall, { key, value }: BlockWrite): OwnLine | undefined {
  const { objectType, parts = [] } = entryAt(key) ?? {};
  const line = isOfAudit(objectType) ? countingLine.safeParse(jsonOf(value)).data : undefined;
  if (line === undefined || line.at !== instantOf(proposedAtMillis) || line.txId !== transactionId) return undefined;
  // a time of strangers may be none that a key can hold
  const spelled = attempt(() => spelledKeyOf(line));
  return spelled !== undefined && canonicalJson(spelled) === canonicalJson([...parts]) ? line : undefined;
}

type OwnLine = ReturnType<typeof countingLine.parse>;

function spelledKeyOf({ pseudonym, at, txId, n }: OwnLine): readonly string[] {
  const [ofPatient, ofTime, ofTransaction, ofNumber] = accessEvents.key;
  return [ofPatient.spell(pseudonym), ofTime.spell(at), ofTransaction.spell(txId), ofNumber.spell(n)];
}
