import { type PrivateKey } from '@lianyi/client';
import { openDuplicateNote } from '@lianyi/client/matching';
import {
  type ChannelBinding,
  DomainError,
  type DuplicateCase,
  type DuplicateCaseId,
  type Ledger,
  type MatchTag,
  matchTagSchema,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  Refused,
  transactions,
} from '@lianyi/domain';

/** A case as the own hospital may see it. */
export interface OpenedDuplicate extends Pick<DuplicateCase, 'caseId' | 'state'> {
  readonly otherMspId: MspId;
  readonly found?: {
    readonly system: string;
    readonly tag: MatchTag;
    readonly pseudonym: Pseudonym;
    readonly otherPseudonym?: Pseudonym;
  };
}

type Match = Output<typeof transactions.ResolveMatchTag>;

/** What the own hospital knows of numbers that others know, too. */
export class Duplicates {
  /** @param actor - the ledger as the node's key service acts in it */
  constructor(
    private readonly own: { readonly mspId: MspId; readonly network: ChannelBinding; readonly privateKey: PrivateKey },
    private readonly actor: Ledger,
  ) {}

  /**
   * Tells a member whether a number is linked here. A tag is of two hospitals; another one's tag is not answered.
   * @throws {@link DomainError} `INVALID_REQUEST`; or a LedgerFailure
   */
  async isMatch(named: string, asker: MspId): Promise<boolean> {
    const tag = matchTagSchema.safeParse(named);
    if (!tag.success) throw new DomainError('INVALID_REQUEST', undefined, { path: 'tag' });
    return (await this.#match(tag.data, asker)) !== undefined;
  }

  /**
   * Opens what is sealed to the own hospital. A case whose tag is not that of a number linked here says nothing: it was written by who has not
   * found the number, or the number was unlinked.
   * @throws {@link DomainError} `NOT_FOUND`, `NOT_PERMITTED` — the case is of two others; `SEAL_BROKEN`
   */
  async read(caseId: DuplicateCaseId): Promise<OpenedDuplicate> {
    const duplicate = await this.actor.evaluate(newRequest(transactions.GetDuplicateCase, { caseId }));
    const { state, openerMspId, partnerMspId, opened, joined } = duplicate;
    const isOpener = openerMspId === this.own.mspId;
    const otherMspId = isOpener ? partnerMspId : openerMspId;
    const place = { network: this.own.network, caseId };
    const first = await openDuplicateNote(opened, { ...place, step: 'open' }, this.own);
    const match = await this.#match(first.tag, otherMspId);
    if (match === undefined) return { caseId, state, otherMspId };
    const second = joined === undefined ? undefined : await openDuplicateNote(joined, { ...place, step: 'propose' }, this.own);
    // the other side proves with the tag that it knows the number as well
    const other = isOpener ? second : first;
    const otherPseudonym = other?.tag === first.tag ? other.pseudonym : undefined;
    const { system, pseudonym } = match;
    const found = { system, tag: first.tag, pseudonym, ...(otherPseudonym === undefined ? {} : { otherPseudonym }) };
    return { caseId, state, otherMspId, found };
  }

  async #match(tag: MatchTag, other: MspId): Promise<Match | undefined> {
    try {
      const match = await this.actor.evaluate(newRequest(transactions.ResolveMatchTag, { tag }));
      return match.mspId === other ? match : undefined;
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }
}
