import { newId, type ReleaseAttestation, releaseStatementOf, type ReleaseStatement, wrapDataKey } from '@lianyi/client';
import {
  assertTicketOpens,
  canonicalJson,
  DomainError,
  encodeBase64url,
  type Instant,
  type MspId,
  OutcomeUnknown,
  type PermittedTicket,
  type PublicKey,
  type RecordId,
  type RecordVersion,
  type ReleaseId,
  releaseIdSchema,
  type Sha256,
  sha256,
  type Ticket,
  type TicketId,
  versionIdentityOf,
} from '@lianyi/domain';
import { Lane } from '../admission/lane';
import { type Sighting } from '../ledger-index/ledger-index';
import { type PatientsWord } from '../ledger-index/patient-index';

/** What the blocks of several members' peers say. */
export interface BlockWitness {
  decisionsOn(ticketId: TicketId): Promise<readonly Sighting[]>;
  transaction(transactionId: string): Promise<readonly Sighting[]>;
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
  /** Whether what a permit rests on was signed by the patient, as the blocks of the own peer show. */
  patientsWordFor(ticket: PermittedTicket): Promise<PatientsWord>;
}

/** The state of one member's peer. */
export interface LedgerView {
  readonly mspId: MspId;
  /** Undefined if this peer does not know the ticket. */
  ticket(ticketId: TicketId): Promise<Ticket | undefined>;
}

export interface KeyServicePorts {
  readonly witness: BlockWitness;
  /** The own peer's first, then at least one other member's; each of them must say yes. */
  readonly views: readonly LedgerView[];
  recordVersion(pseudonym: string, recordId: RecordId, version: number): Promise<RecordVersion>;
  /** Opens the record key kept for this organisation; refuses if it is not the one the ledger committed to. */
  dataKey(record: RecordVersion): Promise<Uint8Array>;
  /** Submits `RecordKeyRelease`; a {@link LedgerFailure} otherwise. */
  recordRelease(release: {
    ticketId: TicketId;
    recordId: RecordId;
    releaseId: ReleaseId;
    sealedSha256: Sha256;
  }): Promise<{ readonly transactionId?: string }>;
  /** Signs with the staff key of this key service. */
  attest(statement: ReleaseStatement): ReleaseAttestation;
  now(): Instant;
  /** Told of a permit that rests on something the patient has not signed. */
  alarm(ticket: PermittedTicket, word: PatientsWord): void;
}

export interface KeyServiceOptions {
  readonly mspId: MspId;
  readonly channel: string;
  /** Hash of the channel's block 0. */
  readonly genesis: Sha256;
  /** How long to wait for blocks another peer may not have yet. */
  readonly patienceMillis?: number;
}

/** A record key sealed to the ephemeral key of a ticket, and where its release stands on the ledger. */
export interface ReleasedKey {
  readonly releaseId: ReleaseId;
  /** base64url; opens with the ticket's ephemeral private key only. */
  readonly sealedKey: string;
  readonly transactionId: string;
  /** Which record version, object and key this is, signed by this key service: the reader's node can exchange none of it. */
  readonly attestation: ReleaseAttestation;
}

const VALID = 0;
const DEFAULT_PATIENCE_MILLIS = 5_000;
/**
 * Releases of one key under one ticket follow each other: the ledger counts them in one value, and of two that read the same count only
 * one is valid. So many may wait as the ledger lets one key be released.
 */
const RELEASES_OF_ONE_KEY = { atOnce: 64, perCaller: 1, waiting: 512, waitingPerCaller: 16, patienceMillis: 60_000 };

/**
 * Hands record keys to committed permits, and to nothing else.
 *
 * A permit counts when the own peer and another member's both deliver it in a block as VALID and show the same ticket, and when the
 * consents it rests on carry commands that the patient has signed: that enough members' peers have endorsed it is not enough. The key
 * leaves only after `RecordKeyRelease`, which decides anew, is seen VALID by both. Every request records a release of its own: a
 * repeated one would be answered from the first, whatever was revoked since.
 */
export class KeyService {
  readonly #patienceMillis: number;
  readonly #ofOneKey = new Lane(RELEASES_OF_ONE_KEY);

  constructor(
    private readonly options: KeyServiceOptions,
    private readonly ports: KeyServicePorts,
  ) {
    assertDifferentWitnesses(options.mspId, ports.views);
    this.#patienceMillis = options.patienceMillis ?? DEFAULT_PATIENCE_MILLIS;
  }

  /**
   * Releases a record's key to the member whose clinician holds the ticket.
   * @throws {@link DomainError} `TICKET_UNSEEN`, `TICKET_CLOSED`, `NOT_PERMITTED`, `CONSENT_UNPROVEN`, `CONSENT_LATE`, `RELEASE_UNCERTAIN`; or a LedgerFailure. No key left then.
   */
  async release(request: { ticketId: TicketId; recordId: RecordId }, requesterMspId: MspId): Promise<ReleasedKey> {
    const { ticketId, recordId } = request;
    await this.#assertCommitted(ticketId);
    const ticket = await this.#agreedTicket(ticketId, recordId, requesterMspId);
    const word = await this.ports.witness.patientsWordFor(ticket);
    if (word.kind === 'unproven') this.ports.alarm(ticket, word);
    assertPatientsWord(word, ticketId);
    const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)] ?? 0;
    const record = await this.ports.recordVersion(ticket.pseudonym, recordId, version);
    const sealed = await this.#seal(record, ticket.ephemeralPublicKey, ticket);
    const releaseId = releaseIdSchema.parse(newId());
    const sealedSha256 = sha256(sealed);
    const transactionId = await this.#ofOneKey.run(`${ticketId} ${recordId}`, () =>
      this.#record({ ticketId, recordId, releaseId, sealedSha256 }),
    );
    const { channel, genesis } = this.options;
    const attestation = this.ports.attest(releaseStatementOf(record, { channel, genesis, ticketId, releaseId, sealedSha256 }));
    return { releaseId, sealedKey: encodeBase64url(sealed), transactionId, attestation };
  }

  async #assertCommitted(ticketId: TicketId): Promise<void> {
    const sources = this.ports.views.map(({ mspId }) => mspId);
    const found = await this.ports.witness.waitFor(async () => {
      const valid = (await this.ports.witness.decisionsOn(ticketId)).filter(({ validationCode }) => validationCode === VALID);
      if (valid.some(({ event }) => event !== 'AccessPermitted')) return 'denied';
      return seenByAll(valid, sources) ? 'permitted' : undefined;
    }, this.#patienceMillis);
    if (found === 'denied') throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'denied' });
    if (found === undefined) throw new DomainError('TICKET_UNSEEN', undefined, { ticketId });
  }

  async #agreedTicket(ticketId: TicketId, recordId: RecordId, requesterMspId: MspId): Promise<PermittedTicket> {
    const tickets = await Promise.all(this.ports.views.map((view) => view.ticket(ticketId)));
    const checked = tickets.map((ticket): PermittedTicket => {
      if (ticket === undefined) throw new DomainError('TICKET_UNSEEN', undefined, { ticketId });
      // what can be told without the consent; the rest is decided anew by `RecordKeyRelease`
      const use = { ticketId, now: this.ports.now(), requester: { mspId: requesterMspId }, custodian: this.options.mspId, recordId };
      assertTicketOpens(ticket, use, 'the ticket is another member’s');
      return ticket;
    });
    const [own] = checked;
    if (own === undefined || checked.some((ticket) => canonicalJson(ticket) !== canonicalJson(own))) {
      throw new DomainError('TICKET_UNSEEN', 'two peers show different tickets', { ticketId, obstacle: 'peers-differ' });
    }
    return own;
  }

  async #seal(record: RecordVersion, ephemeralPublicKey: PublicKey, ticket: PermittedTicket): Promise<Uint8Array> {
    const { dekCommitment } = record;
    const dataKey = await this.ports.dataKey(record);
    try {
      return await wrapDataKey(dataKey, ephemeralPublicKey, {
        kind: 'release',
        ...versionIdentityOf(this.options, record),
        dekCommitment,
        mspId: ticket.actor.mspId,
        ticketId: ticket.ticketId,
      });
    } finally {
      dataKey.fill(0);
    }
  }

  async #record(release: Parameters<KeyServicePorts['recordRelease']>[0]): Promise<string> {
    const transactionId = await this.#submit(release);
    const sources = this.ports.views.map(({ mspId }) => mspId);
    const isCommitted = await this.ports.witness.waitFor(async () => {
      const sightings = await this.ports.witness.transaction(transactionId);
      if (sightings.some(({ validationCode }) => validationCode !== VALID)) return false;
      return seenByAll(sightings, sources) ? true : undefined;
    }, this.#patienceMillis);
    if (isCommitted !== true) throw new DomainError('RELEASE_UNCERTAIN', undefined, { ticketId: release.ticketId, transactionId });
    return transactionId;
  }

  async #submit(release: Parameters<KeyServicePorts['recordRelease']>[0]): Promise<string> {
    const { transactionId } = await this.ports.recordRelease(release).catch((error: unknown) => {
      // sent, but no answer: the blocks of the two peers will tell
      if (error instanceof OutcomeUnknown) return error;
      throw error;
    });
    // nobody knows what to look for in the blocks
    if (transactionId === undefined) throw new DomainError('RELEASE_UNCERTAIN', undefined, { ticketId: release.ticketId });
    return transactionId;
  }
}

/** Peers may agree on a consent that no patient has given; only the patient's signature makes it one. */
function assertPatientsWord(word: PatientsWord, ticketId: TicketId): void {
  switch (word.kind) {
    case 'given':
      return;
    case 'changed':
      throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'consent-changed' });
    case 'late':
      throw new DomainError('CONSENT_LATE', undefined, { ticketId });
    case 'unproven':
      throw new DomainError('CONSENT_UNPROVEN', undefined, { ticketId });
  }
}

/** The word of one organisation's peers, heard twice, is one word; and the own organisation's is always asked. */
function assertDifferentWitnesses(ownMspId: MspId, views: readonly LedgerView[]): void {
  const witnesses = new Set(views.map(({ mspId }) => mspId));
  if (views[0]?.mspId !== ownMspId || witnesses.size < 2 || witnesses.size !== views.length)
    throw new Error('a key service needs the word of two members’ peers, its own first');
}

function seenByAll(sightings: readonly Sighting[], sources: readonly MspId[]): boolean {
  const sameTransaction = new Set(sightings.map(({ transactionId }) => transactionId)).size === 1;
  return sameTransaction && sources.every((source) => sightings.some((sighting) => sighting.source === source));
}
