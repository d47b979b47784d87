import { decodeBase64url } from '@lianyi/domain';

/** One array of bytes out of several. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of bytes in UTF-8; a byte order mark stays a character. */
export function utf8Text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The bytes of a base64url text that a schema has parsed as one. @throws TypeError — it is none. */
export function base64urlBytes(base64url: string): Uint8Array {
  const bytes = decodeBase64url(base64url);
  if (bytes === undefined) throw new TypeError('not base64url');
  return bytes;
}

/** The tag that AES-GCM puts behind a ciphertext. */
export const TAG_BYTES = 16;
