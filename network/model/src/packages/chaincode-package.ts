import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { z } from 'zod';
import { type ChaincodeSettings } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { packArchive } from '../machine/tar';
import { readLaunchCommand } from './launch-command';

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

/** Folders that are not the chaincode's own code. */
const NOT_CODE: ReadonlySet<string> = new Set(['node_modules', '.git', 'coverage']);
const PACKAGE_FILE = 'package.json';
const packageFile = z.object({ files: z.array(z.string()).min(1).optional() });

/**
 * SHA-256 over names and contents of what runs, in the order of names: package.json and what its `files` names (files or folders, no
 * patterns), or without `files` every file of the folder but its dependencies.
 *
 * It goes into the package, so organisations approve the code and not only the way to reach it; a comment or a README that `files` does
 * not name asks nobody for a new approval (ADR 0023).
 * @throws {@link OperatorError} `CHAINCODE_FOLDER` — `files` names what is not there or outside the folder, or leaves out what
 * `start:server` runs.
 */
export function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesThatRun(folder)) {
    const content = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest('hex');
}

function filesThatRun(folder: string): readonly string[] {
  const named = packageFile.safeParse(JSON.parse(readFileSync(join(folder, PACKAGE_FILE), 'utf8')));
  if (!named.success) throw new OperatorError('CHAINCODE_FOLDER', `'files' of ${join(folder, PACKAGE_FILE)} is not a list of names`);
  if (named.data.files === undefined) return filesOf(folder, '');
  const files = [PACKAGE_FILE, ...named.data.files.flatMap((name) => filesNamed(folder, posix.normalize(name)))];
  const script = relative(folder, readLaunchCommand(folder).script).split(sep).join('/');
  if (!files.includes(script) && isInside(script))
    throw new OperatorError('CHAINCODE_FOLDER', `${folder} starts ${script}, which 'files' of its package.json does not name`);
  return [...new Set(files)].sort((a, b) => (a < b ? -1 : 1));
}

/** Programs of dependencies, such as fabric-chaincode-node, are no more the chaincode's own code than what they load. */
function isInside(path: string): boolean {
  const [first = ''] = path.split('/');
  return first !== '..' && !NOT_CODE.has(first);
}

function filesNamed(folder: string, name: string): readonly string[] {
  const entry = isInside(name) && !isAbsolute(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
  if (entry === undefined)
    throw new OperatorError('CHAINCODE_FOLDER', `${join(folder, name)} is not there; build the chaincode first ('files' of package.json)`);
  return entry.isDirectory() ? filesOf(folder, name.replace(/\/$/, '')) : [name];
}

function filesOf(folder: string, prefix: string): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => !NOT_CODE.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .flatMap((entry) => {
      const name = prefix === '' || prefix === '.' ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesOf(folder, name) : [name];
    })
    .sort((a, b) => (a < b ? -1 : 1));
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
