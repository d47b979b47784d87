import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One arrow of the picture: files below `from` import something of `to`. */
export type Arrow = { readonly from: string; readonly to: string };

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|require\('([^']+)'\)/g;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? '');
}

/** The room of a path below `folder`: its first folder, or the file's own name where it lies directly in `folder`. */
function roomOf(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  if (inside.startsWith('..') || inside === '') return undefined;
  const first = inside.split(sep)[0] ?? '';
  return first.replace(/\.ts$/, '');
}

function arrowsOfFile(folder: string, file: string, resolveImport: (file: string, target: string) => string | undefined): Arrow[] {
  const from = roomOf(folder, file);
  return importsOf(file).flatMap((target) => {
    const path = resolveImport(file, target);
    const to = path === undefined ? undefined : roomOf(folder, path);
    return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
  });
}

function distinctSorted(arrows: readonly Arrow[]): Arrow[] {
  const byName = new Map(arrows.map((arrow) => [`${arrow.from} ${arrow.to}`, arrow]));
  return [...byName.keys()]
    .sort()
    .map((name) => byName.get(name))
    .filter((arrow) => arrow !== undefined);
}

/** Arrows between the immediate sub-folders of `folder`, by relative imports; `index` files are the room's door and left out. */
export function arrowsInside(folder: string): Arrow[] {
  const resolveRelative = (file: string, target: string): string | undefined =>
    target.startsWith('.') ? resolve(dirname(file), target) : undefined;
  const files = sourceFiles(folder).filter((file) => roomOf(folder, file) !== 'index');
  return distinctSorted(files.flatMap((file) => arrowsOfFile(folder, file, resolveRelative)));
}

/** Arrows between the packages of the repository: what each declares to depend on. */
export function arrowsBetweenPackages(root: string, packages: readonly string[]): Arrow[] {
  const manifests = packages.map((folder) => ({
    folder,
    ...(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string; dependencies?: Record<string, string> }),
  }));
  const folderOf = new Map(manifests.map(({ name, folder }) => [name, folder]));
  return distinctSorted(
    manifests.flatMap(({ folder, dependencies = {} }) =>
      Object.keys(dependencies).flatMap((name) => {
        const to = folderOf.get(name);
        return to === undefined ? [] : [{ from: folder, to }];
      }),
    ),
  );
}

/** The arrows as a mermaid graph, one line an arrow. */
export function mermaid(arrows: readonly Arrow[]): string {
  const lines = arrows.map(({ from, to }) => `  ${from} --> ${to}`);
  return ['```mermaid', 'graph LR', ...lines, '```'].join('\n');
}

const picture = /<!-- picture: (\S+) -->\n(?:[\s\S]*?\n)??<!-- \/picture -->/g;

/** Redraws every `<!-- picture: FOLDER -->` block of a page; `packages` names the arrows between packages. */
export function redrawPictures(page: string, root: string, packages: readonly string[]): string {
  return page.replace(picture, (_block, folder: string) => {
    const arrows = folder === 'packages' ? arrowsBetweenPackages(root, packages) : arrowsInside(join(root, folder));
    return `<!-- picture: ${folder} -->\n${mermaid(arrows)}\n<!-- /picture -->`;
  });
}
