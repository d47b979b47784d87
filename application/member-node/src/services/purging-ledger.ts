import {
  type Ledger,
  type OutcomeOf,
  OutcomeUnknown,
  type Output,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { type Preparations } from './preparations';

/** A ledger through which a purge of envelopes reaches the node's own copies of them too: what is not published yet. */
export class PurgingLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly preparations: Pick<Preparations, 'forget'>,
  ) {}

  evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    return this.ledger.evaluate(request);
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    if (request.entry.name !== transactions.PurgeEnvelopes.name) return this.ledger.submit(request);
    try {
      const outcome = await this.ledger.submit(request);
      await this.#forget(request.input);
      return outcome;
    } catch (error) {
      // it may be committed, and was asked for by who may ask: what is not published yet can be prepared anew
      if (error instanceof OutcomeUnknown) await this.#forget(request.input);
      throw error;
    }
  }

  async #forget(input: unknown): Promise<void> {
    const { pseudonym, envelopes } = transactions.PurgeEnvelopes.request.parse(input);
    await this.preparations.forget(envelopes.map((each) => ({ pseudonym, ...each })));
  }
}
