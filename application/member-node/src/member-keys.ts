import { z } from 'zod';
import { releasedKeySchema } from '@lianyi/client';
import { exchange } from '@lianyi/client/node';
import { DomainError, type Endpoint, isErrorCode, parseStrictJson, type RecordId, type TicketId } from '@lianyi/domain';
import { type ReleasedKey } from './keys/key-service';
import { type MemberTls } from './vault/replica-client';

export const releaseRequestSchema = z.strictObject({ ticketId: z.string(), recordId: z.string() });

/** Committing a release takes a block or two; the other member also waits for blocks. */
const TIMEOUT_MILLIS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks another member's key service for a record key. */
export class MemberKeys {
  constructor(private readonly tls: MemberTls) {}

  /** @throws {@link DomainError} the other member's own code, or `MEMBER_UNAVAILABLE`. */
  async release(endpoint: Endpoint, request: { ticketId: TicketId; recordId: RecordId }): Promise<ReleasedKey> {
    const where = { mspId: endpoint.mspId, endpointId: endpoint.endpointId };
    const answer = await exchange({
      host: endpoint.host,
      port: endpoint.port,
      method: 'POST',
      path: '/v1/keys:release',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      tls: { ...this.tls, pinnedSha256: endpoint.tlsSha256 },
      timeoutMillis: TIMEOUT_MILLIS,
      maxBytes: MAX_ANSWER_BYTES,
    }).catch((error: unknown) => {
      throw new DomainError('MEMBER_UNAVAILABLE', undefined, where, { cause: error });
    });
    const body = readJson(answer.body);
    if (answer.status === 200) {
      const released = releasedKeySchema.safeParse(body);
      if (released.success) return released.data;
    }
    throw refusalOf(body) ?? new DomainError('MEMBER_UNAVAILABLE', undefined, { ...where, status: answer.status });
  }
}

function readJson(body: Buffer): unknown {
  try {
    return parseStrictJson(body.toString('utf8'), { maxBytes: MAX_ANSWER_BYTES, maxDepth: 16 });
  } catch {
    return undefined;
  }
}

const refusalSchema = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()).default({}) });

function refusalOf(body: unknown): DomainError | undefined {
  const refusal = refusalSchema.safeParse(body);
  if (!refusal.success || !isErrorCode(refusal.data.code)) return undefined;
  const { obstacle } = refusal.data.details;
  return new DomainError(refusal.data.code, undefined, typeof obstacle === 'string' && /^[a-z-]{1,32}$/.test(obstacle) ? { obstacle } : {});
}
