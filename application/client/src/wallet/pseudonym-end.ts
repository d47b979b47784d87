import {
  DomainError,
  type Ledger,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  type PseudonymEntry,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { type Wallet } from './wallet';
import { type WalletLedgerOptions } from './wallet-ledger';

/** Relationship states from which none leads back. */
const OVER: readonly string[] = ['terminated', 'rejected'];

/**
 * Whether a hospital may have a new pseudonym of the patient. Every member that is asked must say the same, so that one of them alone
 * cannot move a patient to another pseudonym; what is left stays in the wallet with its keys.
 */
export class PseudonymEnd {
  /** @param members nodes of the members that are asked; best the one that carries and another one */
  constructor(
    private readonly wallet: Wallet,
    private readonly members: readonly [Ledger, ...Ledger[]],
    private readonly options: Pick<WalletLedgerOptions, 'network' | 'now'>,
  ) {}

  /**
   * Leaves a pseudonym whose relationship is over, for one who comes back.
   * @throws {@link DomainError} `PSEUDONYM_IN_USE` — a member says that it is not over, or that there is none yet; LedgerFailure
   */
  async leaveIfOver(pseudonym: Pseudonym): Promise<void> {
    const { mspId } = await this.#held(pseudonym);
    for (const member of this.members) {
      const state = await this.#stateAt(member, pseudonym, mspId);
      if (!OVER.includes(state)) throw inUse(pseudonym, mspId, state);
    }
    await this.wallet.leave(pseudonym, 'ended');
  }

  /**
   * Discards a pseudonym that the ledger does not know as this hospital's with a key of this wallet. It comes back with the next look at
   * the ledger, should it be registered after all.
   * @throws {@link DomainError} `PSEUDONYM_IN_USE` — a member knows it; LedgerFailure
   */
  async discard(pseudonym: Pseudonym): Promise<void> {
    const { mspId } = await this.#held(pseudonym);
    for (const member of this.members) {
      const entry = await known(member, newRequest(transactions.GetPseudonym, { pseudonym }));
      if (entry !== undefined && (await this.#isOwn(pseudonym, mspId, entry))) throw inUse(pseudonym, mspId, 'registered');
    }
    await this.wallet.leave(pseudonym, 'discarded');
  }

  /** What a member says of the relationship. Only whose key the ledger knows may ask, so that is asked first, which anybody may. */
  async #stateAt(member: Ledger, pseudonym: Pseudonym, mspId: MspId): Promise<string> {
    if ((await known(member, newRequest(transactions.GetPseudonym, { pseudonym }))) === undefined) return 'unregistered';
    const request = newRequest(transactions.GetRelationship, { pseudonym, mspId });
    const { network, now } = this.options;
    const proof = await this.wallet.signQuery(network, pseudonym, { transaction: request.entry, input: request.input }, now());
    return (await known(member, { ...request, proof }))?.state ?? 'none';
  }

  async #isOwn(pseudonym: Pseudonym, mspId: MspId, entry: PseudonymEntry): Promise<boolean> {
    return entry.mspId === mspId && this.wallet.isOwnKey(pseudonym, entry.nextKeyHash);
  }

  async #held(pseudonym: Pseudonym): Promise<{ readonly mspId: MspId }> {
    const held = (await this.wallet.relationships()).find((each) => each.pseudonym === pseudonym);
    if (held === undefined) throw new DomainError('NOT_FOUND', 'the wallet does not hold this pseudonym', { pseudonym });
    return held;
  }
}

/** What a member has on its ledger; undefined if it has nothing. */
async function known<Entry extends TransactionEntry>(member: Ledger, request: SignedRequest<Entry>): Promise<Output<Entry> | undefined> {
  try {
    return await member.evaluate(request);
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function inUse(pseudonym: Pseudonym, mspId: MspId, state: string): DomainError {
  return new DomainError('PSEUDONYM_IN_USE', undefined, { mspId, pseudonym, state });
}
