import { bytesOf } from './proto';

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const GROUP_BEGINS = 3;
const GROUP_ENDS = 4;
const FIXED_32 = 5;
const NOTHING = new Uint8Array(0);
/** protowire MaxValidNumber, and what protowire.ConsumeTag lets a field inside of a group have. */
const LARGEST_NUMBER = 0x1fffffff;
const LARGEST_IN_GROUP = 0x7fffffff;
const LONGEST_VARINT = 10;

/** A field as it stands in a message. */
export interface WireField {
  readonly field: number;
  /** Its value is then a varint, else so many bytes. */
  readonly isNumber: boolean;
  readonly value: Uint8Array;
}

/**
 * A protobuf message read as a peer reads it.
 *
 * The generated classes for JavaScript replace a message that a field holds twice where Go merges the two, and stumble over a field of
 * another wire type where Go ignores it: in bytes that a stranger has made they can see another transaction than the peers do. They also
 * make an object of each of a million empty fields. This one keeps nothing: each question goes through the bytes once.
 * @remarks Source: protobuf.dev/programming-guides/encoding; google.golang.org/protobuf/proto/decode.go.
 */
export class WireMessage {
  constructor(readonly content: Uint8Array) {}

  /**
   * A field of bytes; of several the last one, empty if there is none.
   * @throws Error — no message stands in these bytes; so does every other question.
   */
  bytes(field: number): Uint8Array {
    const reader = new FieldReader(this.content);
    let [from, to] = [0, 0];
    while (reader.next()) if (reader.isBytesOf(field)) [from, to] = [reader.from, reader.to];
    return to === 0 ? NOTHING : this.content.subarray(from, to);
  }

  /** A string; bytes that are no UTF-8 become U+FFFD. */
  text(field: number): string {
    return bytesOf(this.bytes(field)).toString('utf8');
  }

  /** Each value of a repeated field, in order; none is kept when the next one is read. */
  *each(field: number): Generator<Uint8Array> {
    const reader = new FieldReader(this.content);
    while (reader.next()) if (reader.isBytesOf(field)) yield this.content.subarray(reader.from, reader.to);
  }

  /** A message in this one. What stands in several pieces is one message: the pieces one after another. */
  message(field: number): WireMessage {
    const reader = new FieldReader(this.content);
    let [size, pieces] = [0, 0];
    while (reader.next()) {
      if (!reader.isBytesOf(field)) continue;
      pieces += 1;
      size += reader.to - reader.from;
    }
    return new WireMessage(pieces > 1 ? this.#joined(field, size) : this.bytes(field));
  }

  /** A number, of several the last one, cut to so many bits with its sign. */
  integer(field: number, bits: 32 | 64): bigint {
    return BigInt.asIntN(bits, this.#number(field));
  }

  isTrue(field: number): boolean {
    return this.#number(field) !== 0n;
  }

  /** Each field of a number or of bytes, in order; none is kept when the next one is read. */
  *fields(): Generator<WireField> {
    const reader = new FieldReader(this.content);
    while (reader.next())
      if (reader.isNumber || reader.isBytes)
        yield { field: reader.number, isNumber: reader.isNumber, value: this.content.subarray(reader.from, reader.to) };
  }

  /** How many fields there are, those of unknown numbers too. */
  countFields(): number {
    const reader = new FieldReader(this.content);
    let count = 0;
    while (reader.next()) count += 1;
    return count;
  }

  #joined(field: number, size: number): Uint8Array {
    const joined = new Uint8Array(size);
    const reader = new FieldReader(this.content);
    let at = 0;
    while (reader.next()) {
      if (!reader.isBytesOf(field) || reader.from === reader.to) continue;
      joined.set(this.content.subarray(reader.from, reader.to), at);
      at += reader.to - reader.from;
    }
    return joined;
  }

  #number(field: number): bigint {
    const reader = new FieldReader(this.content);
    let [from, to] = [0, 0];
    while (reader.next()) if (reader.isNumberOf(field)) [from, to] = [reader.from, reader.to];
    let value = 0n;
    for (let at = to - 1; at >= from; at -= 1) value = (value << 7n) | BigInt((this.content[at] ?? 0) & 0x7f);
    return value;
  }
}

/** Goes through a message field by field; of what stands in a group it says nothing, for no message of Fabric has one. */
class FieldReader {
  /** Where the value of the field begins and, exclusive, ends. */
  from = 0;
  to = 0;
  #at = 0;
  #number = 0;
  #wireType = 0;
  readonly #groups: number[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  get number(): number {
    return this.#number;
  }

  get isBytes(): boolean {
    return this.#wireType === DELIMITED;
  }

  get isNumber(): boolean {
    return this.#wireType === VARINT;
  }

  isBytesOf(number: number): boolean {
    return this.#number === number && this.isBytes;
  }

  isNumberOf(number: number): boolean {
    return this.#number === number && this.isNumber;
  }

  /** Goes to the next field; false if there is none. */
  next(): boolean {
    while (this.#at < this.bytes.length) {
      this.#wireType = (this.bytes[this.#at] ?? 0) & 7;
      this.#number = Math.floor(this.#varint() / 8);
      if (this.#number < 1 || this.#number > (this.#groups.length === 0 ? LARGEST_NUMBER : LARGEST_IN_GROUP))
        throw new Error('no field has this number');
      this.#value();
      if (this.#groups.length === 0 && this.#wireType !== GROUP_ENDS) return true;
    }
    if (this.#groups.length > 0) throw new Error('a group does not end');
    return false;
  }

  #value(): void {
    switch (this.#wireType) {
      case VARINT:
        this.from = this.#at;
        this.#varint();
        this.to = this.#at;
        return;
      case DELIMITED:
        this.#take(this.#varint());
        return;
      case FIXED_64:
        this.#take(8);
        return;
      case FIXED_32:
        this.#take(4);
        return;
      case GROUP_BEGINS:
        this.#groups.push(this.#number);
        return;
      case GROUP_ENDS:
        if (this.#groups.pop() !== this.#number) throw new Error('another group ends than has begun');
        return;
      default:
        throw new Error('there is no such wire type');
    }
  }

  #take(length: number): void {
    if (length > this.bytes.length - this.#at) throw new Error('a field is longer than its message');
    this.from = this.#at;
    this.to = this.#at += length;
  }

  /** Exact below 2^53; above that large enough to be refused as a length or the number of a field. */
  #varint(): number {
    let value = 0;
    let unit = 1;
    for (let count = 1; count <= LONGEST_VARINT; count += 1) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) throw new Error('a number does not end');
      this.#at += 1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (count === LONGEST_VARINT && byte > 1) break;
        return value;
      }
      unit *= 128;
    }
    throw new Error('a number has more than 64 bits');
  }
}
