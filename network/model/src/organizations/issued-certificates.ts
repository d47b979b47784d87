import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OrganizationPaths } from './layout';

type Place = Pick<OrganizationPaths, 'issued'>;

const serialNumberOf = (certificatePem: string): string => new X509Certificate(certificatePem).serialNumber.toLowerCase();

/**
 * Notes an identity certificate. One that a renewal replaced is as good as the new one until it ends, so whoever revokes its
 * holder must know it; the holder's own file no longer tells.
 */
export function noteIssued(paths: Place, commonName: string, certificatePem: string): void {
  const folder = paths.issued(commonName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${serialNumberOf(certificatePem)}.pem`), certificatePem, { mode: 0o644 });
}

/** Serial numbers, in lower-case hexadecimal, of what the holder was issued and has not ended yet. */
export function serialNumbersIssued(paths: Place, commonName: string, nowMillis = Date.now()): readonly string[] {
  const folder = paths.issued(commonName);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => new X509Certificate(readFileSync(join(folder, name))))
    .filter(({ validTo }) => Date.parse(validTo) > nowMillis)
    .map(({ serialNumber }) => serialNumber.toLowerCase());
}
