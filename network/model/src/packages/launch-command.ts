import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import { leashed } from '../machine/leash';
import { OperatorError } from '../machine/operator-error';

/** How a chaincode directory wants to be started as a server. */
export type LaunchCommand = NodeCommand | ScriptCommand;

/** `node <script> <args>`, without a shell. */
export interface NodeCommand {
  readonly kind: 'node';
  readonly script: string;
  readonly args: readonly string[];
}

/** A script of package.json that needs a shell, as `npm run` would run it. */
export interface ScriptCommand {
  readonly kind: 'script';
  /** Its name in package.json. */
  readonly name: string;
  readonly text: string;
  /** It serves without TLS: only the embedded network, on loopback, takes it. */
  readonly isPlain: boolean;
}

/** What to spawn for a chaincode process. */
export interface ProcessLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The process has others below it: whoever ends it ends its whole group. */
  readonly isGroup: boolean;
}

const packageFile = z.object({ name: z.string().optional(), scripts: z.record(z.string(), z.string()).optional() });
const SERVER = 'start:server';
/** Where Fabric's samples keep the same command without TLS. */
const PLAIN_SERVER = 'start:server-nontls';
const LAUNCHER = 'fabric-chaincode-node';
const DEFAULT_COMMAND = `${LAUNCHER} server`;

/** What a shell would read as more than a word; `$NAME` and `${NAME}` are filled in here. */
const SHELL_SIGNS = /[;&|<>()$`"'\\*?[\]{}~#!\n]/;
const TLS_FILE = /--chaincode-tls-(?:key|cert|client-cacert)-file[= ](\/\S+)/g;

/**
 * Reads `start:server` of DIR/package.json. A plain command is started without a shell: words are split at spaces, `$NAME` and `${NAME}`
 * are filled in later from the chaincode's environment. Whatever else a script says, the shell runs, as npm has it.
 * @throws {@link OperatorError} `CHAINCODE_FOLDER` — with one sentence.
 */
export function readLaunchCommand(dir: string): LaunchCommand {
  const file = join(dir, 'package.json');
  if (!existsSync(file))
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${dir} is not a chaincode directory: it has no package.json`,
      zh: `${dir} 不是链码目录：没有 package.json`,
    });
  const scripts = scriptsOf(file);
  const text = (scripts[SERVER] ?? DEFAULT_COMMAND).trim();
  const [program = '', ...args] = text.split(/\s+/);
  if (needsShell(text, program)) return scriptCommand(dir, text, scripts);
  if (program === 'node') return nodeCommand(dir, file, args);
  const installed = findInstalled(dir, program);
  if (installed !== undefined) return { kind: 'node', script: installed, args };
  if (isOnPath(program)) return { kind: 'script', name: SERVER, text, isPlain: false };
  return refuseMissing(dir, program);
}

function nodeCommand(dir: string, file: string, [script, ...args]: readonly string[]): NodeCommand {
  if (script === undefined)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `start:server of ${file} names no script for node`,
      zh: `${file} 的 start:server 没有为 node 指明脚本`,
    });
  return { kind: 'node', script: join(dir, script), args };
}

function needsShell(text: string, program: string): boolean {
  return SHELL_SIGNS.test(text.replaceAll(/\$\{\w+\}|\$\w+/g, '')) || program.includes('=');
}

/** Fabric's samples name the files of their container in the command; where those are not there, their command without TLS is meant. */
function scriptCommand(dir: string, text: string, scripts: Readonly<Record<string, string>>): ScriptCommand {
  if (new RegExp(`\\b${LAUNCHER}\\b`).test(text) && findInstalled(dir, LAUNCHER) === undefined) refuseMissing(dir, LAUNCHER);
  const missing = [...text.matchAll(TLS_FILE)].map(([, path = '']) => path).find((path) => !existsSync(path));
  if (missing === undefined) return { kind: 'script', name: SERVER, text, isPlain: false };
  const plain = scripts[PLAIN_SERVER];
  if (plain !== undefined) return { kind: 'script', name: PLAIN_SERVER, text: plain, isPlain: true };
  throw new OperatorError('CHAINCODE_FOLDER', {
    en: `start:server of ${dir} names ${missing}, which is not there; CORE_CHAINCODE_TLS_KEY_FILE, _CERT_FILE and _CLIENT_CACERT_FILE name the files`,
    zh: `${dir} 的 start:server 提到 ${missing}，而它不存在；用 CORE_CHAINCODE_TLS_KEY_FILE、_CERT_FILE 和 _CLIENT_CACERT_FILE 指定这些文件`,
  });
}

function scriptsOf(file: string): Readonly<Record<string, string>> {
  try {
    return packageFile.parse(JSON.parse(readFileSync(file, 'utf8'))).scripts ?? {};
  } catch (cause) {
    throw new OperatorError('CHAINCODE_FOLDER', { en: `${file} is not a package.json`, zh: `${file} 不是 package.json` }, { cause });
  }
}

/** Folders of installed commands, in npm's order: of the directory itself, then of those above it. */
function commandFolders(dir: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = realpathSync(dir); ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules', '.bin'));
    if (folder === dirname(folder)) return folders;
  }
}

function findInstalled(dir: string, program: string): string | undefined {
  const found = commandFolders(dir)
    .map((folder) => join(folder, program))
    .find((candidate) => existsSync(candidate));
  return found === undefined ? undefined : realpathSync(found);
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function refuseMissing(dir: string, program: string): never {
  throw new OperatorError('CHAINCODE_FOLDER', {
    en: `the chaincode in ${dir} starts with '${program}', which is not installed there; run npm install first`,
    zh: `${dir} 中的链码以 “${program}” 启动，但那里没有安装它；请先运行 npm install`,
  });
}

/**
 * What to spawn: Node itself, or the shell as npm's `run-script` has it, with the commands of the installed packages first on PATH; either on a leash,
 * so as the leader of a group and with a pipe for standard input.
 * @param environment - the whole environment of the process
 */
export function launchOf(command: LaunchCommand, dir: string, environment: Readonly<Record<string, string>>): ProcessLaunch {
  if (command.kind === 'node') {
    const words = [...memoryFlags(), command.script, ...command.args.map((argument) => fillIn(argument, environment))];
    const [program, args] = leashed(process.execPath, words);
    return { command: program, args, environment, isGroup: false };
  }
  const path = [...commandFolders(dir), dirname(process.execPath), environment['PATH'] ?? ''].join(delimiter);
  const [program, args] = leashed('/bin/sh', ['-c', command.text]);
  return {
    command: program,
    args,
    environment: {
      ...environment,
      PATH: path,
      npm_lifecycle_event: command.name,
      npm_lifecycle_script: command.text,
      npm_package_json: join(dir, 'package.json'),
      npm_node_execpath: process.execPath,
      INIT_CWD: dir,
    },
    isGroup: true,
  };
}

/** V8's room for new objects, as whoever started this process has set it: many processes on one machine do little each. */
function memoryFlags(): readonly string[] {
  return process.execArgv.filter((flag) => flag.startsWith('--max-semi-space-size='));
}

function fillIn(argument: string, environment: Readonly<Record<string, string>>): string {
  return argument.replace(/\$\{(\w+)\}|\$(\w+)/g, (_all, braced: string | undefined, bare: string | undefined) => {
    return environment[braced ?? bare ?? ''] ?? '';
  });
}
