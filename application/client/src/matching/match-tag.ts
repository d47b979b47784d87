import { primitives } from '#crypto';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  type Identifier,
  type MatchTag,
  matchTagSchema,
  type MspId,
  spellIdentifier,
} from '@lianyi/domain';
import { utf8 } from '../crypto/bytes';

/** Whose numbers mean the same at every hospital. A hospital's own numbers do not: two hospitals give one of them to two persons. */
const sharedSystems: readonly string[] = ['national-id', 'insurance', 'passport'];

/**
 * What is evaluated of a number.
 * @throws {@link DomainError} `IDENTIFIER_INVALID` — as {@link spellIdentifier}; `obstacle: system` — a hospital's own number
 */
export function matchInputOf(identifier: Identifier): Uint8Array {
  if (!sharedSystems.includes(identifier.system)) throw new DomainError('IDENTIFIER_INVALID', undefined, { obstacle: 'system' });
  const { system, value } = spellIdentifier(identifier);
  return utf8(canonicalJson(['lianyi/match/v1', system, value]));
}

/**
 * The tag by which two hospitals find that they know one number. Another pair has another tag, so that no third hospital, and neither of the
 * two with a third, sees that it is the same number.
 * @param output - what the function makes of the number: 64 bytes that nobody computes alone
 */
export function pairTag(output: Uint8Array, one: MspId, other: MspId): MatchTag {
  const mac = primitives.hmac('sha256', output).update(utf8(canonicalJson(['lianyi/match-tag/v1', ...[one, other].sort()])));
  return matchTagSchema.parse(encodeBase64url(mac.digest()));
}
