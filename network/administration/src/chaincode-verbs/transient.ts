import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError, systemCode } from '@lianyi/network-model';

function refuse(sentence: string): never {
  throw new OperatorError('UNKNOWN_NAME', sentence);
}

function read(key: string, source: string): Buffer {
  if (source === '-') return readFileSync(0);
  const file = resolve(source);
  // the path is not repeated: it may be the value itself, after an @ too many
  if (!existsSync(file) || statSync(file).isDirectory()) return refuse(`there is no file at the path given for the transient value ${key}`);
  try {
    return readFileSync(file);
  } catch (error) {
    return refuse(`the file given for the transient value ${key} cannot be read (${systemCode(error) ?? 'unknown failure'})`);
  }
}

/**
 * Reads `KEY=@FILE` (`@-` is standard input). A value itself is refused: what stands on a command line is seen by every process
 * of the machine and kept in the shell's history.
 * @throws {@link OperatorError} `UNKNOWN_NAME`; the sentence never repeats what was given instead of a file.
 */
export function readTransient(options: readonly string[]): ReadonlyMap<string, Buffer> {
  const values = new Map<string, Buffer>();
  let standardInputOf: string | undefined;
  for (const option of options) {
    const [, key, source] = /^([^=]+)=@(.+)$/s.exec(option) ?? [];
    if (key === undefined || source === undefined)
      return refuse('a transient value is given as KEY=@FILE, or KEY=@- for standard input; never the value itself');
    if (values.has(key)) return refuse(`the transient value ${key} is given twice`);
    if (source === '-' && standardInputOf !== undefined) return refuse(`standard input is the transient value ${standardInputOf} already`);
    if (source === '-') standardInputOf = key;
    values.set(key, read(key, source));
  }
  return values;
}
