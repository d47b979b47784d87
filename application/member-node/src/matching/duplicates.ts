import { type PrivateKey } from '@lianyi/client';
import { claimOfNote, type DuplicateNote, isProofOfMatch, type NoteStep, openDuplicateNote, proofOfMatch } from '@lianyi/client/matching';
import {
  type ChannelBinding,
  DomainError,
  type DuplicateCase,
  type DuplicateCaseId,
  type Ledger,
  type MatchProof,
  matchProofSchema,
  type MatchTag,
  matchTagSchema,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  Refused,
  type SealedToBoth,
  transactions,
} from '@lianyi/domain';

/** A case as the own hospital may see it. */
export interface OpenedDuplicate extends Pick<DuplicateCase, 'caseId' | 'state'> {
  readonly otherMspId: MspId;
  readonly found?: {
    readonly system: string;
    readonly tag: MatchTag;
    /** For the own note with the proposal to merge. */
    readonly proof: MatchProof;
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
   * Proves to a member that a number is linked here, once the member has proved that it knows the number itself. A tag is of two hospitals;
   * another one's tag is not answered, and neither is one that the member was only told.
   * @returns undefined: not linked here, or the member does not know it
   * @throws {@link DomainError} `INVALID_REQUEST`; or a LedgerFailure
   */
  async answer(named: { readonly tag: string; readonly proof: string }, asker: MspId): Promise<MatchProof | undefined> {
    const tag = matchTagSchema.safeParse(named.tag);
    if (!tag.success) throw new DomainError('INVALID_REQUEST', undefined, { path: 'tag' });
    const proof = matchProofSchema.safeParse(named.proof);
    if (!proof.success) throw new DomainError('INVALID_REQUEST', undefined, { path: 'proof' });
    const match = await this.#match(tag.data, asker);
    if (match === undefined) return undefined;
    const { mspId } = this.own;
    if (!isProofOfMatch(match.secret, proof.data, { step: 'ask', from: asker, to: mspId })) return undefined;
    return proofOfMatch(match.secret, { step: 'answer', from: mspId, to: asker });
  }

  /**
   * Opens what is sealed to the own hospital. A case whose note does not open, or does not prove that its writer knows a number linked here, says
   * nothing: it was written by who has not found the number, or the number was unlinked.
   * @throws {@link DomainError} `NOT_FOUND`, `NOT_PERMITTED` — the case is of two others
   */
  async read(caseId: DuplicateCaseId): Promise<OpenedDuplicate> {
    const duplicate = await this.actor.evaluate(newRequest(transactions.GetDuplicateCase, { caseId }));
    const { state, openerMspId, partnerMspId, opened, joined } = duplicate;
    const isOpener = openerMspId === this.own.mspId;
    const otherMspId = isOpener ? partnerMspId : openerMspId;
    const first = await this.#note(opened, caseId, 'open');
    const match = first === undefined ? undefined : await this.#match(first.tag, otherMspId);
    const isProved = (note: DuplicateNote, step: NoteStep, from: MspId, to: MspId): boolean =>
      match !== undefined && isProofOfMatch(match.secret, note.proof, claimOfNote(note, { step, from, to, caseId }));
    if (first === undefined || match === undefined || !isProved(first, 'open', openerMspId, partnerMspId))
      return { caseId, state, otherMspId };
    const second = joined === undefined ? undefined : await this.#note(joined, caseId, 'propose');
    const isSecondProved = second?.tag === first.tag && isProved(second, 'propose', partnerMspId, openerMspId);
    const other = isOpener ? (isSecondProved ? second : undefined) : first;
    const { system, pseudonym, secret } = match;
    const proof = proofOfMatch(
      secret,
      claimOfNote({ system, pseudonym }, { step: 'propose', from: this.own.mspId, to: otherMspId, caseId }),
    );
    const found = { system, tag: first.tag, proof, pseudonym, ...(other === undefined ? {} : { otherPseudonym: other.pseudonym }) };
    return { caseId, state, otherMspId, found };
  }

  /** Undefined: it does not open. Whoever writes a case can write anything into it, and stops nobody who reads all of them. */
  async #note(sealed: SealedToBoth, caseId: DuplicateCaseId, step: NoteStep): Promise<DuplicateNote | undefined> {
    try {
      return await openDuplicateNote(sealed, { network: this.own.network, caseId, step }, this.own);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'SEAL_BROKEN') return undefined;
      throw error;
    }
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
