import { join } from 'node:path';
import { filesBelow, isTypeScript } from './source-files';
import { type Manifest, manifestOf, repositoryRoot, workspaces } from './workspaces';

/** One workspace of the product. */
export type Package = { readonly folder: string; readonly manifest: Manifest; readonly sources: readonly string[] };

/** Tests and what only they use stand beside the sources, and are none. */
const isTestFile = (file: string): boolean => /\.(test|fixture)\.ts$/.test(file);

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
