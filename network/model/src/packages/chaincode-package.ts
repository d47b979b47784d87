import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChaincodeSettings } from '../consortium/consortium';
import { packArchive } from '../machine/tar';
import { codeThatRuns } from './code-that-runs';

/** The `type` our external builder answers to. */
export const PACKAGE_TYPE = 'ccaas';

/**
 * What every organisation's package says about the connection to its chaincode: placeholders only. The peer's external
 * builder fills in address and keys, so the package is the same everywhere and holds no secret.
 */
export const CONNECTION_TEMPLATE = {
  address: '{{address}}',
  dial_timeout: '10s',
  tls_required: true,
  root_cert: '{{root_cert}}',
  client_auth_required: true,
  client_cert: '{{client_cert}}',
  client_key: '{{client_key}}',
} as const;

export interface ChaincodePackage {
  readonly label: string;
  readonly packageId: string;
  readonly bytes: Buffer;
}

/** Label of a chaincode's package: name and version, as Fabric's samples do it. */
export function packageLabel({ name, version }: Pick<ChaincodeSettings, 'name' | 'version'>): string {
  return `${name}_${version}`;
}

/**
 * SHA-256 over names and contents of the files that {@link codeThatRuns} lists, in that order.
 *
 * It goes into the package, so organisations approve the code and not only the way to reach it; a comment or a README beside a bundle
 * asks nobody for a new approval (ADR 0023).
 * @throws {@link OperatorError} `CHAINCODE_FOLDER` — as {@link codeThatRuns}.
 */
export function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const file of codeThatRuns(folder)) {
    const content = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest('hex');
}

/** @remarks Source: fabric core/chaincode/persistence/chaincode_package.go (metadata.json, code.tar.gz, id = label:sha256). */
export function packChaincode(label: string, codeSha256: string): ChaincodePackage {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$/.test(label)) throw new Error(`'${label}' cannot be the label of a chaincode package`);
  const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
  const code = packArchive([
    { name: 'connection.json', content: json(CONNECTION_TEMPLATE) },
    { name: 'code.json', content: json({ sha256: codeSha256 }) },
  ]);
  const bytes = packArchive([
    { name: 'metadata.json', content: json({ type: PACKAGE_TYPE, label }) },
    { name: 'code.tar.gz', content: code },
  ]);
  return { label, packageId: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}
