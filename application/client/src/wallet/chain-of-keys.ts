import { hashOfKey, type Sha256 } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { handOverKey } from './hand-over-code';
import { type WalletContent, type WalletRelationship } from './wallet-content';

/** What the keys of a pseudonym, or of a delegation, follow from, besides the seed. */
type ChainOfKeys = Pick<WalletRelationship, 'nonce' | 'handOverCode'>;

/** The key at a position; of a pseudonym that was taken over, the first is that of the code. */
export function keyAt({ seed }: WalletContent, { nonce, handOverCode }: ChainOfKeys, counter: number): PrivateKey {
  return handOverCode !== undefined && counter === 0 ? handOverKey(handOverCode) : oneTimeKey(base64urlBytes(seed), nonce, counter);
}

/** What the ledger has of the key at a position. */
export function keyHash(content: WalletContent, chain: ChainOfKeys, counter: number): Sha256 {
  return hashOfKey(publicKeyOf(keyAt(content, chain, counter)));
}
