import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Hospital } from '@lianyi/workbench';
import { filesBelow } from '../../architecture/source-files';
import { privateScalarsIn } from '../../scenario/kept-secrets';
import { foldersOf } from '../../scenario/planted';
import { type Scenario, type StaffMember } from '../../scenario/scenario';

/** What whoever carries a hospital's disk away has. */
export interface StolenDisk {
  /** Everything that stands there: files as they lie, and each value that the hospital's peer has. */
  readonly parts: readonly Buffer[];
  /** Every private key. */
  readonly keys: readonly Buffer[];
  /** Every salt in the private data of that hospital. */
  readonly salts: readonly Buffer[];
}

/**
 * The disk of one hospital of the embedded network. The file of that network holds the peers of all hospitals: taken is every row that is not
 * another peer's private data.
 */
export function stealDisk(scenario: Scenario, { member }: Hospital, staff: readonly StaffMember[]): StolenDisk {
  const folders = foldersOf(scenario, member.domain, member.mspId);
  const files = [...folders.flatMap(filesBelow), ...staff.map(({ profile }) => scenario.consortium.data.key(profile))];
  const rows = rowsOfPeer(scenario.consortium.data.network, member.mspId);
  const own = Buffer.concat(rows.filter(({ isPrivate }) => isPrivate).map(({ value }) => value)).toString('latin1');
  const salts = [...own.matchAll(/"salt":"([A-Za-z0-9_-]+)"/g)].map(([, salt = '']) => Buffer.from(salt, 'base64url'));
  return {
    parts: [...files.map((file) => readFileSync(file)), ...rows.map(({ value }) => value)],
    keys: distinct(privateScalarsIn(files)),
    salts: distinct(salts),
  };
}

interface Value {
  readonly value: Buffer;
  readonly isPrivate: boolean;
}

/** Each value in the database of the embedded network that one peer has. */
function rowsOfPeer(networkDir: string, mspId: string): readonly Value[] {
  const file = filesBelow(networkDir).find((each) => basename(each) === 'channel.sqlite');
  if (file === undefined) throw new Error('no database of the embedded network');
  const copied = mkdtempSync(join(tmpdir(), 'registrar-disk-'));
  try {
    // the network holds its file for itself; what was committed is in the two files
    for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, join(copied, `channel.sqlite${end}`));
    const database = new DatabaseSync(join(copied, 'channel.sqlite'));
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${String(name)}"`).all());
    database.close();
    const isOthers = ({ msp }: Record<string, unknown>): boolean => typeof msp === 'string' && msp.split('#')[0] !== mspId;
    return rows
      .filter((row) => !isOthers(row))
      .flatMap((row) => Object.values(row).flatMap((value) => ({ value: bytesOf(value), isPrivate: row['msp'] !== undefined })));
  } finally {
    rmSync(copied, { recursive: true });
  }
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value));
}

function distinct(values: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(values.map((value) => [value.toString('hex'), value])).values()];
}
