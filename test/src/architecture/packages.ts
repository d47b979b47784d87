import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../docs/generate';
import { filesBelow, isTypeScript } from './source-files';

type Manifest = { readonly name: string; readonly dependencies?: Readonly<Record<string, string>> };

/** One workspace of the product. */
export type Package = { readonly folder: string; readonly manifest: Manifest; readonly sources: readonly string[] };

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Tests and what only they use stand beside the sources, and are none. */
const isTestFile = (file: string): boolean => /\.(test|fixture)\.ts$/.test(file);

const { workspaces } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { readonly workspaces: readonly string[] };

/** Every workspace but the tests. */
export const packages: readonly Package[] = workspaces
  .filter((folder) => folder !== 'test')
  .map((folder) => ({
    folder,
    manifest: manifestOf(folder),
    sources: filesBelow(join(repositoryRoot, folder, 'src')).filter((file) => isTypeScript(file) && !isTestFile(file)),
  }));

/** All source files of the packages whose folder starts so. */
export function sourcesBelow(prefix: string): readonly string[] {
  return packages.filter(({ folder }) => folder.startsWith(prefix)).flatMap(({ sources }) => sources);
}
