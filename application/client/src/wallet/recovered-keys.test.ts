import {
  hashOfKey,
  type Ledger,
  type MspId,
  mspIdSchema,
  type PatientProof,
  type Pseudonym,
  pseudonymOf,
  pseudonymSchema,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { earlierRelationshipNonce, oneTimeKey } from './derived-keys';
import { newHandOverCode } from './hand-over-code';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { mergeRecovered, recoverWallet, type Recovery } from './recover-wallet';
import { type SummaryReport } from './summary-keeper';
import { type SummaryLedger } from './summary-ledger.fixture';
import { relationshipOf, SummaryWorld } from './summary-world.fixture';
import { Wallet } from './wallet';
import { network, wordOf } from './wallet-world.fixture';

const A = mspIdSchema.parse('HospitalAMSP');

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
const nextKeyOf = async (of: Wallet, pseudonym: Pseudonym) => (await of.signRotation(network, pseudonym, NOW)).proof.statement.nextKeyHash;
const keyOf = async (pseudonym: Pseudonym, position: number) =>
  hashOfKey(publicKeyOf(oneTimeKey(await wallet.summary.seed(), relationshipOf(store.content, pseudonym).nonce, position)));

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

  it.each([
    ['an old key', 10],
    ['no such pseudonym', undefined],
    ['a key ahead of the true one', 300],
  ])('signs nothing with the lost wallet’s key where a node told of %s first, only a rotation', async (_what, told) => {
    const pseudonym = await known(A, 10);
    await keep();
    if (told === undefined) ledger.pseudonyms.clear();
    else ledger.register(pseudonym, await keyOf(pseudonym, told), 'active');
    const restored = new MemoryStore();
    restored.content = (await recover()).content;
    const back = new Wallet(restored);
    for (const honest of [200, 200, 900]) {
      await back.reconcile(pseudonym, { nextKeyHash: await keyOf(pseudonym, honest) });
      expect(await back.isKeyUnused(pseudonym)).toBe(false);
      const request = { transaction: transactions.SuspendRelationship, input: { pseudonym, mspId: A } };
      await expect(back.signCommand(network, pseudonym, request, NOW)).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
      // what the lost wallet may have announced lies behind what this one announces
      expect(relationshipOf(restored.content, pseudonym).firstUnused).toBeGreaterThanOrEqual(honest + 64);
    }
    const { proof } = await back.signRotation(network, pseudonym, NOW);
    await back.reconcile(pseudonym, wordOf(proof as PatientProof));
    expect(await back.isKeyUnused(pseudonym)).toBe(true);
  });

  it('rotates once more where its rotation was committed by a lie only', async () => {
    const pseudonym = await known(A, 10);
    await keep();
    const restored = new MemoryStore();
    restored.content = (await recover()).content;
    const back = new Wallet(restored);
    const { proof } = await back.signRotation(network, pseudonym, NOW);
    await back.reconcile(pseudonym, wordOf(proof as PatientProof));
    expect(await back.isKeyUnused(pseudonym)).toBe(true);
    await back.reconcile(pseudonym, { nextKeyHash: await keyOf(pseudonym, 400) });
    expect(await back.isKeyUnused(pseudonym)).toBe(false);
  });

  it('goes on without a rotation once one is committed', async () => {
    const pseudonym = await known(A);
    await keep();
    const restored = new MemoryStore();
    restored.content = (await recover()).content;
    const back = new Wallet(restored);
    for (let times = 0; times < 3; times += 1) {
      const command =
        times === 0
          ? await back.signRotation(network, pseudonym, NOW)
          : await back.signCommand(
              network,
              pseudonym,
              { transaction: transactions.SuspendRelationship, input: { pseudonym, mspId: A } },
              NOW,
            );
      await back.reconcile(pseudonym, wordOf(command.proof as PatientProof));
      expect(await back.isKeyUnused(pseudonym)).toBe(true);
    }
  });
});

describe('two copies of a wallet', () => {
  const [B, C] = [mspIdSchema.parse('HospitalBMSP'), mspIdSchema.parse('HospitalCMSP')];
  /** All that the ledger sees of a new pseudonym or delegation but its id. */
  type Seen = { readonly nonce: string; readonly nextKeyHash: string };
  const copy = (): Wallet => {
    const copied = new MemoryStore();
    copied.content = store.content;
    return new Wallet(copied);
  };

  it.each([
    ['two hospitals', (one: Wallet): Promise<Seen> => one.addRelationship(B), (other: Wallet): Promise<Seen> => other.addRelationship(C)],
    [
      'two patients of one hospital for whom they act',
      (one: Wallet): Promise<Seen> => one.addDelegation(personOf('p'), A),
      (other: Wallet): Promise<Seen> => other.addDelegation(personOf('q'), A),
    ],
    [
      'a hospital and a patient of it',
      (one: Wallet): Promise<Seen> => one.addRelationship(B),
      (other: Wallet): Promise<Seen> => other.addDelegation(personOf('p'), B),
    ],
  ])('give %s neither a nonce nor a key in common', async (_what, first, second) => {
    await known(A);
    const [one, other] = [await first(copy()), await second(copy())];
    expect(one.nonce).not.toBe(other.nonce);
    expect(one.nextKeyHash).not.toBe(other.nextKeyHash);
  });

  it('take two pseudonyms over with keys that have nothing in common', async () => {
    const nonces = [];
    for (const letter of ['p', 'q']) {
      const copied = new MemoryStore();
      copied.content = store.content;
      await new Wallet(copied).addTakenOver(personOf(letter), A, newHandOverCode());
      nonces.push(relationshipOf(copied.content, personOf(letter)).nonce);
    }
    expect(new Set(nonces).size).toBe(2);
  });

  it('make the same pseudonym at the same hospital, which is registered once', async () => {
    expect(await copy().addRelationship(B)).toEqual(await copy().addRelationship(B));
  });

  it('and one that came back without its newest slot, give the next hospital nothing of what the hidden one has', async () => {
    await known(A);
    await known(B);
    await keep();
    const hidden = relationshipOf(store.content, store.content.relationships[1]?.pseudonym ?? personOf('p'));
    // the node that recovers keeps the second slot and pseudonym back
    ledger.pseudonyms.delete(hidden.pseudonym);
    ledger.slots.delete([...ledger.slots.keys()][1] ?? '');
    const restored = new MemoryStore();
    const { content, recovered, lost } = await recover();
    expect([recovered.length, lost]).toEqual([1, []]);
    restored.content = content;
    const next = await new Wallet(restored).addRelationship(C);
    expect(next.nonce).not.toBe(hidden.nonce);
    expect(next.nextKeyHash).not.toBe(await keyOf(hidden.pseudonym, 0));
  });
});

describe('a recovery', () => {
  it.each([0, 1, 2])('finds by the seed what was registered before the hospital was in a nonce, at slot %i', async (index) => {
    for (let slots = 0; slots < index; slots += 1) await known(slots === 0 ? A : mspIdSchema.parse('HospitalCMSP'));
    await keep();
    const B = mspIdSchema.parse('HospitalBMSP');
    const seed = await wallet.summary.seed();
    const nonce = earlierRelationshipNonce(seed, index);
    const firstKeyHash = hashOfKey(publicKeyOf(oneTimeKey(seed, nonce, 0)));
    const pseudonym = pseudonymOf({ mspId: B, firstKeyHash, nonce });
    ledger.register(pseudonym, firstKeyHash, 'active');
    expect((await recover()).recovered).toContainEqual({ pseudonym, mspId: B, by: 'seed', state: 'active' });
  });

  it('comes to an end before a node that makes up slots without end', async () => {
    await known(A);
    await keep();
    const [slot] = ledger.slots.values();
    let asked = 0;
    const node = {
      evaluate: (request: SignedRequest<TransactionEntry>) => {
        const { slotIds } = request.input as { readonly slotIds?: readonly string[] };
        if (slotIds === undefined) return ledger.node.evaluate(request);
        asked += 1;
        return Promise.resolve({ slots: slotIds.map((slotId) => ledger.slots.get(slotId) ?? { ...slot, slotId }) });
      },
    } as unknown as Ledger; // as much of a ledger as a recovery asks
    const { recovered, lost } = await recoverWallet(await wallet.summary.seed(), { network, ledger: node, now: () => NOW });
    expect(recovered).toHaveLength(1);
    expect(lost.every(({ why }) => why === 'sealed-by-another')).toBe(true);
    expect(asked).toBeLessThanOrEqual(64);
  });
});

function personOf(letter: string): Pseudonym {
  return pseudonymSchema.parse(letter.repeat(43));
}
