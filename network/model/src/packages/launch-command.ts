import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../machine/operator-error';

/** How a chaincode directory wants to be started as a server: `node <script> <args>`. */
export interface LaunchCommand {
  readonly script: string;
  readonly args: readonly string[];
}

const packageFile = z.object({ scripts: z.record(z.string(), z.string()).optional() });
const defaultCommand = 'fabric-chaincode-node server';

/**
 * Reads `start:server` of DIR/package.json, without a shell: words are split at spaces, `$NAME` and `${NAME}` are filled
 * in later from the chaincode's environment. Throws {@link OperatorError} with one sentence.
 */
export function readLaunchCommand(dir: string): LaunchCommand {
  const file = join(dir, 'package.json');
  if (!existsSync(file)) throw new OperatorError('CHAINCODE_FOLDER', `${dir} is not a chaincode directory: it has no package.json`);
  const [program = '', ...args] = startServerScript(file).trim().split(/\s+/);
  if (program !== 'node') return { script: findProgram(dir, program), args };
  const [script, ...rest] = args;
  if (script === undefined) throw new OperatorError('CHAINCODE_FOLDER', `start:server of ${file} names no script for node`);
  return { script: join(dir, script), args: rest };
}

function startServerScript(file: string): string {
  try {
    return packageFile.parse(JSON.parse(readFileSync(file, 'utf8'))).scripts?.['start:server'] ?? defaultCommand;
  } catch (cause) {
    throw new OperatorError('CHAINCODE_FOLDER', `${file} is not a package.json`, { cause });
  }
}

/** Looks for a package's command where npm would: node_modules/.bin of the directory and of those above it. */
function findProgram(dir: string, program: string): string {
  for (let folder = realpathSync(dir); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', '.bin', program);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) break;
  }
  throw new OperatorError(
    'CHAINCODE_FOLDER',
    `the chaincode in ${dir} starts with '${program}', which is not installed there; run npm install first`,
  );
}

export function fillIn(argument: string, environment: Readonly<Record<string, string>>): string {
  return argument.replace(/\$\{(\w+)\}|\$(\w+)/g, (_all, braced: string | undefined, bare: string | undefined) => {
    return environment[braced ?? bare ?? ''] ?? '';
  });
}
