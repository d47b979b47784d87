import { newId, type ReleaseAttestation, releaseStatementOf, type ReleaseStatement, wrapDataKey } from '@lianyi/client';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  type Envelope,
  type EventName,
  type Instant,
  type MspId,
  ofRecord,
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
import { assertTicketOpens, type TicketHolder, type TicketRequester } from '@lianyi/domain/deciding';
import { Lane } from '../admission/lane';
import { type Sighting } from '../ledger-index/ledger-index';
import { type PermitsWord } from '../ledger-index/members-word';
import { assertStanding, type TicketStanding } from '../ledger-reader';
import { witnessesFor } from './witnesses';

/** What the blocks of several members' peers say. */
export interface BlockWitness {
  decisionsOn(ticketId: TicketId): Promise<readonly Sighting[]>;
  transaction(transactionId: string): Promise<readonly Sighting[]>;
  /** How many of the own peer's blocks have been looked at. */
  height(): Promise<bigint>;
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
  /** Whether what a permit rests on is the word of those whose it is, as the blocks of the own peer show. */
  permitsWordFor(ticket: PermittedTicket): Promise<PermitsWord>;
}

/** The state of one member's peer. */
export interface LedgerView {
  readonly mspId: MspId;
  /** Undefined if this peer does not know the ticket. */
  ticket(ticketId: TicketId): Promise<Ticket | undefined>;
}

export interface KeyServicePorts {
  readonly witness: BlockWitness;
  /** The own peer's first, then those of other members; the own one and one of them who does not get the key must say yes. */
  readonly views: readonly LedgerView[];
  /** The own peers' word of a ticket, with the record version that it names and the key kept of that; undefined: they do not know the ticket. */
  ticketWithKey(request: KeyRequest): Promise<TicketWithKey | undefined>;
  /** Opens it; refuses if it is not the one the ledger committed to. */
  openEnvelope(envelope: Envelope, record: KeptVersion): Promise<Uint8Array>;
  /** What the own organisation's peers decide now on the ticket's question, by their own chaincode and nobody else's; undefined: they do not know it. */
  standing(ticketId: TicketId): Promise<TicketStanding | undefined>;
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
  /** Told of a permit that rests on something nobody has said whose word it is. */
  alarm(ticket: PermittedTicket, word: PermitsWord): void;
  /** The members of the consortium that the node knows now. */
  members(): readonly MspId[];
}

export interface KeyServiceOptions {
  readonly mspId: MspId;
  readonly channel: string;
  /** Hash of the channel's block 0. */
  readonly genesis: Sha256;
  /** How long to wait for blocks another peer may not have yet. */
  readonly patienceMillis?: number;
}

/** Which key is asked for, under which ticket. */
export interface KeyRequest {
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
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

/** What is handed out under a ticket: a record's version, or rows that were sealed for this release alone. */
export type SealedVersion = Pick<RecordVersion, 'pseudonym' | 'recordId' | 'version' | 'cipherSha256' | 'dekCommitment'>;
/** A record's version with what its kept key is found by. */
export type KeptVersion = SealedVersion & Pick<RecordVersion, 'keyEpoch'>;
/** A ticket, with the version of a record that it names and the record key kept for this organisation, still sealed to it. */
export interface TicketWithKey {
  readonly ticket: Ticket;
  /** Left out: the ticket names no version of the record, or no key of it is kept here. */
  readonly kept?: { readonly record: KeptVersion; readonly envelope: Envelope };
}
/** The key of what is handed out; overwritten when it is sealed. */
export interface KeyToRelease {
  readonly record: SealedVersion;
  readonly dataKey: Uint8Array;
}
/** Brings the key for a founded permit; `version` is the one that the ticket names. */
export type KeySource = (ticket: PermittedTicket, recordId: RecordId, version: number) => Promise<KeyToRelease>;

const VALID = 0;
/** What says in a block that a ticket is a permit: somebody's to read, one of an emergency, or the patient's own. */
const PERMITS: ReadonlySet<string> = new Set<EventName>(['AccessPermitted', 'EmergencyPermitted', 'OwnRecordsOpened']);
const DEFAULT_PATIENCE_MILLIS = 5_000;
/**
 * Releases of one key under one ticket follow each other: the ledger counts them in one value, and of two that read the same count only
 * one is valid. So many may wait as the ledger lets one key be released.
 */
const RELEASES_OF_ONE_KEY = { atOnce: 64, perCaller: 1, waiting: 512, waitingPerCaller: 16, patienceMillis: 60_000 };

/**
 * Hands record keys to committed permits, and to nothing else.
 *
 * A permit counts when the own peer and that of another member, who does not get the key, both deliver it in a block as VALID and show
 * the same ticket; and when what it rests on is the word of those whose it is: the patient's consents and relationship, the asker's
 * request, the staff entry of the asker's organisation, the own hospital's record; of a patient's own ticket, the patient's command. That enough members' peers have endorsed it is not
 * enough. The key leaves only after `RecordKeyRelease`, which decides anew, is seen VALID by both, when all of that is so still, and when the own
 * chaincode says so last. Every
 * request records a release of its own: a repeated one would be answered from the first, whatever was revoked since.
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
   * Releases a record's key to the member whose staff holds the ticket, or that has carried the command of the patient who does.
   * @param holder - who asks, where the own node knows it; another member's node answers for who asks there
   * @param keyOf - of what else than a record is handed out; its refusal is this one's
   * @throws {@link DomainError} `WITNESS_MISSING`, `TICKET_UNSEEN`, `TICKET_CLOSED`, `NOT_PERMITTED`, `CONSENT_UNPROVEN`, `CONSENT_LATE`,
   * `PERMIT_UNPROVEN`, `RELEASE_UNCERTAIN`; or a LedgerFailure. No key left then.
   */
  async release(request: KeyRequest, requesterMspId: MspId, holder?: TicketHolder, keyOf?: KeySource): Promise<ReleasedKey> {
    const { ticketId, recordId } = request;
    const requester = { mspId: requesterMspId, ...(holder === undefined ? {} : { holder }) };
    const witnesses = this.#witnessesFor(requesterMspId);
    const confirming = await this.#assertCommitted(ticketId, witnesses);
    const withKey = keyOf === undefined ? this.ports.ticketWithKey(request) : undefined;
    const own = this.#ownTicket(withKey, request, requester);
    const key = keyOf ?? this.#kept(withKey);
    const ticket = await this.#agreedTicket(own, { request, requester, confirming });
    await this.#assertFounded(ticket, recordId);
    const { record, dataKey } = await key(ticket, recordId, versionIn(ticket, recordId));
    const sealed = await this.#seal({ record, dataKey }, ticket.ephemeralPublicKey, ticket);
    const releaseId = releaseIdSchema.parse(newId());
    const sealedSha256 = sha256(sealed);
    const transactionId = await this.#ofOneKey.run(`${ticketId} ${recordId}`, () =>
      this.#record({ ticketId, recordId, releaseId, sealedSha256 }, witnesses, () => this.#assertOpensStill(ticket, recordId)),
    );
    const { channel, genesis } = this.options;
    const attestation = this.ports.attest(releaseStatementOf(record, { channel, genesis, ticketId, releaseId, sealedSha256 }));
    return { releaseId, sealedKey: encodeBase64url(sealed), transactionId, attestation };
  }

  /** The key of the record version that a ticket names, as it came with the ticket; it stays sealed until the permit is founded. */
  #kept(withKey: Promise<TicketWithKey | undefined> | undefined): KeySource {
    return async (ticket, recordId) => {
      const kept = (await withKey)?.kept;
      if (kept === undefined) throw new DomainError('NOT_FOUND', 'no key is kept of what the ticket names', { recordId });
      const { record, envelope } = kept;
      assertNamed(ticket, recordId, record);
      return { record, dataKey: await this.ports.openEnvelope(envelope, record) };
    };
  }

  #witnessesFor(requesterMspId: MspId): readonly LedgerView[] {
    const { mspId } = this.options;
    const others = this.ports.views.slice(1);
    const chosen = witnessesFor(requesterMspId, { mspId, others: others.map((view) => view.mspId), members: this.ports.members() });
    return others.filter((view) => chosen.includes(view.mspId));
  }

  /** @returns those of the witnesses who have it in a block, at least one */
  async #assertCommitted(ticketId: TicketId, witnesses: readonly LedgerView[]): Promise<readonly LedgerView[]> {
    const found = await this.ports.witness.waitFor(async () => {
      const sightings = await this.ports.witness.decisionsOn(ticketId);
      const valid = sightings.filter(({ source, validationCode }) => validationCode === VALID && this.#counts(source, witnesses));
      if (valid.some(({ event }) => event === undefined || !PERMITS.has(event))) return 'denied';
      return this.#confirmedBy(valid, witnesses);
    }, this.#patienceMillis);
    if (found === 'denied') throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'denied' });
    if (found === undefined) throw new DomainError('TICKET_UNSEEN', undefined, { ticketId });
    return found;
  }

  #counts(source: string, witnesses: readonly LedgerView[]): boolean {
    return source === this.options.mspId || witnesses.some(({ mspId }) => mspId === source);
  }

  /** The witnesses who have seen the same as the own peer; undefined if that has not seen it, or none of them has. */
  #confirmedBy(sightings: readonly Sighting[], witnesses: readonly LedgerView[]): readonly LedgerView[] | undefined {
    const ofOwn = sightings.filter(({ source }) => source === this.options.mspId).map(({ transactionId }) => transactionId);
    if (new Set(ofOwn).size !== 1) return undefined;
    const confirming = witnesses.filter(({ mspId }) =>
      sightings.some(({ source, transactionId }) => source === mspId && transactionId === ofOwn[0]),
    );
    return confirming.length === 0 ? undefined : confirming;
  }

  async #ownTicket(
    withKey: Promise<TicketWithKey | undefined> | undefined,
    request: KeyRequest,
    requester: TicketRequester,
  ): Promise<PermittedTicket> {
    const ticket = withKey === undefined ? await this.ports.views[0]?.ticket(request.ticketId) : (await withKey)?.ticket;
    return this.#opening(ticket, request, requester);
  }

  /** @returns what own and another member's peer both show */
  async #agreedTicket(
    ownTicket: Promise<PermittedTicket>,
    { request, requester, confirming }: { request: KeyRequest; requester: TicketRequester; confirming: readonly LedgerView[] },
  ): Promise<PermittedTicket> {
    const { ticketId } = request;
    const another = ticketOfFirst(confirming, ticketId).then((ticket) => this.#opening(ticket, request, requester));
    const [own, other] = await Promise.all([ownTicket, another]);
    if (canonicalJson(other) !== canonicalJson(own))
      throw new DomainError('TICKET_UNSEEN', 'two peers show different tickets', { ticketId, obstacle: 'peers-differ' });
    return own;
  }

  /** What can be told of a ticket without the consent; the rest is decided anew by `RecordKeyRelease`. */
  #opening(ticket: Ticket | undefined, { ticketId, recordId }: KeyRequest, requester: TicketRequester): PermittedTicket {
    // what stands under its id and is another's is none
    if (ticket?.ticketId !== ticketId) throw new DomainError('TICKET_UNSEEN', undefined, { ticketId });
    const use = { ticketId, now: this.ports.now(), requester, custodian: this.options.mspId, recordId };
    assertTicketOpens(ticket, use, 'the ticket is another member’s');
    return ticket;
  }

  /**
   * Peers may agree on a permit whose grounds nobody has given; only the words of those whose they are make it one. Each record's permit has grounds
   * of its own.
   */
  async #assertFounded(ticket: PermittedTicket, recordId: RecordId): Promise<void> {
    const word = await this.ports.witness.permitsWordFor(ofRecord(ticket, recordId));
    if (word.kind === 'unproven' || word.kind === 'unfounded') this.ports.alarm(ticket, word);
    assertGiven(word, ticket.ticketId);
  }

  /** Both are asked when the own peer has the release in a block. */
  async #assertOpensStill(ticket: PermittedTicket, recordId: RecordId): Promise<void> {
    await Promise.all([this.#assertStillFounded(ticket, recordId), this.#assertStanding(ticket, recordId)]);
  }

  /** What was written up to the release's block, this node has seen by now, and it decided the release. */
  #assertStillFounded(ticket: PermittedTicket, recordId: RecordId): Promise<void> {
    return this.#assertFounded(ticket, recordId);
  }

  /**
   * Has the own chaincode decide last. Who has endorsed the release nobody can tell for certain: where members have
   * defined a chaincode that the own organisation has not approved, theirs alone decides it (attack R13-1).
   */
  async #assertStanding(ticket: PermittedTicket, recordId: RecordId): Promise<void> {
    const { ticketId } = ticket;
    const standing = await this.ports.standing(ticketId);
    if (standing === undefined) throw new DomainError('TICKET_UNSEEN', undefined, { ticketId });
    assertStanding(standing, { ticketId, recordId });
    if (canonicalJson(standing.ticket) !== canonicalJson(ticket))
      throw new DomainError('TICKET_UNSEEN', 'it was written over meanwhile', { ticketId, obstacle: 'peers-differ' });
  }

  async #seal({ record, dataKey }: KeyToRelease, ephemeralPublicKey: PublicKey, ticket: PermittedTicket): Promise<Uint8Array> {
    const { dekCommitment } = record;
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

  /** @param lastWord - asked when the own peer has the release in a block, while that of another member is waited for; and again if blocks have come since */
  async #record(
    release: Parameters<KeyServicePorts['recordRelease']>[0],
    witnesses: readonly LedgerView[],
    lastWord: () => Promise<void>,
  ): Promise<string> {
    const transactionId = await this.#submit(release);
    const seenBy = async (isEnough: (valid: readonly Sighting[]) => boolean): Promise<void> => {
      const isCommitted = await this.ports.witness.waitFor(async () => {
        const sightings = await this.ports.witness.transaction(transactionId);
        if (sightings.some(({ source, validationCode }) => source === this.options.mspId && validationCode !== VALID)) return false;
        return isEnough(sightings.filter(({ validationCode }) => validationCode === VALID)) ? true : undefined;
      }, this.#patienceMillis);
      if (isCommitted !== true) throw new DomainError('RELEASE_UNCERTAIN', undefined, { ticketId: release.ticketId, transactionId });
    };
    await seenBy((valid) => valid.some(({ source }) => source === this.options.mspId));
    const asOf = await this.ports.witness.height();
    await Promise.all([seenBy((valid) => this.#confirmedBy(valid, witnesses) !== undefined), lastWord()]);
    // what came while the other member's peer was waited for has its say, too
    if ((await this.ports.witness.height()) !== asOf) await lastWord();
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

function assertGiven(word: PermitsWord, ticketId: TicketId): void {
  switch (word.kind) {
    case 'given':
      return;
    case 'changed':
      throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'consent-changed' });
    case 'late':
      throw new DomainError('CONSENT_LATE', undefined, { ticketId });
    case 'unproven':
      throw new DomainError('CONSENT_UNPROVEN', undefined, { ticketId });
    case 'unfounded':
      throw new DomainError('PERMIT_UNPROVEN', undefined, { ticketId, part: word.part });
  }
}

/** The word of one organisation's peers, heard twice, is one word; and the own organisation's is always asked. */
function assertDifferentWitnesses(ownMspId: MspId, views: readonly LedgerView[]): void {
  const witnesses = new Set(views.map(({ mspId }) => mspId));
  if (views[0]?.mspId !== ownMspId || witnesses.size < 2 || witnesses.size !== views.length)
    throw new Error('a key service needs the word of two members’ peers, its own first');
}

/** What the first of some peers that answers shows. @throws what the last one failed with, if none answers */
async function ticketOfFirst(views: readonly LedgerView[], ticketId: TicketId): Promise<Ticket | undefined> {
  const [view, ...others] = views;
  if (view === undefined) return undefined;
  try {
    return await view.ticket(ticketId);
  } catch (error) {
    if (others.length === 0) throw error;
    return ticketOfFirst(others, ticketId);
  }
}

/** What came with a ticket is not believed to be what it names. */
function assertNamed(ticket: PermittedTicket, recordId: RecordId, record: KeptVersion): void {
  const { ticketId, pseudonym } = ticket;
  if (record.recordId !== recordId || record.pseudonym !== pseudonym || record.version !== versionIn(ticket, recordId))
    throw new DomainError('TICKET_UNSEEN', 'another version came with the ticket', { ticketId, obstacle: 'peers-differ' });
}

/** The version of a record that a ticket names. */
function versionIn({ recordIds, recordVersions }: PermittedTicket, recordId: RecordId): number {
  return recordVersions[recordIds.indexOf(recordId)] ?? 0;
}
