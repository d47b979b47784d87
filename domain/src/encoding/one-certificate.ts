import { decodeBase64url } from './base64url';

const ONE_CERTIFICATE = /^-----BEGIN CERTIFICATE-----\r?\n((?:[A-Za-z0-9+/]+={0,2}\r?\n)+)-----END CERTIFICATE-----(?:\r?\n)*$/;
const PADDING = /={0,2}$/;

/**
 * Whether an identity is one PEM block of base64 in its one spelling, with nothing around or within it.
 *
 * A text that holds more leaves it to each reader which certificate it means: a peer has verified the one that Go's `pem.Decode` finds (Fabric
 * msp/mspimpl.go), which skips a block whose base64 it cannot decode. What anybody else reads of an identity must be that very certificate.
 */
export function isOneCertificate(idBytes: Uint8Array): boolean {
  const [, lines] = ONE_CERTIFICATE.exec(textOf(idBytes)) ?? [];
  if (lines === undefined) return false;
  const base64 = lines.replaceAll(/[\r\n]/g, '');
  const digits = base64.replace(PADDING, '').replaceAll('+', '-').replaceAll('/', '_');
  return base64.length % 4 === 0 && base64.length - digits.length < 3 && decodeBase64url(digits) !== undefined;
}

/** A byte that is no ASCII is none of a PEM block either. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
