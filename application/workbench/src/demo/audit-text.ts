import { type AuditLine } from '../acts';

/** One line of the patient's audit, as the story shows it. */
export function auditText({ at, event, actor, decision, purpose, reasons, provisionIds }: AuditLine): string {
  const who = actor.kind === 'staff' ? `${actor.mspId ?? ''}:${(actor.actorTag ?? '').slice(0, 8)}…` : actor.kind;
  const why = [decision, purpose, ...(reasons ?? []), ...(provisionIds ?? [])].filter((part) => part !== undefined);
  return [at, event.padEnd(22), who.padEnd(24), why.join(' ')].join('  ').trimEnd();
}
