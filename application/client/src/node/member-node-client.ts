import { Agent } from 'node:https';
import { type z } from 'zod';
import { FHIR_CONTENT_TYPE } from '@lianyi/documents';
import {
  canonicalJson,
  decodeOutcome,
  DomainError,
  type Instant,
  instantOf,
  type MspId,
  type Output,
  parseStrictJson,
  type Proof,
  type RecordVersion,
  type Request,
  sha256,
  type StaffProof,
  type TransactionEntry,
  transactions,
  type Transient,
} from '@lianyi/domain';
import { type PrivateKey } from '../crypto/private-key';
import { openBytes } from '../envelope/cobblestone';
import { objectContext } from '../envelope/data-key';
import { unwrapDataKey } from '../envelope/key-wrap';
import {
  DOCUMENT_HEADER,
  type DocumentHeader,
  documentHeaderSchema,
  MAX_OBJECT_BYTES,
  networkSchema,
  nodeOperations,
  type PreparedRecord,
  preparedSchema,
  prepareInputSchema,
  type ProblemBody,
  problemSchema,
  readInputSchema,
  REQUEST_HEADER,
} from '../member-api/node-protocol';
import { publicKeyOf } from '../signing/p256';
import { signStaffRequest } from '../signing/sign-request';
import { type Answer, exchange } from './https-exchange';

/** A refusal of a member node, as it sent it. `code` is of the domain's table. */
export class NodeProblem extends Error {
  override readonly name = 'NodeProblem';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.message);
    this.code = body.code;
    this.details = body.details;
  }
}

/** The node could not be reached, or what answered is not a member node. */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable';
}

export interface MemberNodeClientOptions {
  /** `https://host:port` */
  readonly url: string;
  /** PEM of the TLS authority that vouches for the node. */
  readonly tlsCa: string;
  readonly timeoutMillis?: number;
}

/** What a carried transaction came to; an `evaluate` has no transaction id and no block. */
export interface Carried<Result> {
  readonly result: Result;
  readonly transactionId?: string;
  readonly blockNumber?: bigint;
}

/** How somebody signs a request; the wallet and {@link staffProofs} make these. */
export type SignRequest = (transaction: { readonly contract: string; readonly name: string }, input: unknown) => Proof | Promise<Proof>;

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

const DEFAULT_TIMEOUT_MILLIS = 120_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** The media type a format's objects are sealed under. */
const contentTypes: Readonly<Record<string, string>> = { 'fhir-r4-json': FHIR_CONTENT_TYPE };

/** Speaks to a hospital's member node as its staff and patients do: over TLS, with signed requests, without a Fabric certificate. */
export class MemberNodeClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #url: URL;

  constructor(private readonly options: MemberNodeClientOptions) {
    this.#url = new URL(options.url);
  }

  /** Names the network as statements must; to be compared with what the caller already knows of it. */
  async network(): Promise<z.output<typeof networkSchema>> {
    return networkSchema.parse(await this.#json('GET', '/v1/network'));
  }

  /** Has a transaction carried to the ledger. @throws {@link NodeProblem} with the refusal's code; {@link NodeUnreachable}. */
  async carry<Entry extends TransactionEntry>(
    entry: Entry,
    input: NoInfer<Request<Entry>>,
    options: { readonly sign?: SignRequest; readonly proof?: Proof; readonly transient?: Transient<Entry> } = {},
  ): Promise<Carried<Output<Entry>>> {
    const parsed = entry.request.parse(input);
    const proof = options.proof ?? (await options.sign?.(entry, parsed));
    const body = {
      input: parsed,
      ...(proof === undefined ? {} : { proof }),
      ...(options.transient === undefined ? {} : { transient: options.transient }),
    };
    return decodeOutcome(entry, await this.#json('POST', `/v1/transactions/${entry.contract}/${entry.name}`, body));
  }

  /** Has a document checked, sealed and stored; brings back what is to be signed for its publication. */
  async prepareRecord(document: DocumentToPublish, sign: SignRequest): Promise<PreparedRecord> {
    const { bytes, ...rest } = document;
    const input = prepareInputSchema.parse({ ...rest, documentSha256: sha256(bytes) });
    const signed = canonicalJson({ input, proof: await sign(nodeOperations.prepareRecord, input) });
    const headers = { 'content-type': 'application/octet-stream', [REQUEST_HEADER]: Buffer.from(signed).toString('base64url') };
    return preparedSchema.parse(jsonOf(await this.#exchange('POST', '/v1/records:prepare', headers, bytes)));
  }

  /** Signs and publishes what {@link prepareRecord} brought back. */
  async publishRecord(prepared: PreparedRecord, sign: SignRequest): Promise<Carried<{ recordId: string; version: number }>> {
    const entry = transactions[prepared.transaction];
    const proof = await sign(entry, prepared.input);
    return decodeOutcome(entry, await this.#json('POST', '/v1/records:publish', { ...prepared, proof }));
  }

  /** Asks to read records. A denial is an answer, not an error. */
  async requestAccess(
    input: Request<typeof transactions.RequestAccess>,
    sign: SignRequest,
  ): Promise<Carried<Output<typeof transactions.RequestAccess>>> {
    return this.carry(transactions.RequestAccess, input, { sign });
  }

  /**
   * Fetches a document under a ticket and opens it here, with the ephemeral private key only the asker has.
   * @throws {@link NodeProblem}; `SEAL_BROKEN` (DomainError) if what came is not what the ledger committed to.
   */
  async readDocument(
    request: { ticketId: string; recordId: string; channel: string; mspId: MspId; ephemeralKey: PrivateKey },
    sign: SignRequest,
  ): Promise<OpenedDocument> {
    const input = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
    const body = canonicalJson({ input, proof: await sign(nodeOperations.readDocument, input) });
    const answer = await this.#exchange('POST', `/v1/access/${input.ticketId}/document`, { 'content-type': 'application/json' }, body);
    const { key, ...header } = documentHeaderSchema.parse(decodeHeader(answer));
    const { record } = header;
    const { recordId, version, dekCommitment } = record;
    const { channel, mspId, ephemeralKey } = request;
    const recipient = { kind: 'release', channel, recordId, version, dekCommitment, mspId, ticketId: input.ticketId } as const;
    const dataKey = await unwrapDataKey(Buffer.from(key.sealedKey, 'base64url'), ephemeralKey, publicKeyOf(ephemeralKey), recipient);
    const bytes = await openBytes({ key: dataKey, context: contextOf(record, header.custodianMspId) }, verified(answer.body, record));
    dataKey.fill(0);
    return { ...header, bytes, releaseId: key.releaseId, releaseTransactionId: key.transactionId };
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #json(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    return jsonOf(await this.#exchange(method, path, headers, body === undefined ? undefined : canonicalJson(body)));
  }

  async #exchange(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string | Uint8Array,
  ): Promise<Answer> {
    const answer = await exchange({
      host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(this.#url.port === '' ? 443 : this.#url.port),
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
      tls: { ca: [this.options.tlsCa] },
      agent: this.#agent,
      timeoutMillis: this.options.timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS,
      maxBytes: MAX_OBJECT_BYTES,
    }).catch((error: unknown) => {
      throw new NodeUnreachable(`no member node answers at ${this.#url.host}`, { cause: error });
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new NodeProblem(answer.status, problemSchema.parse(jsonOf(answer)));
  }
}

/** Signs as a member of staff with a key in memory. */
export function staffProofs(
  signer: Parameters<typeof signStaffRequest>[0],
  now: () => Instant = () => instantOf(Date.now()),
): (transaction: { contract: string; name: string }, input: unknown) => StaffProof {
  return (transaction, input) => signStaffRequest(signer, { transaction, input }, now());
}

function jsonOf(answer: Answer): unknown {
  try {
    return parseStrictJson(answer.body.toString('utf8'), { maxBytes: MAX_JSON_BYTES, maxDepth: 32 });
  } catch (error) {
    throw new NodeUnreachable(`what answers is not a member node (status ${answer.status})`, { cause: error });
  }
}

function decodeHeader(answer: Answer): unknown {
  const text = answer.headers[DOCUMENT_HEADER];
  if (typeof text !== 'string') throw new NodeUnreachable('the answer describes no document');
  return parseStrictJson(Buffer.from(text, 'base64url').toString('utf8'), { maxBytes: MAX_JSON_BYTES, maxDepth: 32 });
}

/** Not believed because the node said so: the reader compares with the ledger's hash itself. */
function verified(ciphertext: Buffer, record: RecordVersion): Buffer {
  if (sha256(ciphertext) !== record.cipherSha256)
    throw new DomainError('HASH_MISMATCH', 'the object is not the one the ledger names', { recordId: record.recordId });
  return ciphertext;
}

function contextOf({ recordId, version, format }: RecordVersion, custodianMspId: MspId): Uint8Array {
  const contentType = contentTypes[format];
  if (contentType === undefined) throw new DomainError('SEAL_BROKEN', 'this version does not know the record’s format', { recordId });
  return objectContext({ recordId, version, custodianMspId, contentType });
}
