import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type ByteSource, collect } from '@lianyi/client';
import {
  DomainError,
  encodeBase64url,
  isErrorCode,
  parseStrictJson,
  type PublicKey,
  type Receipt,
  receiptSchema,
  type Sha256,
  type TicketId,
} from '@lianyi/domain';
import { assertReceipt, type VaultIdentity } from './receipt';

/** Another member's vault, as the ledger's directory describes it. */
export type RemoteVault = VaultIdentity & {
  host: string;
  port: number;
  /** SHA-256 of the DER of its TLS certificate: the ledger, not only the CA, says who answers. */
  tlsSha256: Sha256;
  receiptPublicKey: PublicKey;
};

/** Who we are to other members: PEM. */
export type MemberTls = { key: string; cert: string; ca: readonly string[] };

/** The header that names the ticket under which an object is read. */
export const TICKET_HEADER = 'lianyi-ticket';
const IDLE_MILLISECONDS = 30_000;
const MAX_ANSWER_BYTES = 16_384;

type Exchange = { method: 'PUT' | 'GET'; objectSha256: Sha256; headers?: Record<string, string>; body?: ByteSource };

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
    const answer = await this.exchange(vault, {
      method: 'PUT',
      objectSha256,
      body: source,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const receipt = receiptSchema.safeParse(await readJson(answer, vault));
    if (!receipt.success) throw unavailable(vault, 'the answer is no receipt');
    assertReceipt(receipt.data, vault, objectSha256);
    return receipt.data;
  }

  /**
   * Reads an object under a committed ticket; the bytes are checked against the hash as they end.
   *
   * @param maxBytes what the object has at most: who sends more is not read to the end
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` · the vault's own code, such as `NOT_FOUND` or `TICKET_CLOSED`; while
   * reading also `HASH_MISMATCH`.
   */
  async get(vault: RemoteVault, objectSha256: Sha256, ticketId: TicketId, maxBytes: number): Promise<AsyncIterable<Buffer>> {
    const answer = await this.exchange(vault, { method: 'GET', objectSha256, headers: { [TICKET_HEADER]: ticketId } });
    return checked(answer, vault, { objectSha256, maxBytes });
  }

  private async exchange(vault: RemoteVault, { method, objectSha256, headers, body }: Exchange): Promise<IncomingMessage> {
    const outgoing = request({
      host: vault.host,
      port: vault.port,
      path: `/v1/objects/${objectSha256}`,
      method,
      headers,
      key: this.tls.key,
      cert: this.tls.cert,
      ca: [...this.tls.ca],
      minVersion: 'TLSv1.3',
      // a connection of its own: a pooled one might have been checked against another vault's certificate
      agent: false,
      timeout: IDLE_MILLISECONDS,
      checkServerIdentity: (host, certificate) => certificateFault(vault, host, certificate),
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    const sent = pipeline(body ?? [], outgoing);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
      // a vault may answer (and refuse) before it has read everything: then this comes too late to matter
      sent.catch(reject);
    });
    try {
      const answer = await answered;
      if (answer.statusCode !== 200 && answer.statusCode !== 201) throw await refusalOf(answer, vault);
      await sent;
      return answer;
    } catch (error) {
      outgoing.destroy();
      throw error instanceof DomainError ? error : unavailable(vault, 'no answer', error);
    }
  }
}

function certificateFault(vault: RemoteVault, host: string, certificate: PeerCertificate): Error | undefined {
  const fingerprint = createHash('sha256').update(certificate.raw).digest();
  const isNamedByLedger = timingSafeEqual(fingerprint, Buffer.from(vault.tlsSha256, 'base64url'));
  return isNamedByLedger ? checkServerIdentity(host, certificate) : new Error('the TLS certificate is not the one the ledger names');
}

async function* checked(
  answer: IncomingMessage,
  vault: RemoteVault,
  { objectSha256, maxBytes }: { objectSha256: Sha256; maxBytes: number },
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let received = 0;
  const pieces: AsyncIterable<Buffer> = answer;
  try {
    for await (const piece of pieces) {
      received += piece.length;
      // leaving the loop ends the connection
      if (received > maxBytes) break;
      hash.update(piece);
      yield piece;
    }
  } catch (error) {
    throw unavailable(vault, 'the answer broke off', error);
  }
  if (received > maxBytes || encodeBase64url(hash.digest()) !== objectSha256) {
    throw new DomainError('HASH_MISMATCH', 'the replica is not the object the ledger names', {
      objectSha256,
      endpointId: vault.endpointId,
    });
  }
}

/** A refusal of the other member, if it is one of ours; anything else only says that it did not work. */
async function refusalOf(answer: IncomingMessage, vault: RemoteVault): Promise<DomainError> {
  const body = await readJson(answer, vault);
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  if (typeof code === 'string' && isErrorCode(code)) {
    return new DomainError(code, 'refused by the other member’s vault', { endpointId: vault.endpointId });
  }
  return unavailable(vault, `status ${answer.statusCode ?? 0}`);
}

async function readJson(answer: IncomingMessage, vault: RemoteVault): Promise<unknown> {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await collect(atMost(answer))), {
      maxBytes: MAX_ANSWER_BYTES,
      maxDepth: 16,
    });
  } catch (error) {
    throw unavailable(vault, 'the answer is not JSON', error);
  }
}

async function* atMost(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  for await (const piece of source) {
    received += piece.length;
    if (received > MAX_ANSWER_BYTES) throw new RangeError('the answer is too long');
    yield piece;
  }
}

function unavailable(vault: RemoteVault, what: string, cause?: unknown): DomainError {
  return new DomainError(
    'REPLICA_UNAVAILABLE',
    `the other member’s vault: ${what}`,
    { endpointId: vault.endpointId, mspId: vault.mspId },
    { cause },
  );
}
