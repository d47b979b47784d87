import { parseStoredJson } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';

/** What a written value says; undefined for a deletion, for what is unclear and for what the chaincode does not read either. */
export function jsonOf(value: BlockWrite['value']): unknown {
  return value instanceof Uint8Array ? attempt(() => parseStoredJson(value)) : undefined;
}

/** What strangers wrote may have any form; what cannot be read says nothing. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
