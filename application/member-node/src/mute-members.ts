import { DomainError, type Endpoint, type MspId } from '@lianyi/domain';
import { MemberHealth } from './services/member-health';

/** What fails sooner holds nobody's place for long. */
const MUTE_MILLIS = 5_000;

/** Other members' services that took a question and gave no answer: while one is remembered, one question at a time finds out whether it answers again. */
export class MuteMembers {
  readonly #health: MemberHealth;
  readonly #asked = new Set<MspId>();

  constructor(private readonly now: () => number = Date.now) {
    this.#health = new MemberHealth(now);
  }

  /** @throws {@link DomainError} `MEMBER_UNAVAILABLE` — it was mute a moment ago, and is being asked; and what `work` throws */
  async ask<Answer>({ mspId, endpointId }: Pick<Endpoint, 'mspId' | 'endpointId'>, work: () => Promise<Answer>): Promise<Answer> {
    const wasMute = this.#health.hasFailed(mspId);
    if (wasMute && this.#asked.has(mspId))
      throw new DomainError('MEMBER_UNAVAILABLE', 'it gave no answer a moment ago', { mspId, endpointId });
    if (wasMute) this.#asked.add(mspId);
    const begun = this.now();
    try {
      const answer = await work();
      this.#health.worked(mspId);
      return answer;
    } catch (error) {
      const isUnavailable = error instanceof DomainError && error.code === 'MEMBER_UNAVAILABLE';
      if (!isUnavailable) this.#health.worked(mspId);
      else if (this.now() - begun >= MUTE_MILLIS) this.#health.failed(mspId);
      throw error;
    } finally {
      if (wasMute) this.#asked.delete(mspId);
    }
  }
}
