import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, repositoryRoot, workspaces } from './workspaces';

/** What Node has since a version: a source that uses it needs that version. */
const SINCE: readonly (readonly [RegExp, number])[] = [
  [/\bPromise\.withResolvers\b/, 22],
  [/\b(?:Map|Object)\.groupBy\b/, 21],
  [/'node:sqlite'/, 22],
];

function sourcesOf(folder: string): readonly string[] {
  const names = readdirSync(join(repositoryRoot, folder, 'src'), { recursive: true, encoding: 'utf8' });
  const shipped = names.filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name));
  return shipped.map((name) => readFileSync(join(repositoryRoot, folder, 'src', name), 'utf8'));
}

/** What a package says of itself; what says nothing runs with the root's, or as a part of one that says more. */
function statedBy(folder: string): number | undefined {
  const stated = manifestOf(folder).engines?.node;
  return stated === undefined ? undefined : Number(/^>=(\d+)/.exec(stated)?.[1]);
}

/** Programs of the checkout, and what only they run. */
const programs = ['application/cli', 'application/member-node', 'application/workbench', 'network/cli', 'network/embedded'];

describe('the oldest Node', () => {
  it.each(workspaces.filter((folder) => statedBy(folder) !== undefined))('that %s states has all that it uses', (folder) => {
    const needed = sourcesOf(folder).flatMap((text) => SINCE.flatMap(([used, version]) => (used.test(text) ? [version] : [])));
    expect(statedBy(folder)).toBeGreaterThanOrEqual(Math.max(0, ...needed));
  });

  it.each(programs)('that %s states is the one below which programs say so and end', (folder) => {
    const guard = readFileSync(join(repositoryRoot, 'application/cli/src/node-version.ts'), 'utf8');
    expect(statedBy(folder)).toBe(Number(/OLDEST_MAJOR = (\d+)/.exec(guard)?.[1]));
  });
});
