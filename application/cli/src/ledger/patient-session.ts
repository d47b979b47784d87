import { type SignedCommand, type Synchronisation, type Wallet } from '@lianyi/client';
import {
  canonicalJson,
  DomainError,
  instantOf,
  type NetworkIdentity,
  parseResponse,
  type Pseudonym,
  pseudonymSchema,
  qualifiedName,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { type Carrier } from './carrier';
import { type LedgerAnswer, type LedgerRequest, type LedgerSession } from './session';
import { isCertainlyNotCommitted } from './settlement';

/** A patient signs each command with a one-time key of the wallet; any member node may carry it. */
export class PatientSession implements LedgerSession {
  constructor(
    readonly wallet: Wallet,
    private readonly network: NetworkIdentity,
    private readonly carrier: Carrier,
    private readonly now: () => Date,
  ) {}

  /** Signs without using the key up: what is printed is valid, and stays so until the key is used. */
  async show(request: LedgerRequest): ReturnType<LedgerSession['show']> {
    const { entry, input } = request;
    const proof = await this.wallet.signQuery(this.network, await this.signerOf(request), { transaction: entry, input }, this.instant());
    return { to: this.carrier.url, transaction: qualifiedName(entry), kind: entry.kind, input, proof };
  }

  async send(request: LedgerRequest): Promise<LedgerAnswer> {
    const { entry, input } = request;
    const pseudonym = await this.signerOf(request);
    if (entry.kind === 'submit') return this.submit(pseudonym, request);
    const proof = await this.wallet.signQuery(this.network, pseudonym, { transaction: entry, input }, this.instant());
    return this.carrier.carry(request, proof);
  }

  /**
   * Asks the ledger which key is next, and so what became of the pending command.
   * A command whose time is not over is sent again: the same bytes, so it cannot happen twice.
   */
  async synchronise(pseudonym: Pseudonym): Promise<{ readonly result: Synchronisation | 'sent-again'; readonly answer?: LedgerAnswer }> {
    const entry = transactions.GetPseudonym;
    const { result } = await this.carrier.carry({ entry, input: { pseudonym } });
    const { nextKeyHash } = parseResponse(entry, canonicalJson(result));
    const synchronised = await this.wallet.synchronise(pseudonym, nextKeyHash, this.instant());
    if (synchronised !== 'pending') return { result: synchronised };
    const pending = (await this.wallet.relationships()).find((relationship) => relationship.pseudonym === pseudonym)?.pending;
    return pending === undefined ? { result: synchronised } : { result: 'sent-again', answer: await this.carryCommand(pending) };
  }

  close(): void {
    this.carrier.close();
  }

  private async submit(pseudonym: Pseudonym, { entry, input }: LedgerRequest): Promise<LedgerAnswer> {
    try {
      return await this.carryCommand(await this.sign(pseudonym, { entry, input }));
    } catch (error) {
      // an earlier command of this key is open: the ledger knows what became of it
      if (!(error instanceof DomainError) || error.code !== 'COMMAND_PENDING') throw error;
      await this.synchronise(pseudonym);
      return this.carryCommand(await this.sign(pseudonym, { entry, input }));
    }
  }

  private sign(pseudonym: Pseudonym, { entry, input }: LedgerRequest): Promise<SignedCommand> {
    return this.wallet.signCommand(this.network, pseudonym, { transaction: entry, input }, this.instant());
  }

  private async carryCommand({ transaction, input, proof }: SignedCommand): Promise<LedgerAnswer> {
    const entry = transactionByName(qualifiedName(transaction));
    if (entry === undefined) throw new DomainError('UNKNOWN_TRANSACTION');
    try {
      const answer = await this.carrier.carry({ entry, input }, proof);
      await this.wallet.settle(proof, 'committed');
      return answer;
    } catch (error) {
      if (isCertainlyNotCommitted(error)) await this.wallet.settle(proof, 'refused');
      throw error;
    }
  }

  /** A command about one relationship is signed by its pseudonym; one about a card or a ticket by the wallet's only one. */
  private async signerOf({ input, signer }: LedgerRequest): Promise<Pseudonym> {
    const named =
      typeof input === 'object' && input !== null && 'pseudonym' in input ? pseudonymSchema.safeParse(input.pseudonym) : undefined;
    if (named?.success === true) return named.data;
    if (signer !== undefined) return signer;
    const held = await this.wallet.relationships();
    const [only] = held;
    if (only === undefined || held.length > 1) throw new CliProblem('USAGE', '--pseudonym <id>: required');
    return only.pseudonym;
  }

  private instant(): ReturnType<typeof instantOf> {
    return instantOf(this.now().getTime());
  }
}
