import { hashOfKey, type MspId, mspIdSchema, type Pseudonym } from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { mergeRecovered, recoverWallet, type Recovery } from './recover-wallet';
import { SummaryKeeper, type SummaryReport } from './summary-keeper';
import { SummaryLedger } from './summary-ledger.fixture';
import { Wallet } from './wallet';
import { type WalletContent } from './wallet-content';
import { network } from './wallet-world.fixture';

const A = mspIdSchema.parse('HospitalAMSP');

let ledger: SummaryLedger;
let store: MemoryStore;
let wallet: Wallet;
beforeEach(async () => {
  ledger = new SummaryLedger();
  store = new MemoryStore();
  wallet = new Wallet(store);
  await wallet.summary.makeRecoverable();
});

const keep = (of = wallet): Promise<SummaryReport> => {
  const carriageOf = () => Promise.resolve({ carrier: ledger.node, witness: ledger.node });
  return new SummaryKeeper(of, { network, now: () => NOW, carriageOf, patienceMillis: 0 }).catchUp();
};
/** A pseudonym that the ledger knows, at a key position, with a relationship. */
async function known(mspId: MspId, position = 0, of = wallet): Promise<Pseudonym> {
  const { pseudonym } = await of.addRelationship(mspId);
  const { nonce } = relationshipOf(store.content, pseudonym);
  const seed = await of.summary.seed();
  ledger.register(pseudonym, hashOfKey(publicKeyOf(oneTimeKey(seed, nonce, position))), 'active');
  return pseudonym;
}
const relationshipOf = ({ relationships }: WalletContent, pseudonym: Pseudonym) => {
  const found = relationships.find((each) => each.pseudonym === pseudonym);
  if (found === undefined) throw new Error('no such relationship');
  return found;
};
const nextKeyOf = async (of: Wallet, pseudonym: Pseudonym) => (await of.signRotation(network, pseudonym, NOW)).proof.statement.nextKeyHash;
const keyOf = async (pseudonym: Pseudonym, position: number) =>
  hashOfKey(publicKeyOf(oneTimeKey(await wallet.summary.seed(), relationshipOf(store.content, pseudonym).nonce, position)));
const recover = async (seed?: Uint8Array): Promise<Recovery> =>
  recoverWallet(seed ?? (await wallet.summary.seed()), { network, ledger: ledger.node, now: () => NOW });

describe('a recovered wallet', () => {
  it('begins with a rotation also where the node says that it knows no such pseudonym', async () => {
    const pseudonym = await known(A);
    await keep();
    ledger.pseudonyms.clear();
    const restored = new MemoryStore();
    restored.content = (await recover()).content;
    expect(await new Wallet(restored).isKeyUnused(pseudonym)).toBe(false);
    expect(await nextKeyOf(new Wallet(restored), pseudonym)).toBe(await keyOf(pseudonym, 65));
  });

  it('adds a pseudonym to a wallet that acts for it as somebody else', async () => {
    const pseudonym = await known(A);
    await keep();
    const recovered = (await recover()).content;
    const { delegationId } = await wallet.addDelegation(pseudonym, A);
    const [, delegation] = store.content.relationships;
    if (delegation === undefined) throw new Error('no delegation');
    const merged = mergeRecovered({ ...store.content, relationships: [delegation] }, recovered);
    expect(merged.relationships.map((each) => each.delegationId)).toEqual([delegationId, undefined]);
    expect(merged.relationships[0]).toEqual(delegation);
  });
});
