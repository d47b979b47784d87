import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  addMilliseconds,
  canonicalJson,
  emergencyArea,
  instantOf,
  isOwnAsker,
  permittedTicketSchema,
  sha256,
  transactions,
} from '@lianyi/domain';
import { debtorsOf, listedUnder, newEmergency, owing } from '@lianyi/domain/deciding';
import { type Call } from './block-of-calls.fixture';
import { nonce, NOW, type Person, pseudonym, recordId, signedBy, ticketEntry, ticketIdFor, ticketKey } from './member-chain.fixture';
import { MINUTE } from './patient-chain.fixture';
import { auditLine } from './recovery-world.fixture';

const ephemeralPublicKey = publicKeyOf(newPrivateKey());

/** The case, its lists, the debts and the line that stand beside a ticket. */
function leftBy(ticket: string, told: Parameters<typeof newEmergency>[1]): Record<string, string> {
  const permit = permittedTicketSchema.parse(JSON.parse(ticket));
  const { actor } = permit;
  if (isOwnAsker(actor)) throw new Error('of staff');
  const emergency = newEmergency({ ...permit, actor }, told);
  const { emergencies, emergenciesOf, emergencyDebts } = emergencyArea.entities;
  const debts = Object.values(debtorsOf(emergency.asker)).map((debtor) => owing(undefined, debtor, emergency));
  const [, , ofTime] = emergenciesOf.key;
  return {
    [keyAt(emergencies.objectType, emergency.ticketId)]: canonicalJson(emergency),
    ...Object.fromEntries(
      listedUnder(emergency).map((listed) => {
        const { party, openedAt, ticketId } = listed;
        return [keyAt(emergenciesOf.objectType, party.kind, party.name, ofTime.spell(openedAt), ticketId), canonicalJson(listed)];
      }),
    ),
    ...Object.fromEntries(
      debts.map((debt) => [keyAt(emergencyDebts.objectType, debt.debtor.kind, debt.debtor.mspId, debt.debtor.name), canonicalJson(debt)]),
    ),
    ...auditLine('EmergencyPermitted', Date.parse(emergency.openedAt)),
  };
}
const keyAt = (...parts: readonly string[]): string => `\u0000${parts.join('\u0000')}\u0000`;

/** What is written of the ticket of an emergency, beside what stands in every one. */
export const written = (changes: object = {}): object => ({
  ...{ purpose: 'ETREAT', emergency: { scope: 'full' }, provisionIds: ['emergency'], ephemeralPublicKey },
  ...{ expiresAt: addMilliseconds(instantOf(NOW), 60 * MINUTE) },
  ...changes,
});

/** Somebody of the department of neurology breaks the glass, and what is written for it. */
export function brokenBy(by: Person, changes: object = {}, said: object = {}, at = NOW): Call {
  const input = {
    ...{ ticketId: ticketIdFor(by), nonce, pseudonym, recordIds: [recordId], department: 'neurology', ephemeralPublicKey },
    ...{ reason: 'no-time', opening: { scope: 'full', withoutDataset: 'none-prepared' }, narrativeCommitment: sha256('it') },
    ...{ lastsMinutes: 60, ...said },
  };
  const ticket = ticketEntry(by, JSON.parse(JSON.stringify(written(changes))) as object);
  const writes = { ...leftBy(ticket, transactions.BreakGlass.request.parse(input)), [ticketKey(ticketIdFor(by))]: ticket };
  return signedBy(by, transactions.BreakGlass, input, writes, at);
}
