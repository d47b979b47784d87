import {
  buildTransaction,
  type CollectionSettings,
  type Consortium,
  defineChaincode,
  newConsortium,
  newLedger,
  temporaryDir,
  type TransactionSpec,
} from '@lianyi/test/support/ledger-fixture';
import { type RwSpec } from '@lianyi/test/support/rwset-fixture';
import { type ChannelLedger } from '../channel-ledger';

export const COLLECTIONS: readonly CollectionSettings[] = [
  { name: 'ab', members: ['AMSP', 'BMSP'] },
  { name: 'onlyA', members: ['AMSP', 'BMSP'], endorsedBy: ['AMSP'] },
  { name: 'short', members: ['AMSP'], blockToLive: 2 },
];

/** A channel with chaincode `cc` and its collections, new for every test. Read its members inside a test only. */
export class ValidationWorld {
  #made: { readonly ledger: ChannelLedger; readonly scratch: ReturnType<typeof temporaryDir> } | undefined;
  #members: Consortium | undefined;

  constructor() {
    beforeAll(async () => {
      this.#members = await newConsortium();
    });
    beforeEach(() => {
      const scratch = temporaryDir();
      this.#made = { scratch, ledger: newLedger(scratch.dir, this.consortium.genesis) };
      defineChaincode(this.consortium, this.#made.ledger, COLLECTIONS);
    });
    afterEach(() => {
      this.#made?.ledger.close();
      this.#made?.scratch.remove();
    });
  }

  get consortium(): Consortium {
    if (!this.#members) throw new Error('the members are made before the first test');
    return this.#members;
  }

  get ledger(): ChannelLedger {
    if (!this.#made) throw new Error('the ledger is made before each test');
    return this.#made.ledger;
  }

  /** Proposed by a client of A, endorsed by A and B, unless `change` says otherwise. */
  transaction(rwSet: RwSpec | Buffer, change: Partial<TransactionSpec> = {}): Buffer {
    const { a, b } = this.consortium;
    return buildTransaction({ creator: a.client, endorsers: [a.peer, b.peer], rwSet, ...change }).envelope;
  }

  write(key: string, value = 'v', change: Partial<TransactionSpec> = {}): Buffer {
    return this.transaction({ cc: { writes: { [key]: value } } }, change);
  }

  valueOf(key: string): string | undefined {
    return this.ledger.state.getState('cc', key)?.value.toString();
  }
}
