/**
 * The cryptography that rules need, as `#crypto` provides it: with Node's own library on Node, in plain JavaScript in a browser. Both forms
 * are synchronous, since rules are, and answer the same; `package.json` says which one a program gets (ADR 0025).
 */
export interface CryptoForm {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  sha256Of(data: Uint8Array): Uint8Array;
  /**
   * ECDSA over P-256 with SHA-256 (FIPS 186-5). `spki` is an uncompressed P-256 key of 91 bytes whose prefix has been checked, `signature` r‖s
   * in range; a point that is not on the curve answers false. Whether s is in its lower half is the caller's to check.
   */
  verifyP256(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
