import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadNodeConfig, type NodeConfig, nodeConfigSchema, parseNodeConfig } from '@lianyi/member-node';
import { loadedConfig } from '../config-file';
import { type Terminal } from '../terminal';

/**
 * Reads a `node.json` named on the command line.
 * @throws CliProblem `CONFIG_INVALID` — with file, field and what was expected; the operating system's error if it cannot be read
 */
export function readNodeConfig(config: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<NodeConfig> {
  const file = resolve(cwd, config);
  return loadedConfig(file, nodeConfigSchema, () => loadNodeConfig(file));
}

/** The same with its paths as they are written. @throws as {@link readNodeConfig} */
export function readNodeConfigAsWritten(file: string): Promise<NodeConfig> {
  return loadedConfig(file, nodeConfigSchema, async () => parseNodeConfig(JSON.parse(await readFile(file, 'utf8'))));
}
