const START = 0x0b;
const END = 0x1c;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
/** What a buffer begins with; it doubles up to the bound. */
const FIRST_BYTES = 4_096;

/** What is wrong with what came. */
export type FrameFault = 'no-start' | 'no-end' | 'too-large' | 'empty' | 'no-room';
export type Framed = { readonly frame: Uint8Array } | { readonly fault: FrameFault };

/** Room that all connections together may fill. */
export interface Room {
  /** @returns whether so many bytes more may be held */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/**
 * Cuts the stream of one connection into messages: 0B, the message, 1C 0D (HL7 v2.9 appendix C.4). As senders do it: a message in pieces,
 * several in one, a start said twice, an end without its carriage return or said twice, line ends between frames. Anything else is told once,
 * and nothing of it handed on. None of the three bytes is part of a character in ASCII, UTF-8 or GB 18030.
 */
export class FrameReader {
  #held: Uint8Array | undefined;
  #length = 0;
  /** `skipping`: in a frame that is too large; `noise`: outside of any, and told of. */
  #state: 'outside' | 'noise' | 'inside' | 'skipping' = 'outside';

  constructor(
    private readonly maxBytes: number,
    private readonly room: Room,
  ) {}

  /** Whether a frame has begun and not ended. */
  get isInside(): boolean {
    return this.#state === 'inside' || this.#state === 'skipping';
  }

  /** All that is complete with these bytes. */
  *push(chunk: Uint8Array): Generator<Framed, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      if (this.isInside) {
        const end = endOfContent(chunk, at);
        const framed = this.#take(chunk.subarray(at, end));
        if (framed !== undefined) yield framed;
        at = end;
        if (end < chunk.length) {
          const closed = this.#close(chunk[end] === START);
          if (closed !== undefined) yield closed;
          at += 1;
        }
      } else {
        const framed = this.#outside(chunk[at]);
        if (framed !== undefined) yield framed;
        at += 1;
      }
    }
  }

  /** The connection is over: what has begun is nothing. */
  end(): FrameFault | undefined {
    const wasInside = this.isInside;
    this.#drop();
    this.#state = 'outside';
    return wasInside ? 'no-end' : undefined;
  }

  #outside(byte: number | undefined): Framed | undefined {
    if (byte === START) {
      this.#state = 'inside';
    } else if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED && byte !== END && this.#state === 'outside') {
      this.#state = 'noise';
      return { fault: 'no-start' };
    }
    return undefined;
  }

  /** Keeps content, or tells once that there is too much of it. */
  #take(content: Uint8Array): Framed | undefined {
    if (this.#state === 'skipping' || content.length === 0) return undefined;
    const fault = this.#length + content.length > this.maxBytes ? 'too-large' : this.#grow(this.#length + content.length);
    if (fault !== undefined) {
      this.#drop();
      this.#state = 'skipping';
      return { fault };
    }
    this.#held?.set(content, this.#length);
    this.#length += content.length;
    return undefined;
  }

  #grow(needed: number): FrameFault | undefined {
    const present = this.#held?.length ?? 0;
    if (needed <= present) return undefined;
    const size = Math.min(this.maxBytes, Math.max(FIRST_BYTES, present * 2, needed));
    if (!this.room.take(size - present)) return 'no-room';
    const larger = new Uint8Array(size);
    if (this.#held !== undefined) larger.set(this.#held.subarray(0, this.#length));
    this.#held = larger;
    return undefined;
  }

  /** @param begins - a new frame begins where this one should have ended */
  #close(begins: boolean): Framed | undefined {
    const wasSkipping = this.#state === 'skipping';
    const frame = this.#held?.slice(0, this.#length);
    this.#drop();
    this.#state = begins ? 'inside' : 'outside';
    if (wasSkipping) return undefined;
    // a start said twice is one start
    if (begins) return frame === undefined ? undefined : { fault: 'no-end' };
    return frame === undefined ? { fault: 'empty' } : { frame };
  }

  #drop(): void {
    if (this.#held !== undefined) this.room.give(this.#held.length);
    this.#held = undefined;
    this.#length = 0;
  }
}

function endOfContent(chunk: Uint8Array, from: number): number {
  const [end, start] = [chunk.indexOf(END, from), chunk.indexOf(START, from)];
  return Math.min(end < 0 ? chunk.length : end, start < 0 ? chunk.length : start);
}

/** A message in its frame. */
export function framed(message: Uint8Array): Uint8Array {
  return Uint8Array.from([START, ...message, END, CARRIAGE_RETURN]);
}
