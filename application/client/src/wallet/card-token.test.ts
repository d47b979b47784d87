import {
  activateCard,
  cardIdSchema,
  cardSchema,
  checkCardToken,
  hashOfKey,
  mspIdSchema,
  pseudonymSchema,
  sha256,
  addMilliseconds,
  type Card,
  type Pseudonym,
} from '@lianyi/domain';
import { MemoryStore, NOW, newLedgerOfOne } from './ledger-of-one.fixture';
import { Wallet } from './wallet';
import { walletContentSchema } from './wallet-content';

const network = { channel: 'emr', genesis: sha256('block 0') };
const msp = mspIdSchema.parse('HospitalBMSP');
const [cardId, other] = [cardIdSchema.parse('card-1'), cardIdSchema.parse('card-2')];

let store: MemoryStore;
let wallet: Wallet;
let pseudonym: Pseudonym;
beforeEach(async () => {
  ({ store, wallet, pseudonym } = await newLedgerOfOne());
});

async function activated(id = cardId): Promise<Card> {
  const requested = cardSchema.parse({
    ...{ schemaVersion: 1, cardId: id, issuerMspId: 'HospitalAMSP', pseudonym, holderCommitment: sha256('h'), state: 'requested' },
    ...{ issuedAt: NOW, changedAt: NOW, origin: { requestHash: sha256('r'), actor: { kind: 'patient', pseudonym } } },
  });
  await wallet.cards.keep({ cardId: id, pseudonym });
  return activateCard(requested, NOW, await wallet.cards.tokenKeyHashOf(id));
}

describe('a wallet’s card', () => {
  it('makes tokens that the ledger takes for this card, each with a nonce of its own, for a minute', async () => {
    const card = await activated();
    const tokens = [await wallet.cards.token(network, { cardId, msp }, NOW), await wallet.cards.token(network, { cardId, msp }, NOW)];
    for (const token of tokens) checkCardToken(token, { ...network, msp, now: NOW }, card);
    expect(new Set(tokens.map(({ statement }) => statement.nonce)).size).toBe(2);
    expect(tokens[0]?.statement).toMatchObject({ msp, issuedAt: NOW, notAfter: addMilliseconds(NOW, 60_000) });
  });

  it('has a key that no other card and no command of the wallet has, and has it again when it is activated again', async () => {
    const [card, second] = [await activated(), await activated(other)];
    expect(card.tokenKeyHash).not.toBe(second.tokenKeyHash);
    expect(await wallet.isOwnKey(pseudonym, await wallet.cards.tokenKeyHashOf(cardId))).toBe(false);
    expect((await activated()).tokenKeyHash).toBe(card.tokenKeyHash);
    expect(await wallet.cards.kept()).toEqual([
      { cardId, pseudonym },
      { cardId: other, pseudonym },
    ]);
  });

  it('has the same key in a wallet that has nothing left but the seed', async () => {
    const { tokenKeyHash } = await activated();
    const restored = new MemoryStore();
    restored.content = { ...restored.content, seed: store.content.seed };
    expect(await new Wallet(restored).cards.tokenKeyHashOf(cardId)).toBe(tokenKeyHash);
    restored.content = { ...restored.content, seed: new MemoryStore().content.seed };
    expect(await new Wallet(restored).cards.tokenKeyHashOf(cardId)).not.toBe(tokenKeyHash);
  });

  it.each([cardId, other])('makes no token before it was activated with this wallet: %s', async (id) => {
    await activated(id);
    const asked = id === cardId ? other : cardId;
    await expect(wallet.cards.token(network, { cardId: asked, msp }, NOW)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is kept for a pseudonym of the wallet only', async () => {
    const stranger = pseudonymSchema.parse('nobody');
    await expect(wallet.cards.keep({ cardId, pseudonym: stranger })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await wallet.cards.kept()).toEqual([]);
  });

  it('is in no wallet of before, which is read all the same and written without the field until it has one', async () => {
    const before = store.content;
    expect(walletContentSchema.parse(before)).not.toHaveProperty('cards');
    await wallet.cards.tokenKeyHashOf(cardId);
    expect(await wallet.cards.kept()).toEqual([]);
    expect(store.content).toBe(before);
    await activated();
    expect(walletContentSchema.parse(store.content)).toEqual({ ...before, cards: [{ cardId, pseudonym }] });
  });

  it('names in its token a public key whose hash is the one that was announced', async () => {
    const { tokenKeyHash } = await activated();
    expect(hashOfKey((await wallet.cards.token(network, { cardId, msp }, NOW)).publicKey)).toBe(tokenKeyHash);
  });
});
