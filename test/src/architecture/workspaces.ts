import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root, seen from test/dist and from test/src alike. */
export const repositoryRoot = resolve(__dirname, '../../..');

/** What is read of a workspace's package.json. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node: string };
}

/** The folder of every workspace, the tests' own among them, as the root's package.json names them. */
export const { workspaces } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  readonly workspaces: readonly string[];
};

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;
}
