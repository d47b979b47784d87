import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@lianyi/network-model';
import { type LineOutput } from './output';

const ENDING = '.log';
const POLL_MILLIS = 200;

/** Which logs are meant. */
export interface LogChoice {
  readonly folder: string;
  /** Absent: all nodes'. */
  readonly node: string | undefined;
}

function namesIn({ folder, node }: LogChoice): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ENDING)) : [];
  const names = files.map((name) => name.slice(0, -ENDING.length));
  return node === undefined ? names : names.filter((name) => name === node);
}

/**
 * Prints the end of the logs.
 * @returns how many bytes of each node's log have been read
 * @throws {@link OperatorError} `UNKNOWN_NAME`
 */
export function showLogs(choice: LogChoice, lines: number, output: LineOutput): ReadonlyMap<string, number> {
  const { folder, node } = choice;
  const wanted = namesIn(choice);
  if (wanted.length === 0) {
    const names = namesIn({ folder, node: undefined });
    throw new OperatorError(
      'UNKNOWN_NAME',
      node === undefined
        ? { en: `there are no logs in ${folder}`, zh: `${folder} 中没有日志` }
        : { en: `there is no log of ${node}; there are ${names.join(', ')}`, zh: `没有 ${node} 的日志；现有 ${names.join('、')}` },
    );
  }
  const read = wanted.map((name) => {
    if (wanted.length > 1) output.out(`== ${name}`);
    const bytes = readFileSync(join(folder, `${name}${ENDING}`));
    const text = bytes.toString('utf8').trimEnd();
    if (text !== '') output.out(text.split('\n').slice(-lines).join('\n'));
    return [name, bytes.length] as const;
  });
  return new Map(read);
}

/** What is written to one node's log from a position on, whole lines at a time. */
class GrowingLog {
  #rest = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    private position: number,
  ) {}

  fresh(): readonly string[] {
    const descriptor = openSync(this.file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size < this.position) {
        // a start has put the former log aside
        this.position = 0;
        this.#rest = Buffer.alloc(0);
      }
      const bytes = Buffer.alloc(size - this.position);
      this.position += readSync(descriptor, bytes, 0, bytes.length, this.position);
      const all = Buffer.concat([this.#rest, bytes]);
      const end = all.lastIndexOf('\n') + 1;
      this.#rest = all.subarray(end);
      return end === 0 ? [] : all.toString('utf8', 0, end - 1).split('\n');
    } finally {
      closeSync(descriptor);
    }
  }
}

/**
 * Prints what the nodes write from now on, also those that come meanwhile; whose it is, where more than one writes.
 * @param read - as {@link showLogs} has answered
 * @param isOver - asked again and again
 */
export async function followLogs(
  choice: LogChoice,
  read: ReadonlyMap<string, number>,
  isOver: () => boolean,
  output: LineOutput,
): Promise<void> {
  const logs = new Map<string, GrowingLog>();
  let speaker = read.size > 1 ? undefined : [...read.keys()][0];
  while (!isOver()) {
    for (const name of namesIn(choice)) {
      const log = logs.get(name) ?? new GrowingLog(join(choice.folder, `${name}${ENDING}`), read.get(name) ?? 0);
      logs.set(name, log);
      const lines = log.fresh();
      if (lines.length === 0) continue;
      if (speaker !== name) output.out(`== ${name}`);
      speaker = name;
      output.out(lines.join('\n'));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
}
