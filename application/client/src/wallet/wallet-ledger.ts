import {
  DomainError,
  type Instant,
  isErrorCode,
  type Ledger,
  LedgerFailure,
  type NetworkIdentity,
  newRequest,
  type Output,
  type OutcomeOf,
  type Pseudonym,
  qualifiedName,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type Synchronisation } from './synchronise';
import { type SignedCommand, type Wallet } from './wallet';

/** What a wallet acts on. */
export interface WalletLedgerOptions {
  readonly network: NetworkIdentity;
  /** Which of the wallet's pseudonyms signs a request. */
  readonly signerOf: (request: SignedRequest<TransactionEntry>) => Promise<Pseudonym>;
  readonly now: () => Instant;
}

/**
 * The ledger as a patient has it: each command is signed with a one-time key of the wallet and settled by what becomes of it. Any
 * member node may carry it.
 */
export class WalletLedger implements Ledger {
  constructor(
    private readonly next: Ledger,
    private readonly wallet: Wallet,
    private readonly options: WalletLedgerOptions,
  ) {}

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    return this.next.evaluate(await this.signed(request));
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const pseudonym = await this.options.signerOf(request);
    try {
      return await this.#command(pseudonym, request);
    } catch (error) {
      // an earlier command of this key is open: the ledger knows what became of it
      if (!(error instanceof DomainError) || error.code !== 'COMMAND_PENDING') throw error;
      await this.synchronise(pseudonym);
      return this.#command(pseudonym, request);
    }
  }

  /** Signs a request without using the key up, and sends nothing: the proof is valid until the key is used. */
  async signed<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<SignedRequest<Entry>> {
    const { entry, input } = request;
    const pseudonym = await this.options.signerOf(request);
    const { network, now } = this.options;
    return { ...request, proof: await this.wallet.signQuery(network, pseudonym, { transaction: entry, input }, now()) };
  }

  /**
   * Asks the ledger which key is next, and so what became of the pending command.
   * A command whose time is not over is sent again: the same bytes, so it cannot happen twice.
   */
  async synchronise(
    pseudonym: Pseudonym,
  ): Promise<{ readonly result: Synchronisation | 'sent-again'; readonly outcome?: OutcomeOf<TransactionEntry> }> {
    const { nextKeyHash } = await this.next.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
    const result = await this.wallet.synchronise(pseudonym, nextKeyHash, this.options.now());
    if (result !== 'pending') return { result };
    const pending = (await this.wallet.relationships()).find((relationship) => relationship.pseudonym === pseudonym)?.pending;
    return pending === undefined ? { result } : { result: 'sent-again', outcome: await this.#sendAgain(pending) };
  }

  async #command<Entry extends TransactionEntry>(pseudonym: Pseudonym, request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const { entry, input } = request;
    const { network, now } = this.options;
    const { proof } = await this.wallet.signCommand(network, pseudonym, { transaction: entry, input }, now());
    try {
      return await this.#settled({ ...request, proof });
    } catch (error) {
      if (isCertainlyNotCommitted(error)) await this.wallet.settle(proof, 'refused');
      throw error;
    }
  }

  /** What becomes of a second sending tells nothing against the first: unless it is committed, the command stays pending. */
  #sendAgain({ transaction, input, proof }: SignedCommand): Promise<OutcomeOf<TransactionEntry>> {
    const entry: TransactionEntry | undefined = transactionByName(qualifiedName(transaction));
    if (entry === undefined) throw new DomainError('UNKNOWN_TRANSACTION');
    return this.#settled({ ...newRequest(entry, input), proof });
  }

  async #settled<Entry extends TransactionEntry>(request: SignedRequest<Entry> & Pick<SignedCommand, 'proof'>): Promise<OutcomeOf<Entry>> {
    const outcome = await this.next.submit(request);
    await this.wallet.settle(request.proof, 'committed');
    return outcome;
  }
}

/**
 * Whether the failure of a first sending proves that the command was not committed and never will be: then its key may sign the next
 * one. In doubt it does not: a node that fell silent, or answers with a code of a newer version, may have sent the command on.
 */
function isCertainlyNotCommitted(error: unknown): boolean {
  if (error instanceof Refused || error instanceof DomainError) return isErrorCode(error.code) && error.code !== 'OUTCOME_UNKNOWN';
  return error instanceof LedgerFailure && error.kind !== 'outcome-unknown' && error.kind !== 'no-answer';
}
