import { mkdirSync, openSync, closeSync, fsyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CliProblem } from './cli-problem';
import { type LoadedProfile } from '@lianyi/client/node';

/** A folder of the profile's own, mode 0700, for what only this actor may have (ephemeral keys, salts). */
export function privateFolder({ dataDirectory }: LoadedProfile, name: string): string {
  const folder = join(dataDirectory, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Writes a new file of mode 0600; one that is there is never overwritten. */
export function writeNewFile(file: string, content: string | Uint8Array, mode = 0o600): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', mode);
  } catch (cause) {
    throw new CliProblem('FILE_EXISTS', file, { cause });
  }
  try {
    // a write may be short
    for (let rest = Buffer.from(content); rest.length > 0; rest = rest.subarray(writeSync(descriptor, rest)));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
