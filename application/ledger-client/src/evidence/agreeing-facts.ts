import { type MemberFact } from './member-facts';
import { type PatientFact } from './patient-facts';

type Fact = MemberFact | PatientFact;

/**
 * The facts of one transaction, of which no two say something of one entry. Where two did, nobody could tell which of them holds: then
 * neither is the word of whose it is.
 */
export function agreeing<Each extends Fact>(facts: readonly Each[]): readonly Each[] {
  const counts = new Map<string, number>();
  for (const fact of facts) {
    const entry = entryOf(fact);
    if (entry !== undefined) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  return facts.map((fact) => ((counts.get(entryOf(fact) ?? '') ?? 0) > 1 ? doubted(fact) : fact));
}

/** Of which entry a fact says something; undefined for an alarm and for what is no written entry. */
function entryOf(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'consent':
      return ['consent', fact.pseudonym, fact.grantee.kind, fact.grantee.mspId, fact.grantee.name].join(' ');
    case 'relationship':
      return `relationship ${fact.pseudonym} ${fact.mspId}`;
    case 'staff':
      return `staff ${fact.mspId} ${fact.actorTag}`;
    case 'device':
      return `device ${fact.mspId} ${fact.deviceId}`;
    case 'record':
      return `record ${fact.pseudonym} ${fact.recordId}`;
    case 'ticket':
    case 'ownTicket':
      return `ticket ${fact.ticketId}`;
    case 'approval':
      return `approval ${fact.pseudonym} ${fact.mspId} ${fact.actorTag}`;
    case 'copy':
      return `copy ${fact.holderMspId} ${fact.pseudonym} ${fact.ticketId} ${fact.recordId}`;
    case 'parameter':
      return `parameter ${fact.name}`;
    default:
      return undefined;
  }
}

function doubted<Each extends Fact>(fact: Each): Each {
  switch (fact.kind) {
    case 'consent':
    case 'relationship':
      return { ...fact, isSigned: false };
    case 'staff':
    case 'device':
    case 'record':
    case 'approval':
    case 'copy':
      return { ...fact, isProven: false };
    case 'parameter':
      return { ...fact, written: undefined };
    case 'ticket':
    case 'ownTicket':
      return { ...fact, isAsked: false };
    default:
      return fact;
  }
}
