import { primitives } from '#crypto';
import { encodeBase64url, type IdNonce, idNonceSchema, type TokenNonce, tokenNonceSchema } from '@lianyi/domain';

/** An id nobody can guess and nothing can be read from: 128 random bits, 22 characters; none that a shell command would take for an option. */
export function newId(): string {
  const id = encodeBase64url(primitives.randomBytes(16));
  return id.startsWith('-') ? newId() : id;
}

/** The nonce of an id that is derived from its owner (ADR 0030): 128 random bits. */
export function newIdNonce(): IdNonce {
  return idNonceSchema.parse(encodeBase64url(primitives.randomBytes(16)));
}

/** The nonce of a card token: 128 random bits. */
export function newTokenNonce(): TokenNonce {
  return tokenNonceSchema.parse(encodeBase64url(primitives.randomBytes(16)));
}
