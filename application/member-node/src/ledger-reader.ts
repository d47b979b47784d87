import { type Disagreement, disagreementWith } from '@lianyi/client';
import {
  type ActorTag,
  DomainError,
  type Delegation,
  type DelegationId,
  type Evaluation,
  type EvaluationId,
  type KeyRelease,
  type Ledger,
  type MspId,
  newRequest,
  type Output,
  type Pin,
  type PinId,
  type PointerVersion,
  type Pseudonym,
  type PseudonymEntry,
  type QueryTemplate,
  type RecordId,
  type RecordVersion,
  Refused,
  type Relationship,
  type ReleaseId,
  type Staff,
  type TemplateReference,
  type Ticket,
  type TicketId,
  transactions,
} from '@lianyi/domain';
import { GatewayLedger, type OrganisationPeers } from '@lianyi/ledger-client';

/** A ticket as the ledger has it, and what it opens now. */
export type TicketStanding = Output<typeof transactions.GetTicketStanding>;

/**
 * Checks that a ticket opens a record now; without one, that it opens those that have not changed.
 * @throws {@link DomainError} `TICKET_CLOSED` — details name the obstacle
 */
export function assertStanding(
  standing: Pick<TicketStanding, 'obstacle' | 'changedRecordIds' | 'withdrawnRecordIds'>,
  { ticketId, recordId }: { readonly ticketId: TicketId; readonly recordId?: RecordId },
): void {
  const isChanged = recordId !== undefined && standing.changedRecordIds.includes(recordId);
  const isWithdrawn = recordId !== undefined && standing.withdrawnRecordIds?.includes(recordId) === true;
  const obstacle = standing.obstacle ?? (isChanged ? 'record-changed' : isWithdrawn ? 'consent-changed' : undefined);
  if (obstacle !== undefined) throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle });
}

/** What node and key service read of the ledger: the word of one organisation's peers. */
export class LedgerReader {
  constructor(
    readonly mspId: MspId,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Reads from the organisation's own peers and no others.
   * @param certificateMspId - the organisation of the certificate that asks
   */
  static ofPeers(mspId: MspId, peers: OrganisationPeers, certificateMspId: MspId): LedgerReader {
    if (peers.mspId !== mspId) throw new Error(`the peers of ${peers.mspId} do not speak for ${mspId}`);
    return new LedgerReader(mspId, new GatewayLedger(peers, certificateMspId, mspId));
  }

  /** Undefined if this peer does not know the ticket (yet). */
  async ticket(ticketId: TicketId): Promise<Ticket | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetDecision, { ticketId })));
  }

  /** A ticket, and whether it still opens what it was given for; undefined if this peer does not know it (yet). */
  async ticketStanding(ticketId: TicketId): Promise<TicketStanding | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetTicketStanding, { ticketId })));
  }

  async recordVersion(pseudonym: string, recordId: RecordId, version: number): Promise<RecordVersion> {
    return this.ledger.evaluate(newRequest(transactions.GetRecordVersion, { pseudonym, recordId, version }));
  }

  async pointerVersion(pseudonym: string, pointerId: RecordId, version: number): Promise<PointerVersion> {
    return this.ledger.evaluate(newRequest(transactions.GetPointerVersion, { pseudonym, pointerId, version }));
  }

  /** Whether the patient disagrees with a record. */
  async disagreement(of: Parameters<typeof disagreementWith>[1]): Promise<Disagreement> {
    return disagreementWith(this.ledger, of);
  }

  async queryTemplate(reference: TemplateReference): Promise<QueryTemplate> {
    return this.ledger.evaluate(newRequest(transactions.GetQueryTemplate, reference));
  }

  async pseudonym(pseudonym: Pseudonym): Promise<PseudonymEntry> {
    return this.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
  }

  async delegation(pseudonym: Pseudonym, delegationId: DelegationId): Promise<Delegation> {
    return this.ledger.evaluate(newRequest(transactions.GetDelegation, { pseudonym, delegationId }));
  }

  /** Undefined if there is none. */
  async relationship(pseudonym: Pseudonym, mspId: MspId): Promise<Relationship | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetRelationship, { pseudonym, mspId })));
  }

  /** Undefined if this peer does not know the release (yet). */
  async keyRelease(ticketId: TicketId, releaseId: ReleaseId): Promise<KeyRelease | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetKeyRelease, { ticketId, releaseId })));
  }

  /** Undefined if this peer does not know the evaluation (yet). */
  async evaluation(evaluationId: EvaluationId): Promise<Evaluation | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetEvaluation, { evaluationId })));
  }

  /** Undefined if this peer does not know the PIN (yet). */
  async pin(pinId: PinId): Promise<Pin | undefined> {
    return unlessUnknown(this.ledger.evaluate(newRequest(transactions.GetPin, { pinId })));
  }

  async staff(mspId: MspId, actorTag: ActorTag): Promise<Staff> {
    return this.ledger.evaluate(newRequest(transactions.GetStaff, { mspId, actorTag }));
  }
}

/** What is asked for; undefined if the peers know nothing of it (yet). */
export async function unlessUnknown<Found>(asking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
