import { type z } from 'zod';
import { MemberApi, type MemberOperation, memberOperations } from '@lianyi/client';
import { httpsTransport } from '@lianyi/client/node';
import { DomainError, type Endpoint, fingerprintsOf, isErrorCode, Refused } from '@lianyi/domain';
import { type KeyRequest, type ReleasedKey } from './keys/key-service';
import { type MemberTls } from './member-tls';
import { MuteMembers } from './mute-members';

/** Committing a release takes a block or two; the other member also waits for blocks. */
const TIMEOUT_MILLIS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks another member's key service. */
export class MemberKeys {
  readonly #mute = new MuteMembers();

  constructor(private readonly tls: MemberTls) {}

  /** @throws {@link DomainError} the other member's own code, or `MEMBER_UNAVAILABLE`. */
  async release(endpoint: Endpoint, request: KeyRequest): Promise<ReleasedKey> {
    return this.#mute.ask(endpoint, () => this.ask(endpoint, memberOperations.ReleaseKey, request));
  }

  /** Calls an operation of another member's node whose answer is JSON. @throws as {@link release} */
  async ask<Answer extends z.ZodType>(
    endpoint: Endpoint,
    operation: MemberOperation & { readonly answer: Answer },
    body: unknown,
  ): Promise<z.output<Answer>> {
    const tls = { ...this.tls, pinnedSha256: fingerprintsOf(endpoint) };
    const { host, port } = endpoint;
    try {
      // within: whatever another member has put into the directory as its host is that member's failure
      const transport = httpsTransport({ host, port, tls, patience: { totalMillis: TIMEOUT_MILLIS }, keepAlive: false });
      return await new MemberApi(transport, MAX_ANSWER_BYTES).ask(operation, { body });
    } catch (cause) {
      throw refusalOfMember(cause) ?? memberUnavailable(endpoint, cause);
    }
  }
}

/** The other member's refusal, of whose details only a known word is repeated. */
export function refusalOfMember(error: unknown): DomainError | undefined {
  if (!(error instanceof Refused) || !isErrorCode(error.code)) return undefined;
  const { obstacle } = error.details;
  return new DomainError(error.code, undefined, typeof obstacle === 'string' && /^[a-z-]{1,32}$/.test(obstacle) ? { obstacle } : {});
}

/** Another member's node did not answer, or not as itself. */
export function memberUnavailable({ mspId, endpointId }: Endpoint, cause: unknown): DomainError {
  return new DomainError('MEMBER_UNAVAILABLE', undefined, { mspId, endpointId }, { cause });
}
