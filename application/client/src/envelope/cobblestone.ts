import { primitives } from '#crypto';
import { concatBytes, TAG_BYTES, utf8 } from '../crypto/bytes';
import { DomainError } from '@lianyi/domain';

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

// Cobblestone-256 of https://c2sp.org/chunked-encryption: AES-256-GCM in 16 KiB chunks, keys by HKDF-Expand with SHA-512,
// with a key commitment. The layout on disk is salt (24) ‖ commitment (32) ‖ sealed chunks; nothing else is written down.

export const KEY_BYTES = 32;
export const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
export const HEADER_BYTES = SALT_BYTES + COMMITMENT_BYTES;
export const CHUNK_BYTES = 16 * 1024;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;
/** 2^38 chunks: the specification's limit, below the wear-out of the block cipher in counter mode. */
const MAX_CHUNKS = 2 ** 38;
/** 2^32, to split the chunk number into what 32-bit writes can carry. */
const UINT32 = 2 ** 32;
const INFO_PREFIX = utf8('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

type MessageKeys = { key: Uint8Array; baseNonce: Uint8Array; commitment: Uint8Array };

/** What a caller who seals or opens must hold: the key and what the ciphertext is bound to. */
export type Seal = {
  /** 32 uniformly random bytes. */
  key: Uint8Array;
  /** Bytes both sides know; a ciphertext opens only under the context it was sealed for. */
  context: Uint8Array;
};

/** Every failure looks the same from outside: which check failed would be an oracle. */
function broken(): DomainError {
  return new DomainError('SEAL_BROKEN', 'the sealed object does not open');
}

/** HKDF-Expand of RFC 5869 §2.3; the specification leaves out Extract because the input key is uniformly random already. */
function hkdfExpandSha512(inputKey: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const rounds: Uint8Array[] = [];
  let previous = new Uint8Array(0);
  for (let round = 1; rounds.length * 64 < length; round += 1) {
    previous = Uint8Array.from(primitives.hmac('sha512', inputKey).update(previous).update(info).update(Uint8Array.of(round)).digest());
    rounds.push(previous);
  }
  return concatBytes(rounds).subarray(0, length);
}

function deriveMessageKeys(seal: Seal, salt: Uint8Array): MessageKeys {
  if (seal.key.length !== KEY_BYTES) {
    throw broken();
  }
  const info = concatBytes([INFO_PREFIX, salt, seal.context]);
  const derived = hkdfExpandSha512(seal.key, info, KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES);
  return {
    key: derived.subarray(0, KEY_BYTES),
    baseNonce: derived.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES),
    commitment: derived.subarray(KEY_BYTES + NONCE_BYTES),
  };
}

/** Base nonce XOR the chunk number, big-endian; the number's 38 bits lie in the last five bytes. */
export function chunkNonce(baseNonce: Uint8Array, chunkNumber: number): Uint8Array {
  if (chunkNumber >= MAX_CHUNKS) {
    throw broken();
  }
  const nonce = Uint8Array.from(baseNonce);
  const view = new DataView(nonce.buffer);
  view.setUint32(8, (view.getUint32(8) ^ (chunkNumber % UINT32)) >>> 0);
  view.setUint32(4, (view.getUint32(4) ^ Math.floor(chunkNumber / UINT32)) >>> 0);
  return nonce;
}

function sealChunk(keys: MessageKeys, chunkNumber: number, plaintext: Uint8Array): Uint8Array {
  return primitives.sealAesGcm(keys.key, chunkNonce(keys.baseNonce, chunkNumber), plaintext);
}

function openChunk(keys: MessageKeys, chunkNumber: number, sealed: Uint8Array): Uint8Array {
  const plaintext = primitives.openAesGcm(keys.key, chunkNonce(keys.baseNonce, chunkNumber), sealed);
  if (plaintext === undefined) {
    throw broken();
  }
  return plaintext;
}

/**
 * Seals a stream; memory stays at a few chunks whatever its size.
 *
 * @remarks Source: https://c2sp.org/chunked-encryption, Cobblestone-256.
 */
export function sealStream(seal: Seal, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  return sealStreamWithSalt(seal, source, primitives.randomBytes(SALT_BYTES));
}

/** {@link sealStream} with a given salt, which must never repeat for one key. For published test vectors. */
export async function* sealStreamWithSalt(seal: Seal, source: ByteSource, salt: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  const keys = deriveMessageKeys(seal, salt);
  yield concatBytes([salt, keys.commitment]);
  let chunkNumber = 0;
  for await (const block of cutEvenly(source, CHUNK_BYTES)) {
    yield sealChunk(keys, chunkNumber, block.bytes);
    chunkNumber += 1;
  }
}

/**
 * Opens a sealed stream chunk by chunk; each piece it yields was authenticated at its place.
 *
 * Only the normal end proves that nothing was cut off: until then the caller writes where it can still discard, or uses
 * {@link openBytes}.
 *
 * @throws {@link DomainError} `SEAL_BROKEN` — wrong key or context, or a byte was changed, moved, dropped or added.
 */
export async function* openStream(seal: Seal, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = splitHeader(source);
  const first = await pieces.next();
  if (first.done === true) {
    throw broken();
  }
  const keys = deriveMessageKeys(seal, first.value.subarray(0, SALT_BYTES));
  if (!primitives.equalBytes(keys.commitment, first.value.subarray(SALT_BYTES))) {
    throw broken();
  }
  let chunkNumber = 0;
  for await (const block of cutEvenly(pieces, SEALED_CHUNK_BYTES)) {
    yield openChunk(keys, chunkNumber, block.bytes);
    chunkNumber += 1;
  }
}

/** Yields the whole header first, then the remaining pieces as they come; nothing at all if the stream is shorter. */
async function* splitHeader(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of source) {
    if (head === undefined) {
      yield piece;
      continue;
    }
    head = concatBytes([head, piece]);
    if (head.length >= HEADER_BYTES) {
      const rest = head.subarray(HEADER_BYTES);
      yield head.subarray(0, HEADER_BYTES);
      head = undefined;
      yield rest;
    }
  }
}

/** Seals bytes that are in memory. */
export function sealBytes(seal: Seal, plaintext: Uint8Array): Promise<Uint8Array> {
  return collectBytes(sealStream(seal, [plaintext]));
}

/**
 * Opens a whole object or nothing: no byte is returned unless every chunk and the end were found good.
 *
 * @throws {@link DomainError} `SEAL_BROKEN` — as {@link openStream}.
 */
export function openBytes(seal: Seal, sealed: Uint8Array): Promise<Uint8Array> {
  return collectBytes(openStream(seal, [sealed]));
}

/** The sealed length of a plaintext: header, plaintext, and one tag for each chunk including the always short last one. */
export function sealedSize(plaintextBytes: number): number {
  return HEADER_BYTES + plaintextBytes + (Math.floor(plaintextBytes / CHUNK_BYTES) + 1) * TAG_BYTES;
}
