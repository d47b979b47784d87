import { DomainError, type Endpoint, type MspId } from '@lianyi/domain';

/** What fails sooner holds nobody's place for long. */
const MUTE_MILLIS = 5_000;
/** As long as a vault that has failed is asked last. */
const REMEMBERED_MILLIS = 60_000;

/** Other members' services that took a question and gave no answer: while one is remembered, one question at a time finds out whether it answers again. */
export class MuteMembers {
  readonly #muteAt = new Map<MspId, number>();
  readonly #asked = new Set<MspId>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws {@link DomainError} `MEMBER_UNAVAILABLE` — it was mute a moment ago, and is being asked; and what `work` throws */
  async ask<Answer>({ mspId, endpointId }: Pick<Endpoint, 'mspId' | 'endpointId'>, work: () => Promise<Answer>): Promise<Answer> {
    const wasMute = this.now() - (this.#muteAt.get(mspId) ?? -Infinity) < REMEMBERED_MILLIS;
    if (wasMute && this.#asked.has(mspId))
      throw new DomainError('MEMBER_UNAVAILABLE', 'it gave no answer a moment ago', { mspId, endpointId });
    if (wasMute) this.#asked.add(mspId);
    const begun = this.now();
    try {
      const answer = await work();
      this.#muteAt.delete(mspId);
      return answer;
    } catch (error) {
      const isUnavailable = error instanceof DomainError && error.code === 'MEMBER_UNAVAILABLE';
      if (!isUnavailable) this.#muteAt.delete(mspId);
      else if (this.now() - begun >= MUTE_MILLIS) this.#muteAt.set(mspId, this.now());
      throw error;
    } finally {
      if (wasMute) this.#asked.delete(mspId);
    }
  }
}
