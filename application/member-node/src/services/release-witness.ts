import { type WitnessedRelease } from '@lianyi/client';
import {
  checkStaffStatement,
  bindingOf,
  DomainError,
  hashOfJson,
  instantOf,
  type Proof,
  type RecordId,
  type ReleaseId,
  type TicketId,
} from '@lianyi/domain';
import { type NodeIdentity } from '../check-caller';
import { type LedgerReader } from '../ledger-reader';

export interface ReleaseWitnessServices {
  readonly identity: NodeIdentity;
  /** The own organisation's peers. */
  readonly reader: Pick<LedgerReader, 'ticket' | 'recordVersion' | 'keyRelease' | 'staff'>;
  /** Looks again with each block until something is found. */
  readonly waitFor: <Found>(look: () => Promise<Found | undefined>, timeoutMillis: number) => Promise<Found | undefined>;
}

/** What was asked, as it was sent. */
interface WitnessQuestion {
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
  readonly releaseId: ReleaseId;
}

/** The release is committed when it is asked for; this member's peer may still lack the block. */
const PATIENCE_MILLIS = 5_000;

/**
 * Tells readers of other members what this member's own peer has of a release, so that no reader depends on their own node's word. It tells
 * only who holds the ticket, and nothing that their own node could not have told them.
 */
export class ReleaseWitness {
  constructor(private readonly services: ReleaseWitnessServices) {}

  /**
   * @param signedInput - the question as it was sent, before any schema touched it
   * @throws {@link DomainError} `NOT_AUTHENTICATED`, `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE`, `STAFF_REVOKED`, `OFF_DUTY`; `NOT_FOUND` —
   * this peer has no such ticket or release; `NOT_PERMITTED` — another person's ticket
   */
  async witness(
    operation: { readonly contract: string; readonly name: string },
    { ticketId, recordId, releaseId }: WitnessQuestion,
    signedInput: unknown,
    proof: Proof,
  ): Promise<WitnessedRelease> {
    const { reader, waitFor } = this.services;
    const { msp, actorTag } = await this.#asker(operation, signedInput, proof);
    const release = await waitFor(() => reader.keyRelease(ticketId, releaseId), PATIENCE_MILLIS);
    const ticket = await reader.ticket(ticketId);
    if (release === undefined || ticket === undefined) throw new DomainError('NOT_FOUND', undefined, { ticketId });
    if (ticket.actor.mspId !== msp || ticket.actor.actorTag !== actorTag)
      throw new DomainError('NOT_PERMITTED', 'no ticket of this person', { ticketId });
    if (ticket.decision !== 'permit' || !ticket.recordIds.includes(recordId)) throw new DomainError('NOT_FOUND', undefined, { recordId });
    const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)] ?? 0;
    const record = await reader.recordVersion(ticket.pseudonym, recordId, version);
    const service = await reader.staff(release.service.mspId, release.service.actorTag);
    const { mspId, publicKeyHash } = service;
    return { ticket, record, release, service: { mspId, actorTag: service.actorTag, publicKeyHash } };
  }

  /** Staff of any member, known by the ledger alone: the statement names this operation, so it stands for nothing else. */
  async #asker(
    operation: { readonly contract: string; readonly name: string },
    signedInput: unknown,
    proof: Proof,
  ): Promise<{ readonly msp: string; readonly actorTag: string }> {
    if (proof.kind !== 'staff') throw new DomainError('NOT_AUTHENTICATED', 'a staff proof is required');
    const { msp, actorTag } = proof.statement;
    const binding = bindingOf(this.services.identity, operation, hashOfJson(signedInput));
    const staff = await this.services.reader.staff(msp, actorTag);
    checkStaffStatement(proof, { ...binding, carrierMspId: msp, now: instantOf(Date.now()) }, staff);
    return { msp, actorTag };
  }
}
