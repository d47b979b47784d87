import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Consortium, ConsortiumError, parseConsortium } from './consortium';

/** Reads a consortium.yaml. Throws {@link ConsortiumError} when it cannot be read, is not YAML or does not fit. */
export function loadConsortium(file: string): Consortium {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConsortiumError(`${file} cannot be read as YAML`, { cause });
  }
  return parseConsortium(value);
}
