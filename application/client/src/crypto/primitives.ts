import { type PrivateKey } from './private-key';

/** A MAC over bytes that come in pieces. */
export interface Mac {
  update(bytes: Uint8Array): Mac;
  digest(): Uint8Array;
}

/**
 * What the client needs of a cryptographic library. There are two forms, Node's OpenSSL and pure JavaScript for browsers, with equal
 * results; `#crypto` in package.json names the one that a runtime or a bundler loads.
 */
export interface Primitives {
  /** Compares in a time that does not depend on where two arrays differ. Their lengths are no secret. */
  equalBytes(left: Uint8Array, right: Uint8Array): boolean;
  randomBytes(length: number): Uint8Array;
  hmac(hash: 'sha256' | 'sha512', key: Uint8Array): Mac;
  /** RFC 5869. */
  hkdfSha256(inputKey: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** AES-256-GCM with a nonce of 12 bytes; answers the ciphertext with the tag of 16 bytes behind it. */
  sealAesGcm(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Undefined when the tag is not that of the ciphertext; no plaintext is handed out then. */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  newPrivateKey(): PrivateKey;
  /** The public point, uncompressed: 65 bytes (SEC 1 §2.3.3). */
  publicPointOf(privateKey: PrivateKey): Uint8Array;
  /** ECDSA P-256/SHA-256: r‖s of 64 bytes, s in either half of its range. */
  signP256(privateKey: PrivateKey, message: Uint8Array): Uint8Array;
}
