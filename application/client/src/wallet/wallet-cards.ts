import {
  addMilliseconds,
  CARD_TOKEN_MS,
  type CardId,
  type CardToken,
  type ChannelBinding,
  DomainError,
  hashOfKey,
  type Instant,
  type MspId,
  type Sha256,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { signCardToken } from '../signing/sign-request';
import { cardTokenKey } from './derived-keys';
import { type HeldCard, keysFor } from './wallet-content';
import { type WalletStore } from './wallet-store';

/** A card, and the member at whose desk it is shown. */
type ShownCard = { readonly cardId: CardId; readonly msp: MspId };

/** The part of a wallet that shows cards. */
export class WalletCards {
  constructor(private readonly store: WalletStore) {}

  /** The cards that were activated with this wallet. */
  async kept(): Promise<readonly HeldCard[]> {
    return (await this.store.read()).cards ?? [];
  }

  /** Remembers a card before it is activated by one of the wallet's pseudonyms. @throws {@link DomainError} `NOT_FOUND` — the wallet does not hold it. */
  keep(card: HeldCard): Promise<void> {
    return this.store.change((content) => {
      keysFor(content, card.pseudonym);
      const { cards = [] } = content;
      const isKept = cards.some(({ cardId }) => cardId === card.cardId);
      return { content: isKept ? content : { ...content, cards: [...cards, card] }, result: undefined };
    });
  }

  /** The hash of the key that signs a card's tokens, for `ActivateCard`. A card has one key in this wallet, however often it is activated. */
  async tokenKeyHashOf(cardId: CardId): Promise<Sha256> {
    const { seed } = await this.store.read();
    return hashOfKey(publicKeyOf(cardTokenKey(base64urlBytes(seed), cardId)));
  }

  /**
   * Makes a token of a card: what its holder shows at one member's desk, good once and for a minute from `now`. Nobody is asked.
   * @throws {@link DomainError} `NOT_FOUND` — the card was not activated with this wallet.
   */
  async token({ channel, genesis }: ChannelBinding, { cardId, msp }: ShownCard, now: Instant): Promise<CardToken> {
    const { seed, cards = [] } = await this.store.read();
    if (!cards.some((card) => card.cardId === cardId)) {
      throw new DomainError('NOT_FOUND', 'the card was not activated with this wallet: card activate', { cardId });
    }
    const window = { issuedAt: now, notAfter: addMilliseconds(now, CARD_TOKEN_MS) };
    return signCardToken(cardTokenKey(base64urlBytes(seed), cardId), { channel, genesis, msp, cardId, ...window });
  }
}
