import {
  DomainError,
  type Instant,
  type Ledger,
  type NetworkIdentity,
  newRequest,
  type Pseudonym,
  Refused,
  type SummarySlot,
  transactions,
} from '@lianyi/domain';
import { askUntil, WITNESS_PATIENCE_MILLIS } from './ask-until';
import { failureCode } from './failure-code';
import { type Wallet } from './wallet';
import { type ChainName, isSameChain } from './wallet-content';
import { type SlotWrite } from './wallet-summary';

/** How the slot of a pseudonym goes to the ledger: best as its commands go, so that nobody sees two of them who does not see them anyway. */
export interface SlotCarriage {
  readonly carrier: Ledger;
  /** Who is asked whether it is there: best another member's node than the one that carries. */
  readonly witness: Ledger;
}

/** What became of the slots that were due. */
export interface SummaryReport {
  readonly written: readonly Pseudonym[];
  /** What the next command tries again. */
  readonly pending: readonly { readonly pseudonym: Pseudonym; readonly code: string }[];
}

export interface SummaryKeeperOptions {
  readonly network: NetworkIdentity;
  readonly now: () => Instant;
  readonly carriageOf: (pseudonym: Pseudonym) => Promise<SlotCarriage>;
  /** How long a committed write may take to reach the witness's peer. */
  readonly patienceMillis?: number;
}

/** Whoever writes from two devices meets the other's write; the second look finds it. */
const ATTEMPTS = 3;

/**
 * Brings a wallet's summary slots to what the wallet knows. Nothing that the patient commands waits for it: a slot that cannot be written
 * now is due again with the next command.
 */
export class SummaryKeeper {
  constructor(
    private readonly wallet: Wallet,
    private readonly options: SummaryKeeperOptions,
  ) {}

  /** Writes what is due, one slot after another. */
  async catchUp(): Promise<SummaryReport> {
    const written: Pseudonym[] = [];
    const pending: { pseudonym: Pseudonym; code: string }[] = [];
    for (const chain of await this.wallet.summary.due()) {
      const { pseudonym } = chain;
      try {
        await this.wallet.inTurn(() => this.#keep(chain));
        written.push(pseudonym);
      } catch (error) {
        pending.push({ pseudonym, code: failureCode(error) });
      }
    }
    return { written, pending };
  }

  async #keep(chain: ChainName): Promise<void> {
    const carriage = await this.options.carriageOf(chain.pseudonym);
    for (let attempt = 1; await this.#isDue(chain); attempt += 1) {
      if (attempt > ATTEMPTS) throw new DomainError('VERSION_CONFLICT', 'another copy of this wallet keeps writing its summary');
      const write = await this.wallet.summary.signWrite(this.options.network, chain, this.options.now());
      await this.#write(carriage, chain, write);
    }
  }

  /** Another program with this wallet may have written it while this one waited for its turn. */
  async #isDue(chain: ChainName): Promise<boolean> {
    return (await this.wallet.summary.due()).some((each) => isSameChain(each, chain));
  }

  async #write({ carrier, witness }: SlotCarriage, chain: ChainName, write: SlotWrite): Promise<void> {
    const { network } = this.options;
    try {
      await carrier.submit(write.request);
    } catch (error) {
      // it was written before: by another copy of this wallet, or by this one, which was not told
      const slot = await this.#slotOf(witness, write);
      if (slot === undefined) throw error;
      if (slot.version >= write.request.input.version) await this.wallet.summary.adopt(network, chain, slot);
      else if (error instanceof Refused && error.code === 'STALE_KEY') await this.wallet.summary.moveOn(chain);
      else throw error;
      return;
    }
    await this.wallet.summary.adopt(network, chain, await this.#confirmed(witness, write));
  }

  /** Asks until the ledger has the write or a later one. The carrier's "committed" alone counts for nothing. @throws `OutcomeUnknown` */
  async #confirmed(witness: Ledger, write: SlotWrite): Promise<SummarySlot> {
    const written = async (): Promise<SummarySlot | undefined> => {
      const slot = await this.#slotOf(witness, write);
      return slot !== undefined && slot.version >= write.request.input.version ? slot : undefined;
    };
    return askUntil(written, this.options.patienceMillis ?? WITNESS_PATIENCE_MILLIS);
  }

  async #slotOf(witness: Ledger, { slotId }: SlotWrite): Promise<SummarySlot | undefined> {
    const { slots } = await witness.evaluate(newRequest(transactions.ListSummarySlots, { slotIds: [slotId] }));
    return slots.find((slot) => slot.slotId === slotId);
  }
}
