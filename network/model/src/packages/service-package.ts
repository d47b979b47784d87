import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../machine/operator-error';
import { packArchive } from '../machine/tar';
import { BUNDLE } from './deployable-folder';

interface ServicePackage {
  readonly packageId: string;
  readonly bytes: Buffer;
}

/** Where deployCCAAS of the test network expects the container of chaincode `name` (fabric-samples test-network/scripts/deployCCAAS.sh). */
export function testNetworkAddress(name: string): string {
  return `{{.peername}}_${name}_ccaas:9999`;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — Fabric would refuse it (core/chaincode/persistence/chaincode_package.go). */
export function servicePackageLabel(name: string, version: string): string {
  const label = `${name}_${version}`;
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$/.test(label)) return label;
  throw new OperatorError('UNKNOWN_NAME', {
    en: `'${label}' cannot be the label of a chaincode package`,
    zh: `“${label}” 不能作为链码包的标签`,
  });
}

/**
 * A package of type `ccaas`: the peer is told where the service listens; the code stays outside. Its SHA-256 is in the package,
 * so that organisations approve the code and not only the way to reach it.
 * @param address may hold Go templates over each peer's CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG; the package is then the same for all.
 * @remarks Source: fabric ccaas_builder/cmd (connection.json), core/chaincode/persistence/chaincode_package.go (metadata.json, id).
 */
export function packService(folder: string, label: string, address: string): ServicePackage {
  const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, BUNDLE)))
    .digest('hex');
  const code = packArchive([
    { name: 'connection.json', content: json({ address, dial_timeout: '10s', tls_required: false }) },
    { name: 'code.json', content: json({ sha256 }) },
  ]);
  const bytes = packArchive([
    { name: 'metadata.json', content: json({ type: 'ccaas', label }) },
    { name: 'code.tar.gz', content: code },
  ]);
  return { packageId: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}
