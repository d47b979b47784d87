/** The little DER this package reads and writes: ECDSA signatures (RFC 3279 §2.2.3) and Fabric's block header. */

interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Offset of the byte after the element. */
  readonly end: number;
}

const TAG_INTEGER = 0x02;
const TAG_OCTET_STRING = 0x04;
const TAG_SEQUENCE = 0x30;

/** Reads one definite-length element; `undefined` if the bytes are not DER. */
export function readDer(bytes: Buffer, offset = 0): DerElement | undefined {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) return undefined;
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 4 || start + size > bytes.length) return undefined;
    length = bytes.readUIntBE(start, size);
    if (length < 0x80 || length < 2 ** (8 * (size - 1))) return undefined; // not the shortest form
    start += size;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), end };
}

function element(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const size = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

/** INTEGER of a non-negative number, in the fewest bytes. */
export function derInteger(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (/^[89a-f]/.test(hex)) hex = `00${hex}`;
  return element(TAG_INTEGER, Buffer.from(hex, 'hex'));
}

export function derOctetString(content: Buffer): Buffer {
  return element(TAG_OCTET_STRING, content);
}

export function derSequence(...elements: readonly Buffer[]): Buffer {
  return element(TAG_SEQUENCE, Buffer.concat(elements));
}

interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** Group orders by Node's curve name (SEC 2). */
const CURVE_ORDERS: ReadonlyMap<string, bigint> = new Map([
  ['prime256v1', 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
  ['secp384r1', 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n],
]);

export function curveOrder(curve: string): bigint | undefined {
  return CURVE_ORDERS.get(curve);
}

function positiveInteger(bytes: Buffer, offset: number): { value: bigint; end: number } | undefined {
  const read = readDer(bytes, offset);
  if (read?.tag !== TAG_INTEGER || read.content.length === 0) return undefined;
  const [first = 0, second = 0] = read.content;
  const negative = first >= 0x80;
  const padded = read.content.length > 1 && first === 0 && second < 0x80;
  if (negative || padded) return undefined;
  const value = BigInt(`0x${read.content.toString('hex')}`);
  return value === 0n ? undefined : { value, end: read.end };
}

/** Parses as Go's asn1.Unmarshal does in bccsp/utils/ecdsa.go. */
export function parseEcdsaSignature(der: Buffer): EcdsaSignature | undefined {
  const sequence = readDer(der);
  if (sequence?.tag !== TAG_SEQUENCE) return undefined;
  const r = positiveInteger(sequence.content, 0);
  const s = r && positiveInteger(sequence.content, r.end);
  return r && s && { r: r.value, s: s.value };
}

/** Fabric accepts only s <= n/2 (bccsp/utils/ecdsa.go IsLowS). */
export function isLowS(signature: EcdsaSignature, order: bigint): boolean {
  return signature.s <= order >> 1n;
}

/** Rewrites a DER signature into its low-S form. */
export function lowSForm(der: Buffer, order: bigint): Buffer {
  const signature = parseEcdsaSignature(der);
  if (!signature) throw new Error('not a DER encoded ECDSA signature');
  if (isLowS(signature, order)) return der;
  return derSequence(derInteger(signature.r), derInteger(order - signature.s));
}

/** IEEE P1363 form (r || s), which node:crypto verifies without minding trailing bytes of the DER form. */
export function toP1363(signature: EcdsaSignature, order: bigint): Buffer | undefined {
  if (signature.r >= order || signature.s >= order) return undefined;
  const size = Math.ceil(order.toString(16).length / 2);
  const hex = (value: bigint): string => value.toString(16).padStart(2 * size, '0');
  return Buffer.from(hex(signature.r) + hex(signature.s), 'hex');
}
