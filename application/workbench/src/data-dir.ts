import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where a workbench keeps what belongs to it: everything below one folder, so that it can be removed as one. */
export type DataDir = {
  readonly root: string;
  readonly network: string;
  readonly logs: string;
  node(mspId: string): string;
  key(profile: string): string;
  wallet(profile: string): string;
  /** A file for a document or another thing of the story. */
  file(name: string): string;
};

/** Makes the folders, readable by their owner only. */
export function openDataDir(root: string): DataDir {
  for (const folder of ['', 'network', 'logs', 'nodes', 'keys', 'wallets', 'files', 'profiles']) {
    mkdirSync(join(root, folder), { recursive: true, mode: 0o700 });
  }
  return {
    root,
    network: join(root, 'network'),
    logs: join(root, 'logs'),
    node: (mspId) => join(root, 'nodes', mspId),
    key: (profile) => join(root, 'keys', `${profile}.pem`),
    wallet: (profile) => join(root, 'wallets', `${profile}.wallet`),
    file: (name) => join(root, 'files', name),
  };
}
