import { primitives } from '#crypto';
import { type NoteStep } from './duplicate-note';
import {
  canonicalJson,
  DomainError,
  type DuplicateCaseId,
  encodeBase64url,
  type Identifier,
  type MatchProof,
  matchProofSchema,
  type MatchSecret,
  matchSecretSchema,
  type MatchTag,
  matchTagSchema,
  type MspId,
  type Pseudonym,
  spellIdentifier,
} from '@lianyi/domain';
import { base64urlBytes, utf8 } from '../crypto/bytes';

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
 * The tag by which two hospitals name one number. It is told to whoever is asked, so that it proves nothing. Another pair has another tag, so that no third hospital, and neither of the
 * two with a third, sees that it is the same number.
 * @param output - what the function makes of the number: 64 bytes that nobody computes alone
 */
export function pairTag(output: Uint8Array, one: MspId, other: MspId): MatchTag {
  return matchTagSchema.parse(mac(output, ['lianyi/match-tag/v1', ...[one, other].sort()]));
}

/**
 * What two hospitals have in common if both know a number, and never send: with it they prove that they do.
 * @param output - as for {@link pairTag}
 */
export function pairSecret(output: Uint8Array, one: MspId, other: MspId): MatchSecret {
  return matchSecretSchema.parse(mac(output, ['lianyi/match-secret/v1', ...[one, other].sort()]));
}

interface Direction {
  readonly from: MspId;
  readonly to: MspId;
}
/** What is proved: a question, its answer, or what a note of a case says. A proof of one is none of another, nor of the other direction. */
export type MatchClaim = Direction &
  (
    | { readonly step: 'ask' | 'answer' }
    | { readonly step: NoteStep; readonly caseId: DuplicateCaseId; readonly system: string; readonly pseudonym: Pseudonym }
  );

/** What a note proves: it was written for this case and with this pseudonym by a hospital that knows the number. */
export function claimOfNote(
  { system, pseudonym }: { readonly system: string; readonly pseudonym: Pseudonym },
  about: Direction & { readonly step: NoteStep; readonly caseId: DuplicateCaseId },
): MatchClaim {
  return { ...about, system, pseudonym };
}

/** Proves a claim to the other hospital of a pair. */
export function proofOfMatch(secret: MatchSecret, claim: MatchClaim): MatchProof {
  return matchProofSchema.parse(mac(base64urlBytes(secret), { t: 'lianyi/match-proof/v1', ...claim }));
}

/** Tells whether a claim was made by a hospital that knows the number. */
export function isProofOfMatch(secret: MatchSecret, proof: MatchProof, claim: MatchClaim): boolean {
  return primitives.equalBytes(base64urlBytes(proof), base64urlBytes(proofOfMatch(secret, claim)));
}

function mac(key: Uint8Array, about: object): string {
  return encodeBase64url(
    primitives
      .hmac('sha256', key)
      .update(utf8(canonicalJson(about)))
      .digest(),
  );
}
