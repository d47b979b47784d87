import { setImmediate } from 'node:timers/promises';

/** A few milliseconds of sealing. */
const PIECE_BYTES = 512 * 1024;

/**
 * Bytes in pieces, between which everybody else has their turn: what is done with a large document piece by piece, such as sealing it, would keep the node
 * from answering others for as long as it takes.
 */
export async function* inTurns(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    if (at > 0) await setImmediate();
    yield bytes.subarray(at, at + PIECE_BYTES);
  }
}
