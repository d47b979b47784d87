import { parseStrictJson } from '@lianyi/domain';

/** Values are small; the chaincode's own limit is far below. */
const VALUE_LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };

/** What a written value says; undefined for a deletion and for what is no JSON. */
export function jsonOf(value: Uint8Array | undefined): unknown {
  return attempt(() => parseStrictJson(Buffer.from(value ?? []).toString('utf8'), VALUE_LIMITS));
}

/** What strangers wrote may have any form; what cannot be read says nothing. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
