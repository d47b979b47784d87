import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@lianyi/network-model';
import { type LineOutput } from './output';

/** Prints the end of the logs; all nodes', or one's. */
export function showLogs(folder: string, node: string | undefined, lines: number, output: LineOutput): void {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .map((name) => name.slice(0, -'.log'.length))
    : [];
  const wanted = node === undefined ? names : names.filter((name) => name === node);
  if (wanted.length === 0) {
    throw new OperatorError(
      'UNKNOWN_NAME',
      node === undefined
        ? { en: `there are no logs in ${folder}`, zh: `${folder} 中没有日志` }
        : { en: `there is no log of ${node}; there are ${names.join(', ')}`, zh: `没有 ${node} 的日志；现有 ${names.join('、')}` },
    );
  }
  for (const name of wanted) {
    if (wanted.length > 1) output.out(`== ${name}`);
    const text = readFileSync(join(folder, `${name}.log`), 'utf8').trimEnd();
    if (text !== '') output.out(text.split('\n').slice(-lines).join('\n'));
  }
}
