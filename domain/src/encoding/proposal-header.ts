/** Of common/common.proto ChannelHeader, and of google/protobuf/timestamp.proto Timestamp. */
const TIMESTAMP = 3;
const SECONDS = 1;
const NANOS = 2;
const VARINT = 0;
const DELIMITED = 2;
/** Of a nonce, as Fabric's clients make it. */
const NONCE_BYTES = 24;
const NANOS_OF_A_SECOND = 1_000_000_000;
/** The last day that an instant's four digits of a year can say is left out, so that a window can be reckoned from any. */
const LATEST_MILLIS = 253_402_214_400_000; // 9999-12-31T00:00:00Z

type Value = number | Uint8Array;

/**
 * When a proposal was made, in milliseconds since 1970, as the channel header says it that its client has signed; undefined if that cannot be
 * told, or does not stand there as every protobuf library writes it: each field once, in order.
 *
 * Of a time in two pieces the libraries make two times: for Go, and so for peers, the pieces are one message, for JavaScript, and so for Fabric's
 * shim, the last piece is all. Chaincode and index must have the same time, for they compare what is dated by it.
 * @param channelHeader - the bytes; read again and written anew they can be others
 * @remarks Source: protobuf.dev/programming-guides/encoding "Last One Wins".
 */
export function headerTimeMillis(channelHeader: Uint8Array): number | undefined {
  const time = fieldsInOrder(channelHeader)?.get(TIMESTAMP);
  const fields = typeof time === 'object' ? fieldsInOrder(time) : undefined;
  const [seconds, nanos] = [fields?.get(SECONDS), fields?.get(NANOS) ?? 0];
  if (typeof seconds !== 'number' || typeof nanos !== 'number' || nanos >= NANOS_OF_A_SECOND) return undefined;
  const millis = seconds * 1_000 + Math.floor(nanos / 1_000_000);
  return millis < LATEST_MILLIS ? millis : undefined;
}

/**
 * Whether a signature header is a creator and a nonce as every client of Fabric writes them: each field once, in order, the nonce of 24 bytes, the
 * creator nothing but an organisation and a certificate. Peers, chaincode and whoever reads blocks then read the same of it.
 * @param signatureHeader - the bytes
 * @remarks Source: common/common.proto SignatureHeader, msp/identities.proto SerializedIdentity.
 */
export function isPlainSignatureHeader(signatureHeader: Uint8Array): boolean {
  const [creator, nonce] = twoTexts(signatureHeader);
  return creator !== undefined && nonce?.length === NONCE_BYTES && twoTexts(creator).length === 2;
}

/** The bytes of the fields 1 and 2 of a message that is nothing else; empty of any other. */
function twoTexts(message: Uint8Array): readonly Uint8Array[] {
  const fields = [...(fieldsInOrder(message) ?? [])];
  const texts = fields.flatMap(([number, value], index) => (number === index + 1 && typeof value === 'object' ? [value] : []));
  return texts.length === 2 && fields.length === 2 ? texts : [];
}

/** The fields of a message by their numbers; undefined unless each stands there once, in the order of the numbers, as a number below 2^53 or as bytes. */
function fieldsInOrder(message: Uint8Array): ReadonlyMap<number, Value> | undefined {
  const fields = new Map<number, Value>();
  let [at, last] = [0, 0];
  while (at < message.length) {
    const tag = varintAt(message, at);
    const body = tag && varintAt(message, tag.end);
    if (tag === undefined || body === undefined) return undefined;
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
    at = wireType === DELIMITED ? body.end + body.value : body.end;
    if (number <= last || (wireType !== VARINT && wireType !== DELIMITED) || at > message.length) return undefined;
    fields.set(number, wireType === DELIMITED ? message.subarray(body.end, at) : body.value);
    last = number;
  }
  return fields;
}

/** A number in its shortest spelling. */
function varintAt(message: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let [value, unit] = [0, 1];
  for (let at = start; unit < Number.MAX_SAFE_INTEGER; at += 1) {
    const byte = message[at];
    if (byte === undefined || (byte === 0 && at > start)) return undefined;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: at + 1 } : undefined;
    unit *= 128;
  }
  return undefined;
}
