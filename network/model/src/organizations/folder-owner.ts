import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** Whose an organisation's folder is; written together with its CA, before there is a connection profile. */
const OWNER = 'msp-id';

const profileSchema = z.object({
  client: z.object({ organization: z.string() }),
  organizations: z.record(z.string(), z.object({ mspid: z.string() })),
});

export function writeOwner(folder: string, mspId: string): void {
  writeFileSync(join(folder, OWNER), `${mspId}\n`, { mode: 0o644 });
}

/** The MSP id of an organisation's folder; where it was made before that was noted, as its own connection profile says it. */
export function mspIdOf(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const owner = join(folder, OWNER);
  if (existsSync(owner)) return readFileSync(owner, 'utf8').trim();
  const profile = readdirSync(folder).find((name) => /^connection-.*\.json$/.test(basename(name)));
  if (profile === undefined) return undefined;
  const parsed = profileSchema.safeParse(parseJson(join(folder, profile)));
  return parsed.success ? parsed.data.organizations[parsed.data.client.organization]?.mspid : undefined;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // half written: says nothing
  }
}

/** An organisation as its folder says it. */
export interface FolderOwner {
  readonly domain: string;
  /** Absent: a folder of which nothing tells it. */
  readonly mspId: string | undefined;
  /** As its connection profile is called; absent before it has one. */
  readonly name: string | undefined;
}

/** All organisations that have a folder below a data directory, those that left included. */
export function folderOwners(dataDir: string): readonly FolderOwner[] {
  return ['peerOrganizations', 'ordererOrganizations']
    .map((kind) => join(dataDir, 'organizations', kind))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((domain) => join(folder, domain)))
    .map((folder) => ({ domain: basename(folder), mspId: mspIdOf(folder), name: nameIn(folder) }));
}

function nameIn(folder: string): string | undefined {
  return readdirSync(folder)
    .map((file) => /^connection-(.*)\.json$/.exec(file)?.[1])
    .find((name) => name !== undefined);
}
