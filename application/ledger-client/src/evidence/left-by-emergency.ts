import {
  canonicalJson,
  type Emergency,
  emergencyArea,
  type Input,
  type Json,
  type PermittedTicket,
  type StaffAsker,
  type transactions,
} from '@lianyi/domain';
import { debtorsOf, listedUnder, newEmergency } from '@lianyi/domain/deciding';
import { type BlockCall } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { jsonOf } from './strangers-json';
import { isTold } from './written-audit';

const { emergencies, emergenciesOf, emergencyDebts } = emergencyArea.entities;

/**
 * Whether a transaction that breaks the glass leaves what nobody would review it without: the case, with what was committed to, in the lists of whom it
 * concerns, the debts of who asked and of their department, and the line that the patient reads. What was owed before, only the state says.
 */
export function leavesItsReview(
  call: BlockCall,
  permit: PermittedTicket & { readonly actor: StaffAsker },
  told: Pick<Input<typeof transactions.BreakGlass>, 'reason' | 'opening' | 'second' | 'narrativeCommitment'>,
): boolean {
  const { reason, opening, second, narrativeCommitment } = told;
  const emergency = newEmergency(permit, { reason, opening, ...(second === undefined ? {} : { second }), narrativeCommitment });
  const { ticketId, pseudonym, asker } = emergency;
  const actor = { kind: 'staff', mspId: asker.mspId, actorTag: asker.actorTag } as const;
  return (
    says(writtenAt(call, emergencies.objectType, ticketId), emergency) &&
    listedUnder(emergency).every((listed) => {
      const { party, openedAt } = listed;
      const at = [party.kind, party.name, emergenciesOf.key[2].spell(openedAt), ticketId];
      return says(writtenAt(call, emergenciesOf.objectType, ...at), listed);
    }) &&
    Object.values(debtorsOf(asker)).every((debtor) => owes(call, debtor, emergency)) &&
    isTold(call, { pseudonym, event: 'EmergencyPermitted', actor })
  );
}

function owes(call: BlockCall, debtor: ReturnType<typeof debtorsOf>['person'], { ticketId, reviewDueAt }: Emergency): boolean {
  const debt = writtenAt(call, emergencyDebts.objectType, debtor.kind, debtor.mspId, debtor.name);
  const open = debt?.['open'];
  return (
    says(debt, { debtor }) &&
    Array.isArray(open) &&
    open.some((each: Json) => canonicalJson(each) === canonicalJson({ ticketId, reviewDueAt }))
  );
}

type Written = { readonly [name: string]: Json };

function writtenAt({ writes }: BlockCall, objectType: string, ...parts: readonly string[]): Written | undefined {
  const key = compositeKey(objectType, ...parts);
  const json = jsonOf(writes.find((write) => write.key === key)?.value);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Written) : undefined; // strict JSON
}

/** A later chaincode may write more. */
function says(written: Written | undefined, expected: object): boolean {
  return Object.entries(expected).every(([name, value]) => canonicalJson(written?.[name] ?? null) === canonicalJson(value));
}
