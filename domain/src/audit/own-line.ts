import { hashOfJson } from '../crypto/sha256';
import { type Instant } from '../instant';
import { type OwnLine } from './transactions';

/**
 * A line about what a hospital does among its own peers. Each member sees the hashes of its key and value, so both hold what nobody else can try: of
 * what must not be joined with a pseudonym, such as a linked number, a secret that only the hospital has.
 */
export function newOwnLine(
  said: Omit<OwnLine, 'schemaVersion' | 'blind' | 'at' | 'txId'>,
  { secret, txId, at }: { readonly secret: string; readonly txId: string; readonly at: Instant },
): OwnLine {
  return { schemaVersion: 1, ...said, at, txId, blind: hashOfJson(['lianyi/own-line/v1', secret, txId, said.act]) };
}
