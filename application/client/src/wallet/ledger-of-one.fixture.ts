import {
  hashOfKey,
  instantSchema,
  type Ledger,
  mspIdSchema,
  type PatientProof,
  type Pseudonym,
  Refused,
  rollKey,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type LedgerWord } from './reconcile';
import { newWalletContent, Wallet } from './wallet';
import { type WalletContent } from './wallet-content';
import { type WalletStore } from './wallet-store';

export const hospital = mspIdSchema.parse('HospitalAMSP');
export const NOW = instantSchema.parse('2026-11-22T08:00:00.000Z');

/** A wallet kept in memory. */
export class MemoryStore implements WalletStore {
  content: WalletContent = newWalletContent();
  #last: Promise<unknown> = Promise.resolve();

  read(): Promise<WalletContent> {
    return Promise.resolve(this.content);
  }

  change<Result>(step: (content: WalletContent) => { content: WalletContent; result: Result }): Promise<Result> {
    return Promise.resolve().then(() => {
      const { content, result } = step(this.content);
      this.content = content;
      return result;
    });
  }

  inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(action, action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

type Carry = (proof: PatientProof) => Promise<{ result: object; transactionId: string }>;

/** As much of a ledger as one pseudonym needs, by the rule that the chaincode has for its key, and nodes that carry to it. */
export class LedgerOfOne {
  entry: LedgerWord;
  /** What was committed, in order. */
  readonly committed: PatientProof[] = [];

  constructor(nextKeyHash: LedgerWord['nextKeyHash']) {
    this.entry = { nextKeyHash };
  }

  /** Commits a command, late or not: Fabric asks for the key only. */
  commit(proof: PatientProof): Promise<{ result: object; transactionId: string }> {
    if (hashOfKey(proof.statement.publicKey) !== this.entry.nextKeyHash) return Promise.reject(new Refused('STALE_KEY', 'stale', {}));
    // an entry has more, none of which the rule reads
    this.entry = rollKey(this.entry as Parameters<typeof rollKey>[0], proof.statement, NOW);
    this.committed.push(proof);
    return Promise.resolve({ result: {}, transactionId: `tx${this.committed.length}` });
  }

  /** A node that carries as it likes, and tells of the ledger what it likes. */
  node(carry: Carry = (proof) => this.commit(proof), tell: () => LedgerWord | Promise<LedgerWord> = () => this.entry): Ledger {
    return {
      evaluate: () => Promise.resolve(tell()),
      submit: ({ proof }: SignedRequest<TransactionEntry>) => carry(proof as PatientProof), // a wallet signs as a patient
    } as unknown as Ledger; // as much of a ledger as a wallet asks
  }
}

/** A wallet with one pseudonym, and the ledger that knows it. */
export async function newLedgerOfOne(): Promise<{ store: MemoryStore; wallet: Wallet; pseudonym: Pseudonym; ledger: LedgerOfOne }> {
  const store = new MemoryStore();
  const wallet = new Wallet(store);
  const { pseudonym, nextKeyHash } = await wallet.addRelationship(hospital);
  return { store, wallet, pseudonym, ledger: new LedgerOfOne(nextKeyHash) };
}
