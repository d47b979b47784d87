import { combine, split } from 'shamir-secret-sharing';
import { canonicalJson, DomainError, encodeBase64url, sha256 } from '@lianyi/domain';
import { z } from 'zod';
import { base64urlBytes, concatBytes } from '../crypto/bytes';

const SEED_BYTES = 32;
/** A wrong or mixed set of shares gives other bytes; so many of their hash tell. */
const CHECK_BYTES = 8;
/** Of seven guardians, 35 choices at most. */
const MOST_TRIES = 1_000;

/** One share of a wallet's seed. Alone, and together with fewer than it takes, it says nothing of the seed (Shamir 1979). */
const shareSchema = z.strictObject({
  t: z.literal('lianyi/guardian-share/v1'),
  /** So many shares bring the seed back. */
  threshold: z.int().min(2).max(255),
  share: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
});

/**
 * Splits a seed into shares, one for each guardian, by Shamir's scheme over GF(2^8).
 *
 * @param seed - 32 bytes; with a part of its hash, by which a wrong set of shares is recognised
 * @returns a text for each guardian
 */
export async function splitSeed(seed: Uint8Array, shares: number, threshold: number): Promise<readonly string[]> {
  if (threshold < 2 || threshold > shares) throw new DomainError('GUARDIAN_THRESHOLD', undefined, { guardians: shares, threshold });
  const parts = await split(concatBytes([seed, checkOf(seed)]), shares, threshold);
  return parts.map((part) => canonicalJson({ t: 'lianyi/guardian-share/v1', threshold, share: encodeBase64url(part) }));
}

/**
 * The seed that shares were made of. One that is wrong, or states another threshold, harms nothing where enough others are right.
 *
 * @throws {@link DomainError} `SHARES_INVALID` — details say whether one is no share (`form`), there are too few (`count`), or no set of as many
 * as it takes belongs together (`check`)
 */
export async function combineShares(texts: readonly string[]): Promise<Uint8Array> {
  const different = [...new Map(texts.map(parsed).map((each) => [each.share, each])).values()];
  const needed = thresholdOf(different);
  if (different.length < needed) throw new DomainError('SHARES_INVALID', undefined, { obstacle: 'count', needed, given: different.length });
  const parts = different.map(({ share }) => base64urlBytes(share));
  let tries = 0;
  for (const chosen of subsetsOf(parts, needed)) {
    const seed = await seedOf(chosen);
    if (seed !== undefined) return seed;
    if ((tries += 1) >= MOST_TRIES) break;
  }
  throw new DomainError('SHARES_INVALID', undefined, { obstacle: 'check' });
}

/** What most of them state; of two that are stated as often the lower. */
function thresholdOf(shares: readonly { readonly threshold: number }[]): number {
  const counts = new Map<number, number>();
  for (const { threshold } of shares) counts.set(threshold, (counts.get(threshold) ?? 0) + 1);
  const [[commonest] = [2]] = [...counts].toSorted(([one, often], [other, asOften]) => asOften - often || one - other);
  return commonest;
}

/** Every choice of so many, in their order. */
function* subsetsOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  if (size === 0) yield [];
  else if (size <= items.length)
    for (const [index, first] of items.entries())
      for (const others of subsetsOf(items.slice(index + 1), size - 1)) yield [first, ...others];
}

async function seedOf(parts: Uint8Array[]): Promise<Uint8Array | undefined> {
  const bytes = await combine(parts).catch(() => undefined);
  const seed = bytes?.slice(0, SEED_BYTES);
  if (bytes?.length !== SEED_BYTES + CHECK_BYTES || seed === undefined) return undefined;
  return isEqual(bytes.slice(SEED_BYTES), checkOf(seed)) ? seed : undefined;
}

function parsed(text: string, index: number): z.output<typeof shareSchema> {
  const result = shareSchema.safeParse(jsonOf(text));
  if (!result.success) throw new DomainError('SHARES_INVALID', undefined, { obstacle: 'form', share: index + 1 });
  return result.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkOf(seed: Uint8Array): Uint8Array {
  return base64urlBytes(sha256(seed)).slice(0, CHECK_BYTES);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, index) => byte === other[index]);
}
