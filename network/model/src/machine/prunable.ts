import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One file or folder that nobody needs any more. */
export interface Prunable {
  /**
   * `service`: a chaincode service of a superseded definition; `package`: the package of one; `installed`: the same at a peer;
   * `left`: of an organisation that left; `log`: a log that is full or whose node was removed; `leftover`: of a killed verb.
   */
  readonly kind: 'service' | 'package' | 'installed' | 'left' | 'log' | 'leftover';
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970 from which on it may go (inclusive): before that it may be in the making. Absent: at once. */
  readonly notBefore?: number;
}

/** What a running network changed less long ago (exclusive) may be in the making: a verb writes files before it records them. */
const MAKING_MILLIS = 60_000;

/** When a path that a running network has may go; `undefined`: now. */
export function mayGoFrom(path: string, nowMillis: number): { readonly notBefore?: number } {
  const notBefore = Math.ceil(lstatSync(path).mtimeMs) + MAKING_MILLIS;
  return notBefore > nowMillis ? { notBefore } : {};
}

/** Bytes of a file, or of all below a folder. */
export function sizeOf(path: string): number {
  const stat = lstatSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0) : stat.size;
}

/** Looks for what may go, now or as soon as it is old enough, and changes nothing. `isHeld`: this process keeps the network from being started. */
export type FindPrunable = (dataDir: string, isHeld: boolean) => readonly Prunable[] | Promise<readonly Prunable[]>;

/** Keeps a stopped network from being started, until what it answers is called; `undefined`: it runs. */
export type HoldNetwork = (dataDir: string) => (() => void) | undefined;
