import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, closeSync, fsyncSync, readFileSync, readdirSync, renameSync, rmSync, writeSync, existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type PatientProfile, type Profile, type ProfileInput, profileSchema } from './profile';
import { ProfileProblem } from './profile-problem';

/** A profile with its paths made absolute, and where it lives. */
export interface LoadedProfile {
  readonly profile: Profile;
  readonly file: string;
  /** Where this actor's own things go (ephemeral keys of tickets): `<file without .json>.data`, mode 0700. */
  readonly dataDirectory: string;
}

/** Reads and checks a profile; relative paths in it are resolved against its own folder. */
export function loadProfile(file: string): LoadedProfile {
  const absolute = resolve(file);
  const checked = parse(read(absolute), absolute);
  const dataDirectory = `${absolute.replace(/\.json$/, '')}.data`;
  return { profile: mapPaths(checked, (path) => resolve(dirname(absolute), path)), file: absolute, dataDirectory };
}

/**
 * Writes the profile with mode 0600, paths below the same data directory relative to it so that the whole folder can be moved.
 * @throws ProfileProblem `PROFILE_EXISTS` — the file is there and `replace` was not asked for.
 */
export function saveProfile(file: string, profile: ProfileInput, options: { readonly replace?: boolean } = {}): LoadedProfile {
  const absolute = resolve(file);
  const checked = parse(JSON.stringify(profile), absolute);
  if (options.replace !== true && existsSync(absolute)) throw new ProfileProblem('PROFILE_EXISTS', { file: absolute });
  const folder = dirname(absolute);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stored = mapPaths(checked, (path) => relativeWhenNear(folder, path));
  writePrivately(absolute, `${JSON.stringify(stored, null, 2)}\n`);
  return loadProfile(absolute);
}

/** Files of the profiles in `<dataDir>/profiles`, sorted by name; an absent folder has none. */
export function listProfileFiles(dataDir: string): string[] {
  const folder = profilesFolder(dataDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** A name means `<dataDir>/profiles/<name>.json`; anything with a separator or `.json` is a path. */
export function profileFile(nameOrPath: string, dataDir: string): string {
  const isPath = nameOrPath.endsWith('.json') || nameOrPath.includes('/') || nameOrPath.includes(sep);
  return isPath ? resolve(nameOrPath) : join(profilesFolder(dataDir), `${nameOrPath}.json`);
}

function profilesFolder(dataDir: string): string {
  return join(resolve(dataDir), 'profiles');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProfileProblem('PROFILE_NOT_FOUND', { file }, { cause });
  }
}

function parse(text: string, file: string): Profile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProfileProblem('PROFILE_INVALID', { file, issues: ['not JSON'] }, { cause });
  }
  const result = profileSchema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'profile'}: ${issue.message}`);
  throw new ProfileProblem('PROFILE_INVALID', { file, issues });
}

function mapPaths(profile: Profile, map: (path: string) => string): Profile {
  switch (profile.kind) {
    case 'staff':
      return { ...profile, tlsCaFile: map(profile.tlsCaFile), keyFile: map(profile.keyFile), ...witnessOf(profile, map) };
    case 'patient':
      return {
        ...profile,
        tlsCaFile: map(profile.tlsCaFile),
        walletFile: map(profile.walletFile),
        ...witnessOf(profile, map),
        ...hospitalsOf(profile, map),
      };
    case 'administrator':
      return {
        ...profile,
        connectionProfile: map(profile.connectionProfile),
        certDirectory: map(profile.certDirectory),
        keyDirectory: map(profile.keyDirectory),
      };
  }
}

function witnessOf(
  { witnessTlsCaFile }: { readonly witnessTlsCaFile?: string | undefined },
  map: (path: string) => string,
): { readonly witnessTlsCaFile?: string } {
  return witnessTlsCaFile === undefined ? {} : { witnessTlsCaFile: map(witnessTlsCaFile) };
}

function hospitalsOf({ hospitals }: PatientProfile, map: (path: string) => string): Pick<PatientProfile, 'hospitals'> {
  if (hospitals === undefined) return {};
  return { hospitals: hospitals.map((node) => ({ ...node, tlsCaFile: map(node.tlsCaFile), ...witnessOf(node, map) })) };
}

/** `profiles/` stands beside `network/`, `nodes/` and `wallets/`: one step up is still inside the data directory. */
function relativeWhenNear(folder: string, path: string): string {
  if (!isAbsolute(path)) return path;
  const near = relative(folder, path);
  const steps = near.split(sep).filter((part) => part === '..').length;
  return steps <= 1 ? near : path;
}

function writePrivately(file: string, text: string): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
