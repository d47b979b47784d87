import { hashOfKey, type MspId, type Pseudonym } from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { recoverWallet, type Recovery } from './recover-wallet';
import { SummaryKeeper, type SummaryReport } from './summary-keeper';
import { SummaryLedger } from './summary-ledger.fixture';
import { Wallet } from './wallet';
import { type WalletContent, type WalletRelationship } from './wallet-content';
import { network } from './wallet-world.fixture';

/** A wallet whose phrase was shown, and the ledger that keeps its slots. */
export class SummaryWorld {
  readonly ledger = new SummaryLedger();
  readonly store = new MemoryStore();
  readonly wallet = new Wallet(this.store);

  static async make(): Promise<SummaryWorld> {
    const world = new SummaryWorld();
    await world.wallet.summary.makeRecoverable();
    return world;
  }

  keep(of = this.wallet): Promise<SummaryReport> {
    const { node } = this.ledger;
    const carriageOf = () => Promise.resolve({ carrier: node, witness: node });
    return new SummaryKeeper(of, { network, now: () => NOW, carriageOf, patienceMillis: 0 }).catchUp();
  }

  async recover(seed?: Uint8Array): Promise<Recovery> {
    return recoverWallet(seed ?? (await this.wallet.summary.seed()), { network, ledger: this.ledger.node, now: () => NOW });
  }

  /** A pseudonym that the ledger knows, at a key position, with a relationship. */
  async known(mspId: MspId, position = 0, of = this.wallet): Promise<Pseudonym> {
    const { pseudonym } = await of.addRelationship(mspId);
    const { nonce } = relationshipOf(this.store.content, pseudonym);
    const seed = await of.summary.seed();
    this.ledger.register(pseudonym, hashOfKey(publicKeyOf(oneTimeKey(seed, nonce, position))), 'active');
    return pseudonym;
  }
}

export function relationshipOf({ relationships }: WalletContent, pseudonym: Pseudonym): WalletRelationship {
  const found = relationships.find((each) => each.pseudonym === pseudonym);
  if (found === undefined) throw new Error('no such relationship');
  return found;
}
