import { randomBytes } from 'node:crypto';

/** An id nobody can guess and nothing can be read from: 128 random bits, 22 characters; none that a shell command would take for an option. */
export function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}
