import {
  type ActorReference,
  canonicalJson,
  type DomainEvent,
  parseArgument,
  type Proof,
  referenceTo,
  transactionByName,
} from '@lianyi/domain';
import { eventSources } from '@lianyi/domain/deciding';
import { type BlockCall } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { entryAt } from './composite-key';
import { attempt } from './strangers-json';

/**
 * Whether what a transaction's client asked for, and what it writes, is what leads to an event, by whom the event's line says: enough endorsers can tell any
 * event with its line, and nothing that a judge of entries would look at.
 *
 * Of a patient's side only the command's form is looked at here: whether it is signed, the judge of patients' commands says.
 * @param asked - what staff or an administrator has asked for with it
 */
export function isLedTo(call: BlockCall, event: DomainEvent, actor: ActorReference, asked: Asked | undefined): boolean {
  const [writes, ...by] = eventSources[event.name];
  const entry = transactionByName(call.args[0] ?? '');
  if (entry === undefined || !by.some((each) => each === entry.name) || !isWritten(call, writes)) return false;
  if (actor.kind === 'staff' || actor.kind === 'administrator')
    return asked?.entry === entry && canonicalJson(referenceTo(asked.actor)) === canonicalJson(actor);
  const proof = attempt(() => parseArgument(entry, call.args[1] ?? ''))?.proof;
  return proof !== undefined && isOf(proof, actor) && isAbout(event, actor);
}

function isAbout(event: DomainEvent, actor: ActorReference): boolean {
  return !('pseudonym' in actor && 'pseudonym' in event) || actor.pseudonym === event.pseudonym;
}

function isWritten({ writes }: BlockCall, of: string | readonly string[]): boolean {
  const kinds = new Set<string | undefined>([of].flat());
  return writes.some(({ key, value }) => value !== undefined && kinds.has(entryAt(key)?.objectType));
}

function isOf({ kind, statement }: Proof, actor: ActorReference): boolean {
  if (kind !== actor.kind) return false;
  return !('pseudonym' in statement && 'pseudonym' in actor) || statement.pseudonym === actor.pseudonym;
}
