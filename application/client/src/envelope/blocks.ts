import { concatBytes } from '../crypto/bytes';

/** Bytes in pieces of any size, as files, sockets and generators deliver them. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Cuts a stream into blocks of exactly `blockBytes`, then one shorter, possibly empty rest.
 *
 * Holds at most one block plus the piece being read, whatever the size of the stream. That the last block is always the
 * short one is the chunking rule of C2SP chunked-encryption ("Message chunking").
 */
export async function* cutEvenly(
  source: ByteSource,
  blockBytes: number,
): AsyncGenerator<{ bytes: Uint8Array; last: boolean }, void, undefined> {
  let block = new Uint8Array(blockBytes);
  let filled = 0;
  for await (const piece of source) {
    let offset = 0;
    while (offset < piece.length) {
      const taken = Math.min(blockBytes - filled, piece.length - offset);
      block.set(piece.subarray(offset, offset + taken), filled);
      filled += taken;
      offset += taken;
      if (filled === blockBytes) {
        yield { bytes: block, last: false };
        // a fresh array, because the consumer may keep the one it was given
        block = new Uint8Array(blockBytes);
        filled = 0;
      }
    }
  }
  yield { bytes: block.subarray(0, filled), last: true };
}

/** Collects a stream that is known to be small enough to hold. */
export async function collectBytes(source: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) {
    pieces.push(piece);
  }
  return concatBytes(pieces);
}
