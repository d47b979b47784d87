import { existsSync, lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { controlSocket, mayGoFrom, type Prunable, sizeOf } from '@lianyi/network-model';
import { runFiles } from '../network-lock';
import { type FabricFolders } from '../plan';
import { entries, type InUse, organizationFolders } from './in-use';

/** The organisation's domain a node's name ends with; the longest, since one may be below another. */
function domainOf(folders: FabricFolders, name: string): string | undefined {
  return organizationFolders(folders)
    .map((folder) => basename(folder))
    .filter((domain) => name.endsWith(`.${domain}`))
    .sort((a, b) => b.length - a.length)[0];
}

/** A service's folder holds its TLS pair and nothing else; a node's holds its ledger, and is touched only if its organisation left. */
function superseded(folder: string): boolean {
  return existsSync(join(folder, 'server.crt')) && !existsSync(join(folder, 'data'));
}

function ofNodes(folders: FabricFolders, inUse: InUse): readonly Omit<Prunable, 'bytes'>[] {
  return entries(folders.nodes).flatMap((path): readonly Omit<Prunable, 'bytes'>[] => {
    const name = basename(path);
    if (inUse.nodes.has(name) || inUse.running.has(name)) return [];
    if (inUse.leftDomains.has(domainOf(folders, name) ?? '')) return [{ kind: 'left', path }];
    return superseded(path) ? [{ kind: 'service', path }] : [];
  });
}

function ofOrganizations(folders: FabricFolders, inUse: InUse): readonly Omit<Prunable, 'bytes'>[] {
  // a running node of it would be an organisation that is about to leave
  const leaving = (domain: string): boolean => [...inUse.nodes, ...inUse.running].some((name) => domainOf(folders, name) === domain);
  return organizationFolders(folders)
    .filter((path) => inUse.leftDomains.has(basename(path)) && !leaving(basename(path)))
    .map((path) => ({ kind: 'left', path }));
}

/** Whether it is what a label stands for now. Where that cannot be told, everything of the label is. */
function isCurrent(label: string, hash: string, { labels, packageIds }: InUse): boolean {
  return labels.has(label) && (packageIds.get(label) ?? hash) === hash;
}

/**
 * Packages and builds at the peers. A running peer remembers what it has built and would not build it again when the version is
 * taken back (core/chaincode/lifecycle/scc.go InstallChaincode, core/container BuildRegistry), so only those of stopped peers go.
 */
function ofPeers({ nodes }: FabricFolders, inUse: InUse): readonly Omit<Prunable, 'bytes'>[] {
  const stopped = [...inUse.nodes].filter((name) => !inUse.running.has(name));
  return stopped.flatMap((name) => {
    const data = join(nodes, name, 'data');
    const installed = [...entries(join(data, 'lifecycle', 'chaincodes')), ...entries(join(data, 'externalbuilder', 'builds'))];
    return installed
      .filter((path) => {
        const [, label, hash] = /^(.+)[.-]([0-9a-f]{64})(?:\.tar\.gz)?$/.exec(basename(path)) ?? [];
        return label !== undefined && hash !== undefined && !isCurrent(label, hash, inUse);
      })
      .map((path) => ({ kind: 'installed' as const, path }));
  });
}

function ofPackages({ packages }: FabricFolders, { labels }: InUse): readonly Omit<Prunable, 'bytes'>[] {
  return entries(packages)
    .filter((path) => !labels.has(basename(path, '.tgz')))
    .map((path) => ({ kind: 'package', path }));
}

function ofLogs({ logs }: FabricFolders, inUse: InUse): readonly Omit<Prunable, 'bytes'>[] {
  const isNeeded = (path: string): boolean => {
    const name = /^(.+)\.log$/.exec(basename(path))?.[1];
    return name !== undefined && (inUse.nodes.has(name) || inUse.running.has(name));
  };
  return entries(logs)
    .filter((path) => !isNeeded(path))
    .map((path) => ({ kind: 'log', path }));
}

/** Files are written beside and renamed, organisations in `unfinished`; while the network runs some verb may be at it. */
function ofKilledVerbs(folders: FabricFolders, inUse: InUse): readonly Omit<Prunable, 'bytes'>[] {
  const { dataDir, root, channels, packages, snapshots } = folders;
  const beside = [root, packages, ...entries(channels), ...entries(snapshots)].flatMap(entries);
  const halfWritten = [...beside, ...organizationFolders({ dataDir }).flatMap(entries)].filter((path) => path.endsWith('.new'));
  // of a node that outlived its supervisor the pid file is all by which it can be ended
  const orphans = new Set([...inUse.running].map((name) => `${name}.json`));
  const pidFiles = runFiles(folders).filter((path) => !orphans.has(basename(path)));
  const whenStopped = inUse.isRunning ? [] : [...pidFiles, controlSocket(dataDir)];
  return [join(dataDir, 'unfinished'), ...halfWritten, ...whenStopped]
    .filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    .map((path) => ({ kind: 'leftover', path }));
}

/** All that may go, with its size and, while the network runs, from when on; looks only. */
export function findPrunable(folders: FabricFolders, inUse: InUse, nowMillis = Date.now()): readonly Prunable[] {
  return [ofNodes, ofOrganizations, ofPeers, ofPackages, ofLogs, ofKilledVerbs]
    .flatMap((find) => find(folders, inUse))
    .map((found) => ({ ...found, bytes: sizeOf(found.path), ...(inUse.isRunning && mayGoFrom(found.path, nowMillis)) }));
}
