import {
  assertOwnId,
  DomainError,
  type Input,
  type Instant,
  type OwnAsker,
  type Output,
  ownTicketIdOf,
  type Ticket,
  type transactions,
} from '@lianyi/domain';
import { originOf, type WriteScope } from '../scope';
import { asPatientSide, madeBefore } from '../standing';
import { commitTicket } from './commit-ticket';
import { decideOwn } from './decide';

type Entry = typeof transactions.OpenOwnRecords;

/**
 * Lets a patient, or a parent or a court's delegate for them, read records of the patient: always. The decision is committed like any other, and
 * the custodian's key service acts on the committed ticket only.
 */
export async function OpenOwnRecords(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { ticketId, pseudonym, recordIds, ephemeralPublicKey } = input;
  assertOwnId(ticketId, ownTicketIdOf({ pseudonym, nonce: input.nonce }));
  const [existing, { actor, until }, decided] = await Promise.all([
    scope.ledger.tickets.find(ticketId),
    askerOf(scope, input),
    decideOwn(scope.ledger, { pseudonym, recordIds }),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const { records } = decided;
  const decisions = decided.decisions.map((each) => (each.effect === 'permit' && until !== undefined ? { ...each, until } : each));
  const asked = { ticketId, pseudonym, recordIds, ephemeralPublicKey, purpose: 'PATRQT' } as const;
  const request = { schemaVersion: 1, ...asked, actor, requestedAt: scope.now, origin: originOf(scope) } as const;
  return answerOf(await commitTicket(scope, request, { decisions, records }));
}

/** Who asks, as the ticket names them, and how long they may: what somebody acts by for a patient may end before the ticket does. */
async function askerOf(
  scope: WriteScope,
  { pseudonym, mspId: named }: Input<Entry>,
): Promise<{ readonly actor: OwnAsker; readonly until?: Instant }> {
  const side = asPatientSide(scope.actor, pseudonym);
  if (side.kind === 'assisted') throw new DomainError('NOT_PERMITTED');
  const { carrierMspId: mspId } = side;
  if (mspId !== named) throw new DomainError('PROOF_MISMATCH', 'it was to be carried by another member', { field: 'mspId' });
  if (side.kind === 'patient') return { actor: { kind: 'patient', mspId } };
  const { delegationId } = side;
  const { validUntil: until } = await scope.ledger.delegations.get(pseudonym, delegationId);
  return { actor: { kind: 'delegate', mspId, delegationId }, until };
}

function answerOf({ ticketId, denied, ...ticket }: Ticket): Output<Entry> {
  const partly = denied === undefined ? {} : { denied };
  if (ticket.decision === 'deny') return { ticketId, decision: 'deny', reasons: ticket.reasons, provisionIds: [], ...partly };
  const { provisionIds, expiresAt, state, retracted } = ticket;
  const marked = retracted === undefined ? {} : { retracted };
  return { ticketId, decision: 'permit', reasons: [], provisionIds, expiresAt, state, ...partly, ...marked };
}
