import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { isSameProcess, mspIdOf, OperatorError, readAmendments } from '@lianyi/network-model';
import { recordedNodes, runningSupervisor } from '../network-lock';
import { type FabricFolders } from '../plan';
import { readState } from '../state-file';

/** What a network needs of its directory; all else that is known to be of no use may go. */
export interface InUse {
  /** Of nodes and chaincode services: what the last start, or the last change of the running network, planned. */
  readonly nodes: ReadonlySet<string>;
  /** Labels of the chaincode packages that some peer runs. */
  readonly labels: ReadonlySet<string>;
  /** The package that has a label now, as far as its file is there. */
  readonly packageIds: ReadonlyMap<string, string>;
  /** DNS domains of organisations that left. */
  readonly leftDomains: ReadonlySet<string>;
  /** Of nodes whose process runs. */
  readonly running: ReadonlySet<string>;
  /** Whether a supervisor runs, which may be making files just now. */
  readonly isRunning: boolean;
}

/** Folders of organisations, as `organizations/` has them. */
export function organizationFolders({ dataDir }: Pick<FabricFolders, 'dataDir'>): readonly string[] {
  return ['peerOrganizations', 'ordererOrganizations'].flatMap((kind) => entries(join(dataDir, 'organizations', kind)));
}

/** Paths of what is in a folder; none, if there is no such folder. */
export function entries(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // half written: says nothing
  }
}

function labelsOf({ nodes }: FabricFolders, inUse: ReadonlySet<string>): ReadonlySet<string> {
  const labels = [...inUse].flatMap((name) => {
    const connections = z.record(z.string(), z.unknown()).safeParse(parseJson(join(nodes, name, 'chaincode-connections.json')));
    return connections.success ? Object.keys(connections.data) : [];
  });
  return new Set(labels);
}

function packageIdsOf({ packages }: FabricFolders): ReadonlyMap<string, string> {
  return new Map(
    entries(packages)
      .filter((path) => path.endsWith('.tgz'))
      .map((path) => [basename(path, '.tgz'), createHash('sha256').update(readFileSync(path)).digest('hex')] as const),
  );
}

/** @throws {@link OperatorError} `NOT_RUNNING` — there is no network; `STATE_INCOMPLETE` — what it needs cannot be told. */
export function lookAtUse(folders: FabricFolders, isHeld = false): InUse {
  const state = readState(folders);
  if (!state)
    throw new OperatorError('NOT_RUNNING', {
      en: `${folders.dataDir} holds no network of real Fabric`,
      zh: `${folders.dataDir} 中没有真实 Fabric 的网络`,
    });
  if (state.stage !== 'ready')
    throw new OperatorError('STATE_INCOMPLETE', {
      en: `the network in ${folders.dataDir} never was ready; 'up' begins anew, 'down' removes it`,
      zh: `${folders.dataDir} 中的网络从未就绪；up 重新开始，down 删除它`,
    });
  const { left } = readAmendments(folders.root);
  const nodes = new Set(Object.keys(state.ports));
  const gone = organizationFolders(folders).filter((folder) => left.includes(mspIdOf(folder) ?? ''));
  return {
    nodes,
    labels: labelsOf(folders, nodes),
    packageIds: packageIdsOf(folders),
    leftDomains: new Set(gone.map((folder) => basename(folder))),
    running: new Set(
      recordedNodes(folders)
        .filter(isSameProcess)
        .map(({ name }) => name),
    ),
    isRunning: !isHeld && runningSupervisor(folders) !== undefined,
  };
}
