import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSigner, type Signer } from '@lianyi/fabric-protocol';

/**
 * Reads the one file of a folder, whatever its name: a keystore's is `priv_sk` by cryptogen, `<hash>_sk` by Fabric CA's own
 * client. Throws if there is none or more than one.
 */
export function readOnlyFile(dir: string): string {
  const [first, ...others] = readdirSync(dir).filter((name) => !name.startsWith('.'));
  if (first === undefined || others.length > 0) throw new Error(`${dir} must hold exactly one file`);
  return readFileSync(join(dir, first), 'utf8');
}

/** Reads `signcerts/` and `keystore/` of an MSP directory. */
export function loadSigner(mspDir: string, mspId: string): Signer {
  return createSigner(mspId, readOnlyFile(join(mspDir, 'signcerts')), readOnlyFile(join(mspDir, 'keystore')));
}
