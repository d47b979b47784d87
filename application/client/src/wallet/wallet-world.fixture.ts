import {
  type Instant,
  type Ledger,
  newRequest,
  type PatientProof,
  type Pseudonym,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { hospital, type LedgerOfOne, type MemoryStore, newLedgerOfOne, NOW } from './ledger-of-one.fixture';
import { type LedgerWord } from './reconcile';
import { type Wallet } from './wallet';
import { WalletLedger } from './wallet-ledger';

export const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };

/** A patient with a wallet, before nodes that carry as a test says. */
export class WalletWorld {
  now: Instant = NOW;
  /** What has left the wallet through {@link honest} and {@link failing}, in order. */
  readonly sent: PatientProof[] = [];

  private constructor(
    readonly store: MemoryStore,
    readonly wallet: Wallet,
    readonly pseudonym: Pseudonym,
    readonly ledger: LedgerOfOne,
  ) {}

  static async make(): Promise<WalletWorld> {
    const { store, wallet, pseudonym, ledger } = await newLedgerOfOne();
    return new WalletWorld(store, wallet, pseudonym, ledger);
  }

  through(node: Ledger, witness?: Ledger): WalletLedger {
    return new WalletLedger(node, this.wallet, {
      network,
      signerOf: () => Promise.resolve(this.pseudonym),
      now: () => this.now,
      patienceMillis: 0,
      ...(witness === undefined ? {} : { witness }),
    });
  }

  honest(): WalletLedger {
    return this.through(
      this.ledger.node((proof) => {
        this.sent.push(proof);
        return this.ledger.commit(proof);
      }),
    );
  }

  /** Through a node that keeps what it is given, commits nothing, and answers with a failure. */
  failing(failure: Error): WalletLedger {
    return this.through(
      this.ledger.node((proof) => {
        this.sent.push(proof);
        return Promise.reject(failure);
      }),
    );
  }

  /** Through a node that commits nothing, and says of everything that it is committed, also as the ledger's word. */
  lying(): WalletLedger {
    let told: LedgerWord = this.ledger.entry;
    const node = this.ledger.node(
      (proof) => {
        this.sent.push(proof);
        told = wordOf(proof);
        return Promise.resolve({ result: {}, transactionId: 'lie' });
      },
      () => told,
    );
    return this.through(node);
  }

  accept(as: WalletLedger): Promise<unknown> {
    return as.submit(newRequest(transactions.AcceptRelationship, { pseudonym: this.pseudonym, mspId: hospital }));
  }

  terminate(as: WalletLedger): Promise<unknown> {
    return as.submit(newRequest(transactions.TerminateRelationship, { pseudonym: this.pseudonym, mspId: hospital }));
  }

  /** The commands that the wallet holds for open. */
  async open(): Promise<readonly (readonly [string, string])[]> {
    const [relationship] = await this.wallet.relationships();
    return (relationship?.open ?? []).map(({ transaction, state }) => [transaction.name, state]);
  }

  /** What was sent last. */
  get lastSent(): PatientProof {
    const proof = this.sent.at(-1);
    if (proof === undefined) throw new Error('nothing was sent');
    return proof;
  }
}

/** What the ledger says when a command was committed. */
export function wordOf({ statement }: PatientProof): LedgerWord {
  return { nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: NOW } };
}

export function namesOf(proofs: readonly PatientProof[]): readonly string[] {
  return proofs.map(({ statement }) => statement.transaction.split(':')[1] ?? '');
}
