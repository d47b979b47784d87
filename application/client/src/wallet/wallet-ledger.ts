import {
  DomainError,
  hashOfKey,
  type Instant,
  isErrorCode,
  type Ledger,
  LedgerFailure,
  type NetworkIdentity,
  newRequest,
  type Output,
  type OutcomeOf,
  OutcomeUnknown,
  type Pseudonym,
  qualifiedName,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactionByName,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { NotSent } from '../member-api/transport';
import { askUntil, WITNESS_PATIENCE_MILLIS } from './ask-until';
import { isOpen, type LedgerWord } from './reconcile';
import { type CommandFate, type SignedCommand, type Wallet } from './wallet';

/** What a wallet acts on. */
export interface WalletLedgerOptions {
  readonly network: NetworkIdentity;
  /** Which of the wallet's pseudonyms signs a request. */
  readonly signerOf: (request: SignedRequest<TransactionEntry>) => Promise<Pseudonym>;
  readonly now: () => Instant;
  /**
   * Through whose node the ledger is asked what became of a command: best another member's than the one that carries. Without one the
   * carrier is asked, and its word is all there is; it can be compared later, because nothing is forgotten for it.
   */
  readonly witness?: Ledger;
  /** How long a committed command may take to reach the witness's peer. */
  readonly patienceMillis?: number;
}

/** What a look at the ledger told. */
export type WalletReport = {
  readonly pseudonym: Pseudonym;
  /** Of every command that was open, and of those of which another member had said something else; oldest first. */
  readonly commands: readonly CommandFate[];
  /** What sending an open command again came to. */
  readonly sentAgain?: Pick<OutcomeOf<TransactionEntry>, 'result' | 'transactionId' | 'blockNumber'>;
};

/** The carrier's own peer has the block when it answers. */
const CARRIER_PATIENCE_MILLIS = 1_000;

/**
 * The ledger as a patient has it: each command is signed with a one-time key of the wallet, one command after another. Any member node
 * may carry it, best the one of the pseudonym's own hospital: who carried a command stands in its block. What became of it, the ledger's
 * own entry of the pseudonym says, and no member's answer.
 */
export class WalletLedger implements Ledger {
  constructor(
    private readonly next: Ledger,
    private readonly wallet: Wallet,
    private readonly options: WalletLedgerOptions,
  ) {}

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const { entry, input } = request;
    const pseudonym = await this.options.signerOf(request);
    const { network, now } = this.options;
    const proof = await this.wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
    return this.next.evaluate({ ...request, proof });
  }

  /**
   * Signs a command, has it carried, and asks the ledger whether it is committed.
   *
   * Before that, an earlier command that is open is settled: sent again if nobody knows what became of it, its key used up if it was
   * refused.
   * @throws as {@link Ledger}; `OutcomeUnknown` also when the carrier says that it is committed and the ledger does not; `COMMAND_PENDING` —
   * an earlier command is open and its time is over: give it up; `OTHER_COMMAND_COMMITTED` — a command that was refused, or another one
   * of the same key, has been committed.
   */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const pseudonym = await this.options.signerOf(request);
    return this.wallet.inTurn(async () => {
      if (!(await this.wallet.isKeyUnused(pseudonym))) await this.#settleEarlier(pseudonym);
      const { entry, input } = request;
      const { network, now } = this.options;
      const { proof } = await this.wallet.signCommand(network, pseudonym, { transaction: entry, input }, now());
      const outcome = await this.#committed({ ...request, proof }, true);
      await this.wallet.summary.noteOutcome(entry, pseudonym, outcome.result);
      return outcome;
    });
  }

  /**
   * Asks the ledger which key is next, and so what became of the commands signed before.
   * Of those signed with that key, the newest is sent again if its time is not over and no member has refused it: the same bytes, so it
   * cannot happen twice. If it is committed then, so with the next key.
   */
  synchronise(pseudonym: Pseudonym): Promise<WalletReport> {
    return this.wallet.inTurn(async () => {
      let { fates, again } = await this.#look(pseudonym);
      let report: WalletReport = { pseudonym, commands: fates };
      while (again !== undefined) {
        const { outcome: sentAgain, ...delivered } = await this.#deliver(requestOf(again), false);
        ({ fates, again } = delivered);
        report = { pseudonym, commands: latest(report.commands, fates), sentAgain };
      }
      return report;
    });
  }

  /**
   * Uses up the keys of all commands that are open with `RotateKey`, so that none of them can be committed any more.
   * @returns what became of them: committed before that could happen, or never to be
   */
  giveUp(pseudonym: Pseudonym): Promise<WalletReport> {
    return this.wallet.inTurn(async () => {
      const { fates: before } = await this.#look(pseudonym);
      if (await this.wallet.isKeyUnused(pseudonym)) return { pseudonym, commands: before };
      return { pseudonym, commands: latest(before, await this.#rotate(pseudonym)) };
    });
  }

  /** Makes the present key one that may sign. @throws as {@link submit} */
  async #settleEarlier(pseudonym: Pseudonym): Promise<void> {
    let { fates, again } = await this.#look(pseudonym);
    for (;;) {
      assertAsTold(fates);
      if (again === undefined) break;
      ({ fates, again } = await this.#deliver(requestOf(again), false));
    }
    if (await this.wallet.isKeyUnused(pseudonym)) return;
    const open = fates.filter(isOpen);
    // whoever was told "refused" counts on its not happening; who has given a command up, likewise
    const last = open.at(-1);
    if (open.every(({ state }) => state === 'refused') || (last !== undefined && isRotation(last)))
      assertAsTold(await this.#rotate(pseudonym));
  }

  /** Uses up the present key, and tells what that did to all that it has signed. @throws what the carrier answered, if the key is not used up */
  async #rotate(pseudonym: Pseudonym): Promise<readonly CommandFate[]> {
    const { network, now } = this.options;
    const request = requestOf(await this.wallet.signRotation(network, pseudonym, now()));
    try {
      // a rotation that is given out again may have been sent before
      await this.#carry(request, false);
    } catch (error) {
      // it may be that another command was faster: then there is nothing left to use up
      const { fates } = await this.#look(pseudonym);
      if (await this.wallet.isKeyUnused(pseudonym)) return fates;
      throw error;
    }
    return (await this.#confirm(request)).fates;
  }

  /** The newest open command of the next key, if it may still be endorsed and nobody has refused it. */
  #worthSending(commands: readonly CommandFate[], { nextKeyHash }: LedgerWord): CommandFate | undefined {
    const newest = commands.findLast((command) => isOpen(command) && hashOfKey(command.proof.statement.publicKey) === nextKeyHash);
    return newest?.state === 'sent' && this.options.now() < newest.proof.statement.notAfter ? newest : undefined;
  }

  /** @throws `OTHER_COMMAND_COMMITTED` besides what {@link #deliver} throws */
  async #committed<Entry extends TransactionEntry>(request: Provable<Entry>, isFirst: boolean): Promise<OutcomeOf<Entry>> {
    const { outcome, fates } = await this.#deliver(request, isFirst);
    const own = fates.find(({ proof }) => proof.signature === request.proof.signature);
    if (own?.state !== 'committed') throw otherCommitted(own?.by);
    return outcome;
  }

  async #deliver<Entry extends TransactionEntry>(
    request: Provable<Entry>,
    isFirst: boolean,
  ): Promise<Look & { readonly outcome: OutcomeOf<Entry> }> {
    const outcome = await this.#carry(request, isFirst);
    return { outcome, ...(await this.#confirm(request, outcome.transactionId)) };
  }

  /** Has a command carried, and notes what is certain of a failure; what becomes of a second sending tells nothing against the first. */
  async #carry<Entry extends TransactionEntry>(request: Provable<Entry>, isFirst: boolean): Promise<OutcomeOf<Entry>> {
    try {
      return await this.next.submit(request);
    } catch (error) {
      if (isFirst && isNeverSent(error)) await this.wallet.withdraw(request.proof);
      else if (isFirst && isRefusal(error)) await this.wallet.noteRefusal(request.proof);
      throw error;
    }
  }

  /**
   * Asks until the ledger says that the key of a command is used up. The carrier's "committed" alone counts for nothing.
   * @throws `OutcomeUnknown` — the ledger does not say so in time, or cannot be asked
   */
  async #confirm({ proof }: Pick<SignedCommand, 'proof'>, transactionId?: string): Promise<Look> {
    const settled = async (): Promise<Look | undefined> => {
      const look = await this.#look(proof.statement.pseudonym).catch((cause: unknown) => {
        throw new OutcomeUnknown(transactionId, { cause });
      });
      return isOpenAmong(look.fates, proof) ? undefined : look;
    };
    return askUntil(settled, this.#patienceMillis(), transactionId);
  }

  async #look(pseudonym: Pseudonym): Promise<Look> {
    const word = await this.#ask(pseudonym);
    const fates = await this.wallet.reconcile(pseudonym, word);
    return { fates, again: this.#worthSending(fates, word) };
  }

  #patienceMillis(): number {
    const { patienceMillis, witness } = this.options;
    return patienceMillis ?? (witness === undefined ? CARRIER_PATIENCE_MILLIS : WITNESS_PATIENCE_MILLIS);
  }

  /** The ledger keeps a chain of keys with whose it is: the pseudonym, or who acts for it. */
  async #ask(pseudonym: Pseudonym): Promise<LedgerWord> {
    const asked = this.options.witness ?? this.next;
    const delegationId = await this.wallet.delegationFor(pseudonym);
    return delegationId === undefined
      ? asked.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }))
      : asked.evaluate(newRequest(transactions.GetDelegation, { pseudonym, delegationId }));
  }
}

/** What the ledger said, and the command that is worth sending again. */
type Look = { readonly fates: readonly CommandFate[]; readonly again: CommandFate | undefined };
type Provable<Entry extends TransactionEntry> = SignedRequest<Entry> & Pick<SignedCommand, 'proof'>;

function requestOf({ transaction, input, proof }: SignedCommand): Provable<TransactionEntry> {
  const entry: TransactionEntry | undefined = transactionByName(qualifiedName(transaction));
  if (entry === undefined) throw new DomainError('UNKNOWN_TRANSACTION');
  return { ...newRequest(entry, input), proof };
}

function isRotation({ transaction }: SignedCommand): boolean {
  return transaction.name === transactions.RotateKey.name;
}

/** The later word of each command, and the earlier one of those that have no later. */
function latest(earlier: readonly CommandFate[], later: readonly CommandFate[]): readonly CommandFate[] {
  const told = new Set(later.map(({ proof }) => proof.signature));
  return [...earlier.filter(({ proof }) => !told.has(proof.signature)), ...later];
}

/** Whether a command can still be committed. */
function isOpenAmong(fates: readonly CommandFate[], { signature }: SignedCommand['proof']): boolean {
  return fates.some((command) => command.proof.signature === signature && isOpen(command));
}

/**
 * Lets nothing be signed on a false belief. A rotation surprises nobody: it does nothing that a patient could count on not to happen.
 * @throws `OTHER_COMMAND_COMMITTED` — a command of which the patient was told that it would not be is committed
 */
function assertAsTold(fates: readonly CommandFate[]): readonly CommandFate[] {
  const surprise = fates.find((fate) => fate.state === 'committed' && fate.was !== 'committed' && fate.wasToldDead && !isRotation(fate));
  if (surprise !== undefined) throw otherCommitted(surprise);
  return fates;
}

function otherCommitted(command: SignedCommand | undefined): DomainError {
  if (command === undefined) return new DomainError('OTHER_COMMAND_COMMITTED');
  const { transaction, proof } = command;
  const details = { transaction: qualifiedName(transaction), signedAt: proof.statement.issuedAt };
  return new DomainError('OTHER_COMMAND_COMMITTED', undefined, details);
}

/** Whether it is certain that nobody else has the command: it was turned down on this side of the wire, or there was no connection. */
function isNeverSent(error: unknown): boolean {
  return error instanceof DomainError || (error instanceof Unavailable && error.cause instanceof NotSent);
}

/** Whether somebody on the way said that the command is not committed; a member that holds it may still have it committed. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Refused) return isErrorCode(error.code) && error.code !== 'OUTCOME_UNKNOWN';
  return error instanceof LedgerFailure && error.kind !== 'outcome-unknown' && error.kind !== 'no-answer';
}
