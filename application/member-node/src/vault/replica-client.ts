import { createHash } from 'node:crypto';
import { type ByteSource, collectBytes, MemberApi, memberOperations, type Transport } from '@lianyi/client';
import { exchange, type Exchange, httpsTransport } from '@lianyi/client/node';
import {
  DomainError,
  encodeBase64url,
  fingerprintsOf,
  isErrorCode,
  NoAnswer,
  type PublicKey,
  type Receipt,
  Refused,
  type Sha256,
  type TicketId,
} from '@lianyi/domain';
import { type MemberTls } from '../member-tls';
import { assertReceipt, type VaultIdentity } from './receipt';

/** An object to be kept for one version of a record. */
export type ObjectToKeep = { readonly objectSha256: Sha256; readonly versionHash: Sha256; readonly bytes: ByteSource };

/** Another member's vault, as the ledger's directory describes it. */
export type RemoteVault = VaultIdentity & {
  host: string;
  port: number;
  /** SHA-256 of the DER of its TLS certificate: the ledger, not only the CA, says who answers. */
  tlsSha256: Sha256;
  /** Of the certificate that comes next, while it is renewed. */
  nextTlsSha256?: Sha256;
  receiptPublicKey: PublicKey;
};

/** Until a vault is known by its certificate. */
const CONNECT_MILLIS = 10_000;
/** The slowest line between two members on which objects still arrive: 4 Mbit a second. A byte now and then prolongs nothing. */
const SLOWEST_BYTES_PER_SECOND = 512 * 1024;
const MAX_RECEIPT_BYTES = 16_384;

/** Stores and reads sealed objects at other members, over mutual TLS with the certificate the ledger names. */
export class ReplicaClient {
  constructor(private readonly tls: MemberTls) {}

  /**
   * Stores an object at another member and brings back its receipt, checked.
   *
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` — no answer as agreed · `HASH_MISMATCH` or `BAD_SIGNATURE` — the
   * receipt is not for this object of this size and version by this vault · the vault's own code, such as `STORAGE_FULL`.
   */
  async put(vault: RemoteVault, object: ObjectToKeep, signal?: AbortSignal): Promise<Receipt> {
    const { receipt, sizeBytes } = await this.#stored(vault, object, signal).catch((error: unknown) => {
      throw faultOf(error, vault);
    });
    assertReceipt(receipt, vault, { ...object, sizeBytes });
    return receipt;
  }

  /**
   * Reads an object under a committed ticket, checked against its hash, and gives its bytes to `keep` as they come.
   *
   * @param maxBytes what the object has at most: who sends more is not read to the end
   * @param keep - what it made of the bytes counts only if this call succeeds; a {@link DomainError} of its own is thrown on
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` · `HASH_MISMATCH` · the vault's own code, such as `NOT_FOUND` or `TICKET_CLOSED`.
   */
  async get<Kept>(
    vault: RemoteVault,
    wanted: { readonly objectSha256: Sha256; readonly ticketId: TicketId; readonly maxBytes: number },
    keep: (bytes: ByteSource) => Promise<Kept>,
    signal?: AbortSignal,
  ): Promise<Kept> {
    const { objectSha256, ticketId, maxBytes } = wanted;
    const kept: Kept[] = [];
    const onBody = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
      kept.push(await keep(checked(pieces, vault, objectSha256)));
    };
    try {
      const api = new MemberApi(this.#transport(vault, { bytes: maxBytes, onBody, ...(signal === undefined ? {} : { signal }) }), maxBytes);
      await api.call(memberOperations.GetObject, { parameters: { sha256: objectSha256 }, header: ticketId });
    } catch (error) {
      throw ownFault(error) ?? (isTooLong(error) ? notTheObject(vault, objectSha256) : faultOf(error, vault));
    }
    const [only] = kept;
    if (only === undefined) throw faultOf(undefined, vault);
    return only;
  }

  // `async`: what goes wrong while the transport is built rejects too, and is the other member's failure
  async #stored(
    vault: RemoteVault,
    { objectSha256, versionHash, bytes }: ObjectToKeep,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly receipt: Receipt; readonly sizeBytes: number }> {
    const body = await collectBytes(bytes);
    const api = new MemberApi(
      this.#transport(vault, { bytes: body.length, ...(signal === undefined ? {} : { signal }) }),
      MAX_RECEIPT_BYTES,
    );
    const receipt = await api.ask(memberOperations.PutObject, { parameters: { sha256: objectSha256 }, header: versionHash, body });
    return { receipt, sizeBytes: body.length };
  }

  #transport(vault: RemoteVault, { bytes, ...more }: { readonly bytes: number } & Pick<Exchange, 'signal' | 'onBody'>): Transport {
    const tls = { ...this.tls, pinnedSha256: fingerprintsOf(vault) };
    const { host, port } = vault;
    const patience = { connectMillis: CONNECT_MILLIS, totalMillis: longestMillis(bytes) };
    // a connection of its own: a pooled one might have been checked against another vault's certificate
    return {
      ...httpsTransport({ host, port, tls, patience, keepAlive: false }),
      exchange: (request) => exchange({ host, port, ...request, ...more, tls, patience }),
    };
  }
}

/** How long a vault is given for an object of so many bytes, in milliseconds. */
export function longestMillis(bytes: number): number {
  return CONNECT_MILLIS + Math.ceil((bytes * 1_000) / SLOWEST_BYTES_PER_SECOND);
}

/** The bytes, and a failure at their end if they are not those the hash names. */
async function* checked(
  pieces: AsyncIterable<Uint8Array>,
  vault: RemoteVault,
  objectSha256: Sha256,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (encodeBase64url(hash.digest()) !== objectSha256) throw notTheObject(vault, objectSha256);
}

/** A refusal from this side of the wire: the bytes were not the object's, or could not be kept here. */
function ownFault(error: unknown): DomainError | undefined {
  return error instanceof NoAnswer && error.cause instanceof DomainError ? error.cause : undefined;
}

/** The transport's own sign that an answer was longer than asked for. */
function isTooLong(error: unknown): boolean {
  return error instanceof NoAnswer && error.cause instanceof RangeError;
}

function notTheObject({ endpointId }: RemoteVault, objectSha256: Sha256): DomainError {
  return new DomainError('HASH_MISMATCH', 'the replica is not the object the ledger names', { objectSha256, endpointId });
}

/** A refusal of the other member, if it is one of ours; anything else only says that it did not work. */
function faultOf(error: unknown, { endpointId, mspId }: RemoteVault): DomainError {
  if (error instanceof Refused && isErrorCode(error.code)) {
    return new DomainError(error.code, 'refused by the other member’s vault', { endpointId });
  }
  return new DomainError(
    'REPLICA_UNAVAILABLE',
    'the other member’s vault gives no answer as agreed',
    { endpointId, mspId },
    { cause: error },
  );
}
