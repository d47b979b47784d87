import { MemberApi, memberOperations } from '@lianyi/client';
import { httpsTransport } from '@lianyi/client/node';
import { type ResultHeader, resultHeaderSchema } from '@lianyi/client/pointers';
import { DomainError, type Endpoint, fingerprintsOf } from '@lianyi/domain';
import { type KeyRequest } from '../keys/key-service';
import { memberUnavailable, refusalOfMember } from '../member-keys';
import { type MemberTls } from '../member-tls';
import { MuteMembers } from '../mute-members';

/** A query, and committing its release, which takes a block or two. */
const TIMEOUT_MILLIS = 90_000;
/** Sealed rows, at most a mebibyte, with what encloses them. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** Rows sealed to who asked, with the key: no node on the way can open them. */
export interface SealedResult {
  readonly header: ResultHeader;
  readonly ciphertext: Uint8Array;
}

/** Has another member run a pointer's query, wherever its endpoint is now. */
export class MemberQueries {
  readonly #mute = new MuteMembers();

  constructor(private readonly tls: MemberTls) {}

  /** @throws {@link DomainError} the other member's own code, or `MEMBER_UNAVAILABLE`. */
  run(endpoint: Endpoint, request: KeyRequest): Promise<SealedResult> {
    return this.#mute.ask(endpoint, () => this.#run(endpoint, request));
  }

  async #run(endpoint: Endpoint, request: KeyRequest): Promise<SealedResult> {
    const tls = { ...this.tls, pinnedSha256: fingerprintsOf(endpoint) };
    const { host, port } = endpoint;
    try {
      const transport = httpsTransport({ host, port, tls, patience: { totalMillis: TIMEOUT_MILLIS }, keepAlive: false });
      const answer = await new MemberApi(transport, MAX_ANSWER_BYTES).call(memberOperations.RunQuery, { body: request });
      if (!(answer.body instanceof Uint8Array)) throw new DomainError('MEMBER_UNAVAILABLE');
      return { header: resultHeaderSchema.parse(answer.header), ciphertext: answer.body };
    } catch (cause) {
      throw refusalOfMember(cause) ?? memberUnavailable(endpoint, cause);
    }
  }
}
