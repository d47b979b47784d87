import { type z, ZodError } from 'zod';
import {
  type ChannelBinding,
  decodeOutcome,
  DomainError,
  type Identifier,
  type LinkId,
  type MspId,
  NoAnswer,
  type OutcomeOf,
  type proofSchema,
  pseudonymSchema,
  type RecordVersion,
  Refused,
  sha256,
  spellIdentifier,
  transactions,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { openBytes, SALT_BYTES } from '../envelope/cobblestone';
import { contentTypes, objectContext } from '../envelope/data-key';
import { unwrapDataKey } from '../envelope/key-wrap';
import { ActingLedger, type RequestSigner } from '../signing/acting-ledger';
import { publicKeyOf } from '../signing/p256';
import { type Disagreement, disagreementWith, plainest } from './witness';
import { failureOfCommand, MemberApi, misfit } from './member-api';
import { MemberNodeLedger } from './member-node-ledger';
import { type MemberOperation, memberOperations, signedAs } from './operations';
import { type DocumentToPublish, preparationOf, type PublicationCheck, publicationOf } from './publication';
import { assertAnswersAsked, assertWitnessed, type AskedDocument, type DeviceAuthor, deviceAuthorOf } from './released-document';
import {
  type DocumentHeader,
  documentHeaderSchema,
  type healthSchema,
  type networkSchema,
  type PreparedRecord,
  readInputSchema,
  type WitnessedRelease,
  type witnessInputSchema,
} from './schemas';
import { type Transport } from './transport';
import { memberOfWitness, witnessUnavailable } from './witness';

/** A document a ticket opened: its very bytes, and how it came. */
export interface OpenedDocument extends Omit<DocumentHeader, 'key'> {
  readonly bytes: Uint8Array;
  readonly releaseId: string;
  readonly releaseTransactionId: string;
  /** The device that has made the document, checked; absent: staff of the custodian have. */
  readonly authoredBy?: DeviceAuthor;
  /** Whose node said the same of the ledger; absent if none was asked. */
  readonly witnessMspId?: MspId;
  /** What proves the document without a network; present where it was asked for. */
  readonly kept?: KeptProof;
  /** By that node's word, the record had been retracted when its patient asked for it. */
  readonly wasRetracted?: true;
  /** Whether the patient disagrees with the record, by the word of the own node or of the witness: for whoever shows it to say so beside it. */
  readonly disagreement: Disagreement;
}

/** What proves to others that an opened document is the one that the ledger has. Whoever has it opens the object too. */
export interface KeptProof {
  readonly dataKey: Uint8Array;
  /** Of the sealed object. */
  readonly salt: Uint8Array;
  readonly attestation: DocumentHeader['key']['attestation'];
  /** What the witness has told. */
  readonly told?: WitnessedRelease;
}

/** What a ticket is opened with. */
export interface DocumentRequest {
  /** Hands out what proves the document, which is forgotten otherwise. */
  readonly keepsProof?: boolean;
  readonly ticketId: string;
  readonly recordId: string;
  /** The patient of whose record the ticket was asked. */
  readonly pseudonym: string;
  /** The channel on which the ticket was asked. */
  readonly network: ChannelBinding;
  readonly mspId: MspId;
  /** The ephemeral key that only the asker has. */
  readonly ephemeralKey: PrivateKey;
  /** Another member's node, which says what the ledger has; `none` takes the own node's word, and that is the caller's decision. */
  readonly witness: MemberNodeClient | 'none';
}

/**
 * Speaks to a hospital's member node as its staff and patients do: with signed requests, without a Fabric certificate. Every failure is
 * a DomainError or a LedgerFailure.
 */
export class MemberNodeClient {
  readonly #api: MemberApi;
  /** The ledger as this node carries requests to it. */
  readonly ledger: MemberNodeLedger;

  /** @param check - what finds a document's labels before it is signed for; left out: it is done at once, on this thread */
  constructor(
    transport: Transport,
    private readonly check?: PublicationCheck,
  ) {
    this.#api = new MemberApi(transport);
    this.ledger = new MemberNodeLedger(this.#api);
  }

  /** The operations of the node, for what this class does not do. */
  get api(): MemberApi {
    return this.#api;
  }

  get url(): string {
    return this.#api.url;
  }

  /** Names the network as statements must; to be compared with what the caller already knows of it. */
  async network(): Promise<z.output<typeof networkSchema>> {
    return this.#api.ask(memberOperations.GetNetwork);
  }

  /** Tells how far the node has followed its peers. */
  async health(): Promise<z.output<typeof healthSchema>> {
    return this.#api.ask(memberOperations.GetHealth);
  }

  /**
   * Asks the own hospital's node for the id of an identifier's link.
   * @throws {@link DomainError} `IDENTIFIER_INVALID`; as {@link MemberApi.ask}
   */
  async linkIdOf(identifier: Identifier, sign: RequestSigner): Promise<LinkId> {
    const operation = memberOperations.NameLink;
    const input = spellIdentifier(identifier);
    return (await this.#api.ask(operation, { body: { input, proof: await sign(signedAs(operation), input) } })).linkId;
  }

  /**
   * Asks the own hospital's node to do what only a signed request of its staff has it do, and whose answer is JSON.
   * @throws as {@link MemberApi.ask}
   */
  async askSigned<Input extends z.ZodType, Answer extends z.ZodType>(
    operation: MemberOperation & { readonly body: z.ZodObject<{ input: Input; proof: typeof proofSchema }>; readonly answer: Answer },
    input: z.input<Input>,
    sign: RequestSigner,
  ): Promise<z.output<Answer>> {
    return this.#api.ask(operation, { body: { input, proof: await sign(signedAs(operation), input) } });
  }

  /** Has a document checked, sealed and stored; brings back what is to be signed for its publication. */
  async prepareRecord(document: DocumentToPublish, sign: RequestSigner): Promise<PreparedRecord> {
    const operation = memberOperations.PrepareRecord;
    const input = preparationOf(document);
    return this.#api.ask(operation, { header: { input, proof: await sign(signedAs(operation), input) }, body: document.bytes });
  }

  /**
   * Publishes what {@link prepareRecord} brought back. Signs only what it computed from the document itself.
   * @throws {@link DomainError} `ANSWER_DIFFERS` — the node prepared something else; nothing was signed; the refusals of `checkDocument`.
   * @throws LedgerFailure — as the ledger's `submit`: `OutcomeUnknown` without an answer, because the node may have carried it on.
   */
  async publishRecord(
    document: DocumentToPublish,
    prepared: PreparedRecord,
    sign: RequestSigner,
  ): Promise<OutcomeOf<typeof transactions.AnchorRecord | typeof transactions.AmendRecord>> {
    const { transaction } = prepared;
    const entry = transactions[transaction];
    const input = await publicationOf(document, prepared, this.check);
    const proof = await sign(entry, input);
    try {
      return decodeOutcome(entry, await this.#api.ask(memberOperations.PublishRecord, { body: { transaction, input, proof } }));
    } catch (error) {
      throw failureOfCommand(error instanceof ZodError ? misfit(error) : error);
    }
  }

  /**
   * Fetches a document under a ticket, compares what came with what was asked, with the custodian's signature and with the ledger as another
   * member's node has it, and opens it here, with the ephemeral private key only the asker has. Whether the patient disagrees with it is asked
   * before anything is released: where that cannot be asked, nothing is read. The witness says so with the release.
   * @throws {@link DomainError} `ANSWER_DIFFERS` — another document, or not what the ledger has; `WITNESS_UNAVAILABLE` — no other member said
   * what the ledger has; `SEAL_BROKEN`, `HASH_MISMATCH` — what came does not open, or is not the object; `DEVICE_…` — the record names a device
   * that has not made this; LedgerFailure as {@link MemberApi.call}.
   */
  async readDocument(request: DocumentRequest, sign: RequestSigner): Promise<OpenedDocument> {
    const operation = memberOperations.ReadDocument;
    const input = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
    const witness = await witnessOf(request);
    const of = { pseudonym: pseudonymSchema.parse(request.pseudonym), recordId: input.recordId };
    const ownWord = await disagreementWith(new ActingLedger(this.ledger, sign), of);
    const body = { input, proof: await sign(signedAs(operation), input) };
    const answer = await this.#api.call(operation, { parameters: { ticketId: input.ticketId }, body });
    const described = documentHeaderSchema.safeParse(answer.header);
    if (!described.success) throw misfit(described.error);
    if (!(answer.body instanceof Uint8Array)) throw new NoAnswer('the answer is no document');
    const asked = askedOf(request);
    assertAnswersAsked(described.data, asked);
    const seen = witness && (await witnessedBy(witness, described.data, asked, sign));
    if (seen !== undefined) assertWitnessed(described.data, asked, seen);
    const disagreement = plainest([ownWord, seen?.disagreement ?? 'none']);
    const opened = { ...(await open(request, described.data, answer.body, seen)), disagreement };
    return witness === undefined ? opened : { ...opened, witnessMspId: witness.mspId, ...retractionIn(seen, asked) };
  }

  /**
   * Asks what this node's own peer has of a release, for whoever holds the ticket.
   * @throws as {@link MemberApi.ask}; `NOT_FOUND` — this peer does not have it yet
   */
  async witnessRelease(input: z.output<typeof witnessInputSchema>, sign: RequestSigner): Promise<WitnessedRelease> {
    const operation = memberOperations.WitnessRelease;
    const body = { input, proof: await sign(signedAs(operation), input) };
    return this.#api.ask(operation, { parameters: { ticketId: input.ticketId }, body });
  }

  /** Closes idle connections. */
  close(): void {
    this.#api.close();
  }
}

function retractionIn(seen: WitnessedRelease | undefined, { recordId }: AskedDocument): Pick<OpenedDocument, 'wasRetracted'> {
  const retracted = seen?.ticket.decision === 'permit' ? seen.ticket.retracted : undefined;
  return retracted?.includes(recordId) === true ? { wasRetracted: true } : {};
}

/** A node that another member runs, and whose. */
export interface NamedWitness {
  readonly client: MemberNodeClient;
  readonly mspId: MspId;
}

/** The witness that is named, if it can be one: known before a key is released, which without it would be released for nothing. */
export async function witnessOf({ mspId, network, witness }: DocumentRequest): Promise<NamedWitness | undefined> {
  if (witness === 'none') return undefined;
  return { client: witness, mspId: await memberOfWitness(witness, { mspId, network, obstacle: 'own-organisation' }) };
}

/** What the witness has of the release that the answer describes. @throws {@link DomainError} `WITNESS_UNAVAILABLE`, `ANSWER_DIFFERS` */
export async function witnessedBy(
  { client }: NamedWitness,
  { key }: Pick<DocumentHeader, 'key'>,
  { ticketId, recordId }: AskedDocument,
  sign: RequestSigner,
): Promise<WitnessedRelease> {
  return client.witnessRelease({ ticketId, recordId, releaseId: key.releaseId }, sign).catch((cause: unknown) => {
    throw witnessUnavailable(cause instanceof Refused ? cause.code : 'silent', cause);
  });
}

/** What an answer is held against. */
export function askedOf(request: DocumentRequest): AskedDocument {
  const { network, mspId, ephemeralKey } = request;
  const ids = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
  return { ...ids, pseudonym: pseudonymSchema.parse(request.pseudonym), network, mspId, ephemeralPublicKey: publicKeyOf(ephemeralKey) };
}

async function open(
  request: DocumentRequest,
  { key, device, ...header }: DocumentHeader,
  ciphertext: Uint8Array,
  seen: WitnessedRelease | undefined,
): Promise<Omit<OpenedDocument, 'disagreement'>> {
  const { record } = header;
  const { network, mspId, ephemeralKey } = request;
  const version = versionIdentityOf(network, record);
  const { ticketId } = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
  const recipient = { kind: 'release', ...version, dekCommitment: record.dekCommitment, mspId, ticketId } as const;
  const dataKey = await unwrapDataKey(base64urlBytes(key.sealedKey), ephemeralKey, publicKeyOf(ephemeralKey), recipient);
  const bytes = await openBytes(
    { key: dataKey, context: contextOf(version, record.format, header.custodianMspId) },
    verified(ciphertext, record),
  );
  const made = { record, custodianMspId: header.custodianMspId, version, dataKey, bytes };
  const authored = record.device === undefined ? {} : { authoredBy: await deviceAuthorOf(made, device, seen) };
  const told = seen === undefined ? {} : { told: seen };
  const salt = Uint8Array.from(ciphertext.subarray(0, SALT_BYTES));
  const kept =
    request.keepsProof === true ? { kept: { dataKey: Uint8Array.from(dataKey), salt, attestation: key.attestation, ...told } } : {};
  dataKey.fill(0);
  return { ...header, bytes, ...authored, ...kept, releaseId: key.releaseId, releaseTransactionId: key.transactionId };
}

/** Compares the object with the hash that the custodian signed and, by a witness, the ledger has. */
function verified(ciphertext: Uint8Array, record: RecordVersion): Uint8Array {
  if (sha256(ciphertext) !== record.cipherSha256)
    throw new DomainError('HASH_MISMATCH', 'the object is not the one the ledger names', { recordId: record.recordId });
  return ciphertext;
}

function contextOf(version: VersionIdentity, format: string, custodianMspId: MspId): Uint8Array {
  const contentType = contentTypes.get(format);
  if (contentType === undefined)
    throw new DomainError('SEAL_BROKEN', 'this version does not know the record’s format', { recordId: version.recordId });
  return objectContext({ ...version, custodianMspId, contentType });
}
