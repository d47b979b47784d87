const SCALAR_BYTES = 32;

/**
 * A P-256 private key, the same in every runtime. Its scalar is no property, so that neither a log nor a JSON text holds it.
 *
 * @remarks The length of a scalar: SEC 1 §2.3.7, 32 bytes big-endian.
 */
export class PrivateKey {
  readonly #scalar: Uint8Array;

  /** @param scalar - the secret scalar, 32 bytes big-endian, between 1 and the order of the curve (exclusive). */
  constructor(scalar: Uint8Array) {
    if (scalar.length !== SCALAR_BYTES) throw new TypeError('not a P-256 private key');
    this.#scalar = Uint8Array.from(scalar);
  }

  /** A copy of the secret scalar. */
  scalar(): Uint8Array {
    return Uint8Array.from(this.#scalar);
  }
}
