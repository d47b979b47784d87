import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One arrow of a picture: something below `from` imports something of `to`. */
export type Arrow = { readonly from: string; readonly to: string };

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|require\('([^']+)'\)/g;
const isTest = /\.(test|fixture)\.ts$/;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') && !isTest.test(entry.name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? '');
}

/** The room of a path below `folder`: its first folder, or the file's own name where it lies directly in `folder`. */
function roomOf(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  if (inside.startsWith('..') || inside === '') return undefined;
  return (inside.split(sep)[0] ?? '').replace(/\.ts$/, '');
}

function distinctSorted(arrows: readonly Arrow[]): Arrow[] {
  const byName = new Map(arrows.filter(({ from, to }) => from !== to).map((arrow) => [`${arrow.from} ${arrow.to}`, arrow]));
  return [...byName.keys()]
    .sort()
    .map((name) => byName.get(name))
    .filter((arrow) => arrow !== undefined);
}

/** Arrows between what lies directly in `folder`, by relative imports; `index` files are the package's entry and left out. */
export function arrowsInside(folder: string): Arrow[] {
  const arrows = sourceFiles(folder).flatMap((file) => {
    const from = roomOf(folder, file);
    if (from === undefined || from === 'index') return [];
    return importsOf(file)
      .filter((target) => target.startsWith('.'))
      .flatMap((target) => roomOf(folder, resolve(dirname(file), target)) ?? [])
      .map((to) => ({ from, to }));
  });
  return distinctSorted(arrows);
}

/** The same, with all files that lie directly in `folder` as one room of the package's name. */
export function arrowsBetweenFolders(folder: string, nameOfFiles: string): Arrow[] {
  const folders = new Set(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  );
  const place = (room: string): string => (folders.has(room) ? room : nameOfFiles);
  return distinctSorted(arrowsInside(folder).map(({ from, to }) => ({ from: place(from), to: place(to) })));
}

/** Arrows between packages: what each declares to depend on. */
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

function reachable(from: string, arrows: readonly Arrow[]): Set<string> {
  const seen = new Set<string>();
  const visit = (room: string): void => {
    for (const { to } of arrows.filter((arrow) => arrow.from === room)) {
      if (seen.has(to)) continue;
      seen.add(to);
      visit(to);
    }
  };
  visit(from);
  return seen;
}

/** Rooms that import one another, directly or by way of others. */
export function circles(arrows: readonly Arrow[]): string[] {
  return [...new Set(arrows.map(({ from }) => from))].filter((room) => reachable(room, arrows).has(room));
}

/** Without the arrows that a longer way says too, so that the picture can be held in the head. */
export function reduced(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.reduce<readonly Arrow[]>((kept, arrow) => {
    const others = kept.filter((other) => other !== arrow);
    return reachable(arrow.from, others).has(arrow.to) ? others : kept;
  }, arrows);
}
