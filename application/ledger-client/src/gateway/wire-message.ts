const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const GROUP_BEGINS = 3;
const GROUP_ENDS = 4;
const FIXED_32 = 5;
const NOTHING = new Uint8Array(0);

/**
 * A protobuf message read as a peer reads it.
 *
 * The generated classes for JavaScript replace a message that a field holds twice where Go merges the two, and stumble over a field of
 * another wire type where Go ignores it: in bytes that a stranger has made they can see another transaction than the peers do.
 * @remarks Source: protobuf.dev/programming-guides/encoding; google.golang.org/protobuf/proto/decode.go.
 */
export class WireMessage {
  readonly #delimited = new Map<number, Uint8Array[]>();
  readonly #varints = new Map<number, bigint>();

  /** @throws Error — no message stands in these bytes. */
  constructor(bytes: Uint8Array) {
    const reader = new FieldReader(bytes);
    for (let field = reader.next(); field !== undefined; field = reader.next()) {
      if (typeof field.value === 'bigint') this.#varints.set(field.number, field.value);
      else this.#delimited.set(field.number, [...(this.#delimited.get(field.number) ?? []), field.value]);
    }
  }

  /** A field of bytes; of several the last one, empty if there is none. */
  bytes(field: number): Uint8Array {
    return this.#delimited.get(field)?.at(-1) ?? NOTHING;
  }

  /** A string; bytes that are no UTF-8 become U+FFFD. */
  text(field: number): string {
    return Buffer.from(this.bytes(field)).toString('utf8');
  }

  /** Each value of a repeated field, in order. */
  each(field: number): readonly Uint8Array[] {
    return this.#delimited.get(field) ?? [];
  }

  /** A message in this one. What stands in several pieces is one message: the pieces one after another. */
  message(field: number): WireMessage {
    return new WireMessage(Buffer.concat(this.each(field)));
  }

  /** A number, of several the last one, cut to so many bits with its sign. */
  integer(field: number, bits: 32 | 64): bigint {
    return BigInt.asIntN(bits, this.#varints.get(field) ?? 0n);
  }

  isTrue(field: number): boolean {
    return (this.#varints.get(field) ?? 0n) !== 0n;
  }
}

interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Goes through a message field by field; numbers of fixed length and groups, which no message of Fabric has here, are left out. */
class FieldReader {
  #at = 0;
  readonly #groups: number[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  next(): WireField | undefined {
    while (this.#at < this.bytes.length) {
      const tag = this.#varint();
      const number = Number(tag >> 3n);
      if (number < 1 || number > 0x1fffffff) throw new Error('no field has this number');
      const value = this.#value(Number(tag & 7n), number);
      if (value !== undefined && this.#groups.length === 0) return { number, value };
    }
    if (this.#groups.length > 0) throw new Error('a group does not end');
    return undefined;
  }

  #value(wireType: number, number: number): bigint | Uint8Array | undefined {
    switch (wireType) {
      case VARINT:
        return this.#varint();
      case DELIMITED:
        return this.#take(this.#varint());
      case FIXED_64:
        this.#take(8n);
        return undefined;
      case FIXED_32:
        this.#take(4n);
        return undefined;
      case GROUP_BEGINS:
        this.#groups.push(number);
        return undefined;
      case GROUP_ENDS:
        if (this.#groups.pop() !== number) throw new Error('another group ends than has begun');
        return undefined;
      default:
        throw new Error('there is no such wire type');
    }
  }

  #take(length: bigint): Uint8Array {
    if (length > BigInt(this.bytes.length - this.#at)) throw new Error('a field is longer than its message');
    const from = this.#at;
    this.#at += Number(length);
    return this.bytes.subarray(from, this.#at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) throw new Error('a number does not end');
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff_ffff_ffffn) break;
        return value;
      }
    }
    throw new Error('a number has more than 64 bits');
  }
}
