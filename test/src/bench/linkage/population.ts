import { ActingLedger } from '@lianyi/client';
import { Inbox, SummaryKeeper, type Wallet, WalletLedger } from '@lianyi/client/wallet';
import { newMemoryWallet } from '../../attack/memory-wallet';
import {
  addMilliseconds,
  granteeSchema,
  type Instant,
  instantOf,
  type Ledger,
  type MspId,
  mspIdSchema,
  newRequest,
  type Pseudonym,
  type Request,
  sha256,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { newId, type StaffMember } from '../../scenario/scenario';
import { type NetworkName } from '../../scenario/patient';
import { newCardId } from '../../scenario/owned-ids';

/** A hospital of the experiment: who registers there, and the ledger as its node has it. */
export interface Desk {
  readonly mspId: MspId;
  readonly registrar: StaffMember;
  readonly ledger: Ledger;
}

/** Whose every pseudonym and slot is: what the attack must not find out. */
export type Truth = ReadonlyMap<string, string>;

const DAY = 86_400_000;
/** Of all commands of one visit, so many are made beside the acceptance. */
const MOST_EXTRAS = 3;
const AT_ONCE = 8;
const ATTEMPTS = 20;
const PAUSE_MILLIS = 1_000;

/**
 * Has synthetic patients come to every hospital once, in an order that chance makes, and do there what patients do: register, accept,
 * activate a card, grant, change a key, read their inbox; by the product's own wallet, which writes its slots itself.
 */
export class Population {
  readonly #truth = new Map<string, string>();
  readonly #wallets: Wallet[] = [];

  constructor(
    private readonly desks: readonly Desk[],
    private readonly network: NetworkName,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns whose each pseudonym and slot is */
  async live(patients: number, told: (visits: number) => void = () => undefined): Promise<Truth> {
    for (let patient = 0; patient < patients; patient += 1) this.#wallets.push(await newPhrasedWallet());
    const visits = this.#shuffled(this.#wallets.flatMap((wallet, patient) => this.desks.map((desk) => ({ wallet, patient, desk }))));
    const busy = new Map<number, Promise<unknown>>();
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
        const { wallet, patient, desk } = visit;
        const visiting = (busy.get(patient) ?? Promise.resolve()).then(() => this.#visit(wallet, `patient-${patient}`, desk));
        busy.set(patient, visiting);
        await visiting;
        told((done += 1));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return this.#truth;
  }

  async #visit(wallet: Wallet, patient: string, desk: Desk): Promise<void> {
    const { mspId, ledger, registrar } = desk;
    const { pseudonym, nonce, nextKeyHash } = await wallet.addRelationship(mspId);
    this.#truth.set(pseudonym, patient);
    this.#truth.set(await wallet.summary.slotIdOf(this.network, { pseudonym }), patient);
    const now = (): Instant => instantOf(Date.now());
    const carriage = { carrier: ledger, witness: ledger };
    const keeper = new SummaryKeeper(wallet, { network: this.network, now, carriageOf: () => Promise.resolve(carriage) });
    const own = new WalletLedger(ledger, wallet, { network: this.network, now, signerOf: () => Promise.resolve(pseudonym) });
    const signing = new ActingLedger(ledger, registrar.sign);
    const byRegistrar: Act<unknown> = (entry, input) => signing.submit(newRequest(entry, input));
    const command: Act<void> = async (entry, input) => {
      await own.submit(newRequest(entry, input));
      await this.#keep(keeper);
    };
    await this.#keep(keeper);
    await byRegistrar(transactions.RegisterPatient, { pseudonym, nonce, suite: 'P256-SHA256', nextKeyHash });
    await byRegistrar(transactions.ProposeRelationship, { pseudonym, type: 'care' });
    await command(transactions.AcceptRelationship, { pseudonym, mspId });
    await this.#extras(wallet, pseudonym, { mspId, command, byRegistrar, now });
    const inbox = new Inbox(wallet, {
      network: this.network,
      now,
      membersOf: () => Promise.resolve([{ name: 'node', ledger }]),
      ledger: own,
    });
    await inbox.markRead();
  }

  /** What differs from visit to visit, by chance alone: no patient has habits that follow them from one hospital to the next. */
  async #extras(
    wallet: Wallet,
    pseudonym: Pseudonym,
    { mspId, command, byRegistrar, now }: Pick<Desk, 'mspId'> & { command: Act<void>; byRegistrar: Act<unknown>; now: () => Instant },
  ): Promise<void> {
    if (this.random() < 0.5) {
      const card = newCardId(mspId, pseudonym);
      await byRegistrar(transactions.IssueCard, { ...card, pseudonym, holderCommitment: sha256(newId()) });
      await wallet.cards.keep({ cardId: card.cardId, pseudonym });
      await command(transactions.ActivateCard, { cardId: card.cardId, tokenKeyHash: await wallet.cards.tokenKeyHashOf(card.cardId) });
    }
    const extras = Math.floor(this.random() * MOST_EXTRAS);
    for (let count = 0; count < extras; count += 1) await command(transactions.RotateKey, { pseudonym });
    if (this.random() < 0.5) return;
    const grantee = granteeSchema.parse({ kind: 'organisation', mspId: mspIdSchema.parse(this.desks[0]?.mspId), name: 'all' });
    const period = { validFrom: now(), validUntil: addMilliseconds(now(), DAY) };
    const provisions = [{ provisionId: 'p1', effect: 'permit' as const, purposes: 'any' as const, ...period }];
    await command(transactions.GrantPolicy, { pseudonym, grantee, provisions });
  }

  /** As a device does that cannot reach its node: again, a little later. */
  async #keep(keeper: SummaryKeeper): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { pending } = await keeper.catchUp();
      if (pending.length === 0) return;
      if (attempt === ATTEMPTS) throw new Error(`a slot could not be written: ${pending.map(({ code }) => code).join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
  }

  #shuffled<Value>(values: readonly Value[]): Value[] {
    const shuffled = [...values];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = Math.floor(this.random() * (last + 1));
      const [one, two] = [shuffled[last], shuffled[other]];
      if (one !== undefined && two !== undefined) [shuffled[last], shuffled[other]] = [two, one];
    }
    return shuffled;
  }
}

async function newPhrasedWallet(): Promise<Wallet> {
  const wallet = newMemoryWallet();
  await wallet.summary.makeRecoverable();
  return wallet;
}

type Act<Answer> = <Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>) => Promise<Answer>;
