import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output } from '../cli/output';
import { OperatorError } from '../machine/operator-error';
import { type FabricFolders } from './plan';

/** Prints the end of the logs; all nodes', or one's. */
export function showLogs(folders: FabricFolders, node: string | undefined, lines: number, output: Output): void {
  const names = existsSync(folders.logs)
    ? readdirSync(folders.logs)
        .filter((name) => name.endsWith('.log'))
        .map((name) => name.slice(0, -'.log'.length))
    : [];
  const wanted = node === undefined ? names : names.filter((name) => name === node);
  if (wanted.length === 0) {
    throw new OperatorError(
      'UNKNOWN_NAME',
      node === undefined ? `there are no logs in ${folders.logs}` : `there is no log of ${node}; there are ${names.join(', ')}`,
    );
  }
  for (const name of wanted) {
    if (wanted.length > 1) output.out(`== ${name}`);
    const text = readFileSync(join(folders.logs, `${name}.log`), 'utf8').trimEnd();
    if (text !== '') output.out(text.split('\n').slice(-lines).join('\n'));
  }
}
