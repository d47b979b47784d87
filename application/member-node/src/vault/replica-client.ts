import { type ByteSource, collectBytes, MemberApi, memberOperations, type Transport } from '@lianyi/client';
import { httpsTransport } from '@lianyi/client/node';
import {
  DomainError,
  fingerprintsOf,
  isErrorCode,
  NoAnswer,
  type PublicKey,
  type Receipt,
  Refused,
  type Sha256,
  sha256,
  type TicketId,
} from '@lianyi/domain';
import { type MemberTls } from '../member-tls';
import { assertReceipt, type VaultIdentity } from './receipt';

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

/** An object may be large and a line slow: only silence counts. */
const IDLE_MILLIS = 30_000;
const MAX_RECEIPT_BYTES = 16_384;

/** Stores and reads sealed objects at other members, over mutual TLS with the certificate the ledger names. */
export class ReplicaClient {
  constructor(private readonly tls: MemberTls) {}

  /**
   * Stores an object at another member and brings back its receipt, checked.
   *
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` — no answer as agreed · `HASH_MISMATCH` or `BAD_SIGNATURE` — the
   * receipt is not for this object by this vault · the vault's own code, such as `STORAGE_FULL`.
   */
  async put(vault: RemoteVault, objectSha256: Sha256, source: ByteSource): Promise<Receipt> {
    const receipt = await this.#stored(vault, objectSha256, source).catch((error: unknown) => {
      throw faultOf(error, vault);
    });
    assertReceipt(receipt, vault, objectSha256);
    return receipt;
  }

  /**
   * Reads an object under a committed ticket, checked against its hash.
   *
   * @param maxBytes what the object has at most: who sends more is not read to the end
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` · `HASH_MISMATCH` · the vault's own code, such as `NOT_FOUND` or `TICKET_CLOSED`.
   */
  async get(vault: RemoteVault, objectSha256: Sha256, ticketId: TicketId, maxBytes: number): Promise<Uint8Array> {
    const { body } = await this.#fetched(vault, objectSha256, ticketId, maxBytes).catch((error: unknown) => {
      throw isTooLong(error) ? notTheObject(vault, objectSha256) : faultOf(error, vault);
    });
    if (!(body instanceof Uint8Array) || sha256(body) !== objectSha256) throw notTheObject(vault, objectSha256);
    return body;
  }

  // `async`: what goes wrong while the transport is built rejects too, and is the other member's failure
  async #fetched(vault: RemoteVault, objectSha256: Sha256, ticketId: TicketId, maxBytes: number): Promise<{ readonly body: unknown }> {
    const api = new MemberApi(this.#transport(vault), maxBytes);
    return api.call(memberOperations.GetObject, { parameters: { sha256: objectSha256 }, header: ticketId });
  }

  async #stored(vault: RemoteVault, objectSha256: Sha256, source: ByteSource): Promise<Receipt> {
    const api = new MemberApi(this.#transport(vault), MAX_RECEIPT_BYTES);
    return api.ask(memberOperations.PutObject, { parameters: { sha256: objectSha256 }, body: await collectBytes(source) });
  }

  #transport(vault: RemoteVault): Transport {
    const tls = { ...this.tls, pinnedSha256: fingerprintsOf(vault) };
    // a connection of its own: a pooled one might have been checked against another vault's certificate
    const { host, port } = vault;
    return httpsTransport({ host, port, tls, patience: { idleMillis: IDLE_MILLIS }, keepAlive: false });
  }
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
