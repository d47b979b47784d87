import { type WitnessedRelease } from '@lianyi/client';
import {
  bindingOf,
  checkRequestProof,
  checkStaffStatement,
  DomainError,
  hashOfJson,
  canonicalJson,
  instantOf,
  isPointerId,
  type KeyRelease,
  type Proof,
  type RecordId,
  type ReleaseId,
  type Ticket,
  type TicketId,
} from '@lianyi/domain';
import { ticketHolderOf, type TicketHolder } from '@lianyi/domain/deciding';
import { type Admission } from '../admission/admission';
import { type NodeIdentity, ownReaderBy, type AdmittedReader } from '../check-caller';
import { type DeviceWitness } from '../device-witness';
import { type LedgerReader } from '../ledger-reader';
import { deviceOf } from './device-of';

export interface ReleaseWitnessServices {
  readonly identity: NodeIdentity;
  /** The own organisation's peers. */
  readonly reader: Pick<
    LedgerReader,
    'ticket' | 'recordVersion' | 'pointerVersion' | 'keyRelease' | 'staff' | 'pseudonym' | 'delegation' | 'disagreement'
  >;
  readonly devices: Pick<DeviceWitness, 'entryOf'>;
  readonly admission: Pick<Admission, 'assertWelcome' | 'assertKnownSigner' | 'question'>;
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
   * Staff of any member, or a patient's side, known by the ledger alone: the statement names this operation, so it stands for nothing else.
   * @param signedInput - the question as it was sent, before any schema touched it
   * @param ip - where the question came from
   * @throws {@link DomainError} `NOT_AUTHENTICATED`, `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE`, `STAFF_REVOKED`, `OFF_DUTY`; those of
   * {@link ownReaderBy} and {@link Admission.assertKnownSigner}
   */
  async assertAsker(
    operation: { readonly contract: string; readonly name: string },
    signedInput: unknown,
    proof: Proof,
    ip: string,
  ): Promise<AdmittedReader> {
    const { identity, admission, reader } = this.services;
    const carried = proof.kind === 'staff' ? { carrierMspId: proof.statement.msp } : {};
    const context = { ...bindingOf(identity, operation, hashOfJson(signedInput)), ...carried, now: instantOf(Date.now()) };
    admission.assertWelcome(proof, ip);
    // the peer works only for a proof that is sound in itself and by a key that the ledger knows
    checkRequestProof(proof, context);
    await admission.assertKnownSigner(proof, ip);
    if (proof.kind === 'patient' || proof.kind === 'delegate')
      return admission.question(proof, ip, () => ownReaderBy(proof, context, reader));
    if (proof.kind !== 'staff') throw new DomainError('NOT_AUTHENTICATED', 'a proof of staff or of the patient is required');
    const { msp: mspId, actorTag } = proof.statement;
    checkStaffStatement(proof, { ...context, carrierMspId: mspId }, await reader.staff(mspId, actorTag));
    return { holder: { kind: 'staff', mspId, actorTag }, memberMspId: mspId };
  }

  /**
   * @throws {@link DomainError} `NOT_FOUND` — this peer has no such ticket or release; `NOT_PERMITTED` — another person's ticket; those of
   * {@link DeviceWitness.entryOf}
   */
  async witness(asker: TicketHolder, { ticketId, recordId, releaseId }: WitnessQuestion): Promise<WitnessedRelease> {
    const { reader, devices } = this.services;
    const release = (await reader.keyRelease(ticketId, releaseId)) ?? (await this.#awaitedRelease(asker, ticketId, releaseId));
    // who reads waits for this, so what does not need each other is read at once
    const [ticket, service] = await Promise.all([
      reader.ticket(ticketId),
      release && reader.staff(release.service.mspId, release.service.actorTag),
    ]);
    if (release === undefined || service === undefined || ticket === undefined) throw new DomainError('NOT_FOUND', undefined, { ticketId });
    assertTheirs(ticket, asker);
    if (ticket.decision !== 'permit' || !ticket.recordIds.includes(recordId)) throw new DomainError('NOT_FOUND', undefined, { recordId });
    const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)] ?? 0;
    const { pseudonym } = ticket;
    const [record, disagreement] = await Promise.all([
      isPointerId(recordId) ? reader.pointerVersion(pseudonym, recordId, version) : reader.recordVersion(pseudonym, recordId, version),
      reader.disagreement({ pseudonym, recordId }),
    ]);
    const { mspId, publicKeyHash } = service;
    const made = await deviceOf(devices, ticket.custodianMspId, record);
    return { ticket, record, release, service: { mspId, actorTag: service.actorTag, publicKeyHash }, disagreement, ...made };
  }

  /** A release that this peer does not have yet. Another's ticket is waited for by nobody; one's own may come with the block of the release. */
  async #awaitedRelease(asker: TicketHolder, ticketId: TicketId, releaseId: ReleaseId): Promise<KeyRelease | undefined> {
    const { reader, waitFor } = this.services;
    assertTheirs(await reader.ticket(ticketId), asker);
    return waitFor(() => reader.keyRelease(ticketId, releaseId), PATIENCE_MILLIS);
  }
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the ticket is there, and another's. */
function assertTheirs(ticket: Ticket | undefined, asker: TicketHolder): void {
  if (ticket === undefined || canonicalJson(ticketHolderOf(ticket)) === canonicalJson(asker)) return;
  throw new DomainError('NOT_PERMITTED', 'no ticket of this person', { ticketId: ticket.ticketId });
}
