import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Fabric's tools look for an MSP's revocation lists (msp/configbuilder.go `crls`). */
const FOLDER = 'crls';

/**
 * Keeps a list in an organisation's verifying MSP, in place of the former one of the same CA. Every channel made later takes
 * it from there; without it a revoked user would be let in on each of them.
 */
export function keepRevocationList(msp: string, authorityKeyId: string, pem: string): void {
  const folder = join(msp, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // beside the folder: whatever lies in it is read as a list
  const draft = join(msp, `${authorityKeyId}.new`);
  writeFileSync(draft, pem, { mode: 0o644 });
  renameSync(draft, join(folder, `${authorityKeyId}.pem`));
}

/** PEM of the lists that are kept, in the order in which Fabric's tools read them. */
export function readRevocationLists(msp: string): readonly string[] {
  const folder = join(msp, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
