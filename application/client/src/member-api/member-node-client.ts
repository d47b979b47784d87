import { type z, ZodError } from 'zod';
import { FHIR_CONTENT_TYPE } from '@lianyi/documents/media-type';
import { decodeOutcome, DomainError, type MspId, NoAnswer, type OutcomeOf, type RecordVersion, sha256, transactions } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { openBytes } from '../envelope/cobblestone';
import { objectContext } from '../envelope/data-key';
import { unwrapDataKey } from '../envelope/key-wrap';
import { type RequestSigner } from '../signing/acting-ledger';
import { publicKeyOf } from '../signing/p256';
import { failureOfCommand, MemberApi, misfit } from './member-api';
import { MemberNodeLedger } from './member-node-ledger';
import { memberOperations, signedAs } from './operations';
import {
  type DocumentHeader,
  documentHeaderSchema,
  type healthSchema,
  type networkSchema,
  type PreparedRecord,
  prepareInputSchema,
  readInputSchema,
} from './schemas';
import { type Transport } from './transport';

/** A document to be published, and where it belongs. */
export interface DocumentToPublish {
  readonly pseudonym: string;
  readonly recordId: string;
  readonly bytes: Uint8Array;
  readonly amends?: { readonly previousVersion: number; readonly operation: 'amend' | 'replace' };
  readonly details?: Readonly<Record<string, string>>;
  readonly replicaMspIds?: readonly string[];
}

/** A document a ticket opened: its very bytes, and how it came. */
export interface OpenedDocument extends Omit<DocumentHeader, 'key'> {
  readonly bytes: Uint8Array;
  readonly releaseId: string;
  readonly releaseTransactionId: string;
}

/** What a ticket is opened with. */
export interface DocumentRequest {
  readonly ticketId: string;
  readonly recordId: string;
  readonly channel: string;
  readonly mspId: MspId;
  /** The ephemeral key that only the asker has. */
  readonly ephemeralKey: PrivateKey;
}

/** The media type a format's objects are sealed under. */
const contentTypes: Readonly<Record<string, string>> = { 'fhir-r4-json': FHIR_CONTENT_TYPE };

/**
 * Speaks to a hospital's member node as its staff and patients do: with signed requests, without a Fabric certificate. Every failure is
 * a DomainError or a LedgerFailure.
 */
export class MemberNodeClient {
  readonly #api: MemberApi;
  /** The ledger as this node carries requests to it. */
  readonly ledger: MemberNodeLedger;

  constructor(transport: Transport) {
    this.#api = new MemberApi(transport);
    this.ledger = new MemberNodeLedger(this.#api);
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

  /** Has a document checked, sealed and stored; brings back what is to be signed for its publication. */
  async prepareRecord(document: DocumentToPublish, sign: RequestSigner): Promise<PreparedRecord> {
    const { bytes, ...rest } = document;
    const operation = memberOperations.PrepareRecord;
    const input = prepareInputSchema.parse({ ...rest, documentSha256: sha256(bytes) });
    return this.#api.ask(operation, { header: { input, proof: await sign(signedAs(operation), input) }, body: bytes });
  }

  /**
   * Signs and publishes what {@link prepareRecord} brought back.
   * @throws LedgerFailure — as the ledger's `submit`: `OutcomeUnknown` without an answer, because the node may have carried it on.
   */
  async publishRecord(
    prepared: PreparedRecord,
    sign: RequestSigner,
  ): Promise<OutcomeOf<typeof transactions.AnchorRecord | typeof transactions.AmendRecord>> {
    const entry = transactions[prepared.transaction];
    const proof = await sign(entry, prepared.input);
    try {
      return decodeOutcome(entry, await this.#api.ask(memberOperations.PublishRecord, { body: { ...prepared, proof } }));
    } catch (error) {
      throw failureOfCommand(error instanceof ZodError ? misfit(error) : error);
    }
  }

  /**
   * Fetches a document under a ticket and opens it here, with the ephemeral private key only the asker has.
   * @throws {@link DomainError} `SEAL_BROKEN`, `HASH_MISMATCH` — what came is of another record, or not what its own header says, or does
   * not open; LedgerFailure as {@link MemberApi.call}.
   */
  async readDocument(request: DocumentRequest, sign: RequestSigner): Promise<OpenedDocument> {
    const operation = memberOperations.ReadDocument;
    const input = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
    const body = { input, proof: await sign(signedAs(operation), input) };
    const answer = await this.#api.call(operation, { parameters: { ticketId: input.ticketId }, body });
    const described = documentHeaderSchema.safeParse(answer.header);
    if (!described.success) throw misfit(described.error);
    const { recordId } = input;
    if (described.data.record.recordId !== recordId)
      throw new DomainError('SEAL_BROKEN', 'the answer is of another record than the one asked for', { recordId });
    if (!(answer.body instanceof Uint8Array)) throw new NoAnswer('the answer is no document');
    return open(request, described.data, answer.body);
  }

  /** Closes idle connections. */
  close(): void {
    this.#api.close();
  }
}

async function open(request: DocumentRequest, { key, ...header }: DocumentHeader, ciphertext: Uint8Array): Promise<OpenedDocument> {
  const { record } = header;
  const { recordId, version, dekCommitment } = record;
  const { channel, mspId, ephemeralKey } = request;
  const { ticketId } = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
  const recipient = { kind: 'release', channel, recordId, version, dekCommitment, mspId, ticketId } as const;
  const dataKey = await unwrapDataKey(base64urlBytes(key.sealedKey), ephemeralKey, publicKeyOf(ephemeralKey), recipient);
  const bytes = await openBytes({ key: dataKey, context: contextOf(record, header.custodianMspId) }, verified(ciphertext, record));
  dataKey.fill(0);
  return { ...header, bytes, releaseId: key.releaseId, releaseTransactionId: key.transactionId };
}

/**
 * Compares the object with the hash in the answer's header. That header is the node's word for what the ledger has: a reader who wants the
 * ledger's asks for the record. The custodian, not the node, sealed the key to this ticket, record, version and key commitment.
 */
function verified(ciphertext: Uint8Array, record: RecordVersion): Uint8Array {
  if (sha256(ciphertext) !== record.cipherSha256)
    throw new DomainError('HASH_MISMATCH', 'the object is not the one the ledger names', { recordId: record.recordId });
  return ciphertext;
}

function contextOf({ recordId, version, format }: RecordVersion, custodianMspId: MspId): Uint8Array {
  const contentType = contentTypes[format];
  if (contentType === undefined) throw new DomainError('SEAL_BROKEN', 'this version does not know the record’s format', { recordId });
  return objectContext({ recordId, version, custodianMspId, contentType });
}
