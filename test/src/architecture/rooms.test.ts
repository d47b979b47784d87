import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './workspaces';
import { arrowsInside, circles } from '../docs/import-graph';
import { packages, sourcesBelow } from './packages';

/** From the ground up: a package imports only packages of lower floors. */
const FLOORS = [
  ['domain', 'network/protocol'],
  ['chaincode', 'network/model', 'application/ledger-client', 'application/documents'],
  ['application/client', 'application/display', 'application/graph', 'network/embedded', 'network/administration'],
  ['application/member-node', 'application/fhir', 'application/hl7v2', 'network/processes'],
  ['application/cli', 'network/cli'],
  ['application/workbench'],
];
/** Who besides the networks reads Fabric's formats by the one package that knows them (ADR 0028). */
const FORMATS_OF_FABRIC = [['application/ledger-client', 'network/protocol']] as const;
const allSources = packages.flatMap(({ sources }) => sources);
const importPattern = /(?:from|import|import\(|require\()\s*'([@a-z][\w@/.:-]*)'/g;
const floorOf = (folder: string): number => FLOORS.findIndex((floor) => floor.includes(folder));
const folderOf = new Map(packages.map(({ folder, manifest }) => [manifest.name, folder]));

function packagesImportedBy(sources: readonly string[]): Set<string> {
  const specifiers = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([, specifier = '']) => specifier),
  );
  const names = specifiers.map((specifier) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return new Set(names.filter((name) => !name.startsWith('node:') && !name.startsWith('#') && !builtinModules.includes(name)));
}

describe('packages', () => {
  it('stand each on one floor', () => {
    expect(FLOORS.flat().sort()).toEqual(packages.map(({ folder }) => folder).sort());
  });

  it('import only what stands below them', () => {
    const upwards = packages.flatMap(({ folder, manifest }) =>
      Object.keys(manifest.dependencies ?? {})
        .map((name) => folderOf.get(name))
        .filter((below) => below !== undefined && floorOf(below) >= floorOf(folder))
        .map((below) => `${folder} -> ${below}`),
    );
    expect(upwards).toEqual([]);
  });

  it('keep medicine and networks apart: they meet as a Fabric client meets a network, and know Fabric’s formats alike', () => {
    const across = packages.flatMap(({ folder, manifest }) => {
      const [room] = folder.split('/');
      const allowed = { domain: [], chaincode: ['domain'], application: ['domain', 'application'], network: ['network'] }[room ?? ''] ?? [];
      return Object.keys(manifest.dependencies ?? {})
        .map((name) => folderOf.get(name))
        .filter((below) => below !== undefined && !allowed.some((name) => name === below.split('/')[0]))
        .filter((below) => !FORMATS_OF_FABRIC.some(([above, format]) => above === folder && format === below))
        .map((below) => `${folder} -> ${below}`);
    });
    expect(across).toEqual([]);
  });

  it.each(packages.map((entry) => [entry.folder, entry] as const))(
    '%s declares what it imports, and imports what it declares',
    (_folder, { manifest, sources }) => {
      const declared = Object.keys(manifest.dependencies ?? {});
      expect([...packagesImportedBy(sources)].sort()).toEqual(declared.sort());
    },
  );

  it.each(packages.map(({ folder }) => folder))('%s has rooms that import one way only', (folder) => {
    expect(circles(arrowsInside(join(repositoryRoot, folder, 'src')))).toEqual([]);
  });

  it('hold no file longer than 300 lines of code', () => {
    const long = allSources.filter(
      (file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\*|\/\*)/.test(line)).length > 300,
    );
    expect(long).toEqual([]);
  });

  it('suppress a lint rule or a type only with a reason', () => {
    const bare = allSources.filter((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => /@ts-ignore|@ts-nocheck|@ts-expect-error(?!.{10})/.test(line) || /eslint-disable(?!.*--\s)/.test(line)),
    );
    expect(bare).toEqual([]);
  });

  it('name no organisation, person or fixture in the rules and the chaincode', () => {
    const named = [...sourcesBelow('domain'), ...sourcesBelow('chaincode')].filter((file) =>
      /Hospital[A-Z]MSP|DOC\d{3}/.test(readFileSync(file, 'utf8')),
    );
    expect(named).toEqual([]);
  });
});
