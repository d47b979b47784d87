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
