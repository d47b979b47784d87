import { type Json } from './json';
import { parseStrictJson } from './strict-json';

/** How much an entry of the ledger may be: what makes one is a transaction's argument, of which this is a multiple. */
const STORED_LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What the value of a ledger key says, for the chaincode and for whoever holds against commands what was written.
 *
 * Both must read the same or nothing: what one of them forgives, such as a byte order mark or a name that stands twice, could hide from
 * the other what holds.
 * @throws Error — no UTF-8, or no strict JSON, see {@link parseStrictJson}
 */
export function parseStoredJson(bytes: Uint8Array): Json {
  return parseStrictJson(utf8.decode(bytes), STORED_LIMITS);
}
