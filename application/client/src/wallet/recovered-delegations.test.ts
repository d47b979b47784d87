import { hashOfKey, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { MemoryStore } from './ledger-of-one.fixture';
import { mergeRecovered, type Recovery } from './recover-wallet';
import { type SummaryReport } from './summary-keeper';
import { type SummaryLedger } from './summary-ledger.fixture';
import { SummaryWorld } from './summary-world.fixture';
import { openSlot } from './summary-slot';
import { Wallet } from './wallet';
import { network } from './wallet-world.fixture';

const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => mspIdSchema.parse(mspId)) as [MspId, MspId];
const child = pseudonymSchema.parse('c'.repeat(43));

let world: SummaryWorld;
let ledger: SummaryLedger;
let store: MemoryStore;
let wallet: Wallet;
beforeEach(async () => {
  world = await SummaryWorld.make();
  ({ ledger, store, wallet } = world);
});
const keep = (of?: Wallet): Promise<SummaryReport> => world.keep(of);
const recover = (seed?: Uint8Array): Promise<Recovery> => world.recover(seed);
const chainOf = (delegationId: string | undefined) => {
  const found = store.content.relationships.find((each) => each.delegationId === delegationId);
  if (found === undefined) throw new Error('no such chain');
  return found;
};
const keyHashAt = async (delegationId: string | undefined, position: number) =>
  hashOfKey(publicKeyOf(oneTimeKey(await wallet.summary.seed(), chainOf(delegationId).nonce, position)));
/** The wallet acts for somebody, at a key position. */
async function appointed(pseudonym: Pseudonym, position = 0, state: 'proposed' | 'active' | 'ended' = 'active'): Promise<string> {
  const { delegationId } = await wallet.addDelegation(pseudonym, A);
  ledger.delegations.set(delegationId, { nextKeyHash: await keyHashAt(delegationId, position), state });
  return delegationId;
}
async function own(mspId: MspId): Promise<Pseudonym> {
  const { pseudonym, nextKeyHash } = await wallet.addRelationship(mspId);
  ledger.register(pseudonym, nextKeyHash, 'active');
  return pseudonym;
}

describe('a delegation in a wallet with a phrase', () => {
  it('has a slot of its own, which cannot be told from any other', async () => {
    const pseudonym = await own(A);
    const delegationId = await appointed(child);
    expect((await keep()).written).toEqual([pseudonym, child]);
    const slots = [...ledger.slots.values()];
    expect(new Set(slots.map(({ sealed }) => sealed.length)).size).toBe(1);
    expect(JSON.stringify(slots)).not.toContain(delegationId);
    const place = { genesis: network.genesis, index: chainOf(delegationId).slot?.index ?? -1 };
    const slot = ledger.slots.get(await wallet.summary.slotIdOf(network, chainOf(delegationId)));
    if (slot === undefined) throw new Error('no slot');
    expect(openSlot(base64urlBytes(store.content.seed), place, slot)).toMatchObject({ pseudonym: child, delegationId, mspId: A });
  });

  it.each(['proposed', 'active', 'ended'] as const)('comes back while it is %s, with its keys where they are', async (state) => {
    const delegationId = await appointed(child, 7, state);
    await keep();
    const { content, recovered, lost } = await recover();
    expect(lost).toEqual([]);
    expect(recovered).toEqual([{ pseudonym: child, delegationId, mspId: A, by: 'slot', state }]);
    expect(content.relationships).toMatchObject([{ pseudonym: child, delegationId, counter: 7, firstUnused: 71 }]);
    expect(await new Wallet(Object.assign(new MemoryStore(), { content })).delegationFor(child)).toBe(delegationId);
  });

  it('comes back beside the wallet’s own pseudonym of the same name, each with its own keys', async () => {
    const pseudonym = await own(B);
    const delegationId = await appointed(pseudonym, 3);
    await keep();
    const { content } = await recover();
    const chains = content.relationships.map((each) => [each.pseudonym, each.delegationId, each.counter]);
    expect(chains).toEqual([
      [pseudonym, undefined, 0],
      [pseudonym, delegationId, 3],
    ]);
  });

  it('comes back in place of the one before it, which stays as one of the past', async () => {
    const first = await appointed(child);
    const second = await appointed(child);
    await keep();
    const { content } = await recover();
    expect(content.relationships.map(({ delegationId, past }) => [delegationId, past])).toEqual([
      [first, 'ended'],
      [second, undefined],
    ]);
  });

  it('is told to be unregistered where the ledger does not know it yet, and lost where its keys are others’', async () => {
    const delegationId = await appointed(child);
    await keep();
    ledger.delegations.clear();
    expect((await recover()).recovered).toMatchObject([{ delegationId, state: 'unregistered' }]);
    ledger.delegations.set(delegationId, { nextKeyHash: await keyHashAt(delegationId, 5_000), state: 'active' });
    expect(await recover()).toMatchObject({ recovered: [], lost: [{ slot: 0, why: 'key-unknown' }] });
  });

  it('is added to a wallet that lacks it, and changes nothing in one that has it', async () => {
    await own(A);
    const delegationId = await appointed(child);
    await keep();
    const { content } = await recover();
    const [pseudonymAlone] = store.content.relationships;
    if (pseudonymAlone === undefined) throw new Error('a pseudonym was expected');
    const merged = mergeRecovered({ ...store.content, relationships: [pseudonymAlone] }, content);
    expect(merged.relationships.map((each) => each.delegationId)).toEqual([undefined, delegationId]);
    expect(mergeRecovered(store.content, content)).toEqual(store.content);
  });

  it('gets a slot in a wallet of an earlier release when its phrase is shown again', async () => {
    const delegationId = await appointed(child);
    const before = { ...chainOf(delegationId) };
    delete before.slot;
    store.content = { ...store.content, relationships: [before] };
    expect(await wallet.summary.due()).toEqual([]);
    await wallet.summary.makeRecoverable();
    expect(await wallet.summary.due()).toEqual([{ pseudonym: child, delegationId }]);
    expect((await keep()).written).toEqual([child]);
  });
});
