import {
  cardIdSchema,
  hashOfKey,
  type MspId,
  mspIdSchema,
  OutcomeUnknown,
  type Pseudonym,
  Refused,
  sha256,
  SLOT_BYTES,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { mergeRecovered, recoverWallet, type Recovery } from './recover-wallet';
import { SummaryKeeper, type SummaryReport } from './summary-keeper';
import { type SummaryLedger } from './summary-ledger.fixture';
import { relationshipOf, SummaryWorld } from './summary-world.fixture';
import { openSlot } from './summary-slot';
import { newWalletContent, Wallet } from './wallet';
import { walletContentSchema } from './wallet-content';
import { network } from './wallet-world.fixture';

const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => mspIdSchema.parse(mspId)) as [MspId, MspId];
const { genesis } = network;
const other = { ...network, genesis: sha256('another network') };

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
const known = (mspId: MspId, position?: number, of?: Wallet): Promise<Pseudonym> => world.known(mspId, position, of);
const contentOf = async (pseudonym: Pseudonym) => {
  const slot = ledger.slots.get(await wallet.summary.slotIdOf(network, { pseudonym }));
  const index = relationshipOf(store.content, pseudonym).slot?.index ?? 0;
  return slot === undefined ? undefined : openSlot(await wallet.summary.seed(), { genesis, index }, slot);
};

describe('a wallet’s summary', () => {
  it('is kept by no wallet whose phrase was not shown, which is read and written as before', async () => {
    const before = new MemoryStore();
    const plain = new Wallet(before);
    await plain.addRelationship(A);
    expect(await plain.summary.due()).toEqual([]);
    expect(await keep(plain)).toEqual({ written: [], pending: [] });
    expect(ledger.asked).toEqual([]);
    expect(walletContentSchema.parse(before.content)).not.toHaveProperty('isRecoverable');
    expect(before.content.relationships[0]).not.toHaveProperty('slot');
  });

  it('begins with the phrase also for what the wallet had before, and asks nothing of its nonces', async () => {
    const before = new MemoryStore();
    const plain = new Wallet(before);
    const [atA, atB] = [await plain.addRelationship(A), await plain.addRelationship(B)];
    await plain.summary.makeRecoverable();
    await plain.summary.makeRecoverable();
    expect(before.content.relationships.map(({ slot }) => slot)).toEqual([
      { index: 0, version: 0 },
      { index: 1, version: 0 },
    ]);
    expect((await keep(plain)).written).toEqual([atA.pseudonym, atB.pseudonym]);
    const { content } = await recoverWallet(await plain.summary.seed(), { network, ledger: ledger.node, now: () => NOW });
    expect(content.relationships.map(({ nonce }) => nonce)).toEqual([atA.nonce, atB.nonce]);
  });

  it('says one pseudonym a slot, all of one size, and nothing in the clear', async () => {
    const [atA, atB] = [await known(A), await known(B)];
    await wallet.cards.keep({ cardId: cardIdSchema.parse('card-1'), pseudonym: atA });
    await keep();
    const slots = [...ledger.slots.values()];
    expect(slots.map(({ sealed }) => base64urlBytes(sealed).length)).toEqual([SLOT_BYTES, SLOT_BYTES]);
    for (const secret of [atA, atB, A, B, 'card-1', ...store.content.relationships.map(({ nonce }) => nonce)]) {
      expect(JSON.stringify(slots)).not.toContain(secret);
      expect(Buffer.concat(slots.map(({ sealed }) => base64urlBytes(sealed))).includes(secret)).toBe(false);
    }
    expect(await contentOf(atA)).toMatchObject({ pseudonym: atA, mspId: A, cards: ['card-1'], version: 1 });
    // nothing that the two have in common
    expect(new Set(slots.flatMap(({ slotId, nextKeyHash, sealed }) => [slotId, nextKeyHash, sealed])).size).toBe(6);
  });

  it('is written once, and again when what it says has changed', async () => {
    const pseudonym = await known(A);
    await keep();
    await keep();
    expect(ledger.asked.filter((name) => name === 'PutSummarySlot')).toHaveLength(1);
    await wallet.summary.noteOutcome(transactions.AcceptRelationship, pseudonym, { pseudonym, mspId: A, state: 'active' });
    await wallet.summary.noteOutcome(transactions.ActivateCard, pseudonym, { cardId: cardIdSchema.parse('c'), state: 'closed' });
    await keep();
    expect(await contentOf(pseudonym)).toMatchObject({ version: 2, state: 'active' });
    await wallet.leave(pseudonym, 'ended');
    await keep();
    expect(await contentOf(pseudonym)).toMatchObject({ version: 3, past: 'ended' });
  });

  it.each([
    ['the node is down', new Unavailable('down'), 'LEDGER_UNAVAILABLE'],
    ['nobody knows what became of it', new OutcomeUnknown('tx'), 'OUTCOME_UNKNOWN'],
    ['the node has too much to do', new Refused('NODE_BUSY', 'busy', {}), 'NODE_BUSY'],
  ])('tells that %s, and is caught up with the next command', async (_what, failure, code) => {
    const pseudonym = await known(A);
    ledger.failures.push(failure);
    expect(await keep()).toEqual({ written: [], pending: [{ pseudonym, code }] });
    expect(await keep()).toEqual({ written: [pseudonym], pending: [] });
    expect(await contentOf(pseudonym)).toMatchObject({ pseudonym, version: 1 });
  });

  it('recognises its own write that it was not told of', async () => {
    const pseudonym = await known(A);
    const { request } = await wallet.summary.signWrite(network, { pseudonym }, NOW);
    await ledger.node.submit(request);
    expect((await keep()).written).toEqual([pseudonym]);
    expect(relationshipOf(store.content, pseudonym).slot).toMatchObject({ version: 1 });
    expect(ledger.slots.size).toBe(1);
  });

  it('believes no carrier that says it has written', async () => {
    const pseudonym = await known(A);
    const liar = { ...ledger.node, submit: () => Promise.resolve({ result: {}, transactionId: 'lie' }) } as unknown as typeof ledger.node;
    const carriageOf = () => Promise.resolve({ carrier: liar, witness: ledger.node });
    const report = await new SummaryKeeper(wallet, { network, now: () => NOW, carriageOf, patienceMillis: 0 }).catchUp();
    expect(report.pending).toEqual([{ pseudonym, code: 'OUTCOME_UNKNOWN' }]);
    expect(await wallet.summary.due()).toEqual([{ pseudonym }]);
  });

  it('moves on where another copy of the wallet has taken the slot, and both are found', async () => {
    const copyStore = new MemoryStore();
    copyStore.content = store.content;
    const copy = new Wallet(copyStore);
    const atA = await known(A);
    const atB = (await copy.addRelationship(B)).pseudonym;
    await keep();
    expect((await keep(copy)).written).toEqual([atB]);
    expect((await recover()).recovered.map(({ pseudonym }) => pseudonym)).toEqual([atA, atB]);
  });

  it('moves on where the members have taken the slot away, and the pseudonym is found', async () => {
    const pseudonym = await known(A);
    await keep();
    const slotId = await wallet.summary.slotIdOf(network, { pseudonym });
    const stolen = ledger.slots.get(slotId);
    if (stolen === undefined) throw new Error('no slot');
    const sealed = Buffer.alloc(SLOT_BYTES, 7).toString('base64url');
    ledger.slots.set(slotId, {
      ...stolen,
      nextKeyHash: sha256('a key of theirs'),
      sealed,
    });
    expect((await recover()).recovered).toEqual([{ pseudonym, mspId: A, by: 'seed', state: 'active' }]);
    await wallet.leave(pseudonym, 'ended');
    expect((await keep()).written).toEqual([pseudonym]);
    const { recovered, lost } = await recover();
    expect(recovered.map((each) => [each.pseudonym, each.by])).toEqual([[pseudonym, 'slot']]);
    expect(lost).toEqual([{ slot: 0, why: 'sealed-by-another' }]);
  });
});

describe('a recovery', () => {
  it('brings back pseudonyms, key positions, states and cards, and signs with none of the keys that the lost wallet may have used', async () => {
    const [atA, atB] = [await known(A, 0), await known(B, 0)];
    const cardId = cardIdSchema.parse('card-1');
    await wallet.cards.keep({ cardId, pseudonym: atB });
    await wallet.leave(atA, 'ended');
    await keep();
    const seed = await wallet.summary.seed();
    const { nonce } = relationshipOf(store.content, atB);
    ledger.register(atB, hashOfKey(publicKeyOf(oneTimeKey(seed, nonce, 700))), 'suspended');
    ledger.relationships.set(atA, 'terminated');
    const { content, recovered, lost } = await recover();
    expect(lost).toEqual([]);
    expect(recovered).toEqual([
      { pseudonym: atA, mspId: A, by: 'slot', state: 'terminated' },
      { pseudonym: atB, mspId: B, by: 'slot', state: 'suspended' },
    ]);
    expect(walletContentSchema.parse(content)).toEqual(content);
    expect(content).toMatchObject({ seed: store.content.seed, cards: [{ cardId, pseudonym: atB }], isRecoverable: true });
    expect(relationshipOf(content, atA)).toMatchObject({ past: 'ended', state: 'terminated', counter: 0, commands: [] });
    expect(relationshipOf(content, atB)).toMatchObject({ counter: 700, firstUnused: 764 });
    const restored = new MemoryStore();
    restored.content = content;
    // the present key may have signed something: only a rotation is signed with it
    expect(await new Wallet(restored).isKeyUnused(atB)).toBe(false);
    expect((await new Wallet(restored).signRotation(network, atB, NOW)).proof.statement.nextKeyHash).toBe(
      hashOfKey(publicKeyOf(oneTimeKey(seed, nonce, 765))),
    );
  });

  it('finds a pseudonym that was registered and lost before its slot could be written, also between others', async () => {
    const first = await known(A);
    await keep();
    await wallet.leave(first, 'ended');
    const unwritten = await known(A);
    const third = await known(B);
    // of three slots the second one is never written
    await wallet.inTurn(async () => {
      const { request } = await wallet.summary.signWrite(network, { pseudonym: third }, NOW);
      await ledger.node.submit(request);
    });
    const { recovered } = await recover();
    expect(recovered.map(({ pseudonym, by }) => [pseudonym, by]).sort()).toEqual(
      [
        [first, 'slot'],
        [third, 'slot'],
        [unwritten, 'seed'],
      ].sort(),
    );
  });

  it('keeps the keys of a pseudonym that nobody has registered yet', async () => {
    const { pseudonym } = await wallet.addRelationship(A);
    await keep();
    const { recovered, content } = await recover();
    expect(recovered).toEqual([{ pseudonym, mspId: A, by: 'slot', state: 'unregistered' }]);
    expect(relationshipOf(content, pseudonym)).toMatchObject({ counter: 0, firstUnused: 64 });
  });

  it('finds fifty relationships with few questions, and stops after the last', async () => {
    for (let count = 0; count < 50; count += 1) await known(mspIdSchema.parse(`Hospital${count}MSP`));
    await keep();
    ledger.asked.length = 0;
    const { recovered } = await recover();
    expect(recovered).toHaveLength(50);
    expect(ledger.asked.filter((name) => name === 'ListSummarySlots')).toHaveLength(4);
    // beyond the last slot two numbers, at two hospitals, each with the nonce of now and of before
    expect(ledger.asked.length).toBeLessThanOrEqual(4 + 1 + 8 + 100);
  });

  it.each([
    ['with somebody else’s seed', network],
    ['of another network, with the own seed', other],
  ])('%s finds nothing and says so', async (_what, of) => {
    await known(A);
    await keep();
    const seed = of === network ? base64urlBytes(newWalletContent().seed) : await wallet.summary.seed();
    ledger.pseudonyms.clear();
    await expect(recoverWallet(seed, { network: of, ledger: ledger.node, now: () => NOW })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
    });
  });

  it('tells of a pseudonym whose announced key is none of its own, and brings the others back', async () => {
    const [atA, atB] = [await known(A), await known(B)];
    await keep();
    ledger.register(atA, sha256('a key of somebody else'));
    const { recovered, lost } = await recover();
    expect(recovered.map(({ pseudonym }) => pseudonym)).toEqual([atB]);
    expect(lost).toEqual([{ slot: 0, why: 'key-unknown' }]);
  });

  it('does not take an earlier content under a later number', async () => {
    const pseudonym = await known(A);
    await keep();
    const slotId = await wallet.summary.slotIdOf(network, { pseudonym });
    const slot = ledger.slots.get(slotId);
    if (slot === undefined) throw new Error('no slot');
    ledger.slots.set(slotId, { ...slot, version: 2 });
    expect((await recover()).lost).toEqual([{ slot: 0, why: 'sealed-by-another' }]);
  });

  it('ends with the failure of a node, whenever it comes, and does the same again from the beginning', async () => {
    for (const mspId of [A, B]) await known(mspId);
    await keep();
    const before = ledger.asked.length;
    const whole = await recover();
    const questions = ledger.asked.length - before;
    for (let at = 0; at < questions; at += 1) {
      ledger.failures.push(...Array.from({ length: at }, () => undefined as unknown as Error), new Unavailable('gone'));
      await expect(recover()).rejects.toMatchObject({ kind: 'unavailable' });
      ledger.failures.length = 0;
      expect(await recover()).toEqual(whole);
    }
  });

  it('waits where the node says how long', async () => {
    await known(A);
    await keep();
    ledger.failures.push(new Refused('RATE_LIMITED', 'wait', { retryAfterSeconds: 0.01 }));
    expect((await recover()).recovered).toHaveLength(1);
    ledger.failures.push(new Refused('RATE_LIMITED', 'wait', { retryAfterSeconds: 3600 }));
    await expect(recover()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('what was recovered into a wallet that is there', () => {
  it('adds what it lacks and changes nothing that it has', async () => {
    const atA = await known(A);
    await keep();
    const before = store.content;
    const atB = await known(B);
    await keep();
    const merged = mergeRecovered(before, (await recover()).content);
    expect(merged.relationships[0]).toEqual(before.relationships[0]);
    expect(merged.relationships.map(({ pseudonym }) => pseudonym)).toEqual([atA, atB]);
    expect(mergeRecovered(merged, (await recover()).content)).toEqual(merged);
  });

  it('goes into no other wallet', async () => {
    await known(A);
    await keep();
    const { content } = await recover();
    expect(() => mergeRecovered(newWalletContent(), content)).toThrow(expect.objectContaining({ code: 'ALREADY_EXISTS' }) as Error);
  });
});
