import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../machine/operator-error';
import { type Sentence } from '../machine/sentence';
import { type LaunchCommand, readLaunchCommand } from './launch-command';

const PACKAGE_FILE = 'package.json';
const MODULES = 'node_modules';
const packageFile = z.object({ files: z.array(z.string()).min(1).optional(), main: z.string().optional() });

/**
 * The files that a chaincode's package stands for, in the order of their names (ADR 0023): package.json and what its `files` names (files
 * or folders, no patterns), if one of them is the bundle that `start:server` runs; else every file of the folder but its dependencies.
 * A script that needs a shell may run anything of the folder, so all of it counts; what it runs outside, nobody's approval covers.
 * @throws {@link OperatorError} `CHAINCODE_FOLDER` — `files` names what is not there or outside the folder, or `start:server` runs a file
 * that is not among these and was not installed.
 */
export function codeThatRuns(folder: string): readonly string[] {
  const command = readLaunchCommand(folder);
  const { files: named, main: namedMain } = readPackageFile(folder);
  const entry = command.kind === 'node' ? nameInside(folder, loadedFrom(command.script)) : undefined;
  const files = (named && filesOfBundle(folder, named, entry)) ?? filesOf(folder, '');
  const refuse = ({ en, zh }: Sentence): never => {
    throw new OperatorError('CHAINCODE_FOLDER', { en: `${folder} ${en}`, zh: `${folder} ${zh}` });
  };
  const refuseUnlessPacked = (file: string | undefined, path: string): void => {
    if (file !== undefined && files.includes(file)) return;
    const started = relative(realpathSync(folder), path) || '.';
    refuse({
      en: `starts ${started}, which is not among the files that its package stands for`,
      zh: `启动 ${started}，而它不在其包所代表的文件之中`,
    });
  };
  if (command.kind === 'node' && !isInstalled(folder, command.script)) {
    refuseUnlessPacked(entry, command.script);
    return files;
  }
  // a launcher such as fabric-chaincode-node loads what the folder's `main` names
  if (wordsOf(command).some((word) => /^(-m|--module-?path)/i.test(word)))
    refuse({ en: 'tells its launcher another folder', zh: '让启动程序使用另一个目录' });
  const main = loadedFrom(folder);
  if (main !== undefined) refuseUnlessPacked(nameInside(folder, main), main);
  else if (namedMain !== undefined)
    refuse({
      en: `has no ${namedMain}, which its package.json names as main; build it first (npm run build)`,
      zh: `没有 ${namedMain}，而 package.json 以它为 main；请先构建（npm run build）`,
    });
  return files;
}

function wordsOf(command: LaunchCommand): readonly string[] {
  return command.kind === 'node' ? command.args : command.text.split(/\s+/);
}

function readPackageFile(folder: string): z.infer<typeof packageFile> {
  const file = join(folder, PACKAGE_FILE);
  const read = packageFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `'files' of ${file} is not a list of names, or 'main' is no name`,
      zh: `${file} 的 'files' 不是名称列表，或 'main' 不是名称`,
    });
  return read.data;
}

/** `undefined`: `files` does not say all that runs, since what starts is not a bundle that it names. */
function filesOfBundle(folder: string, named: readonly string[], entry: string | undefined): readonly string[] | undefined {
  const files = new Set([PACKAGE_FILE, ...named.flatMap((name) => filesNamed(folder, posix.normalize(name)))]);
  if (entry?.endsWith('.cjs') !== true || !files.has(entry) || loadsOtherFiles(join(folder, entry))) return undefined;
  return inOrder([...files]);
}

/** What a bundler leaves out, it leaves as a path in the text; a path that is computed is a statement of the bundle, and approved with it. */
function loadsOtherFiles(bundle: string): boolean {
  return /\b(?:require|import)\s*\(\s*(['"`])(?:\.{0,2}[\\/]|\.{1,2}\1|file:)/.test(readFileSync(bundle, 'utf8'));
}

/**
 * The file that Node loads for a path, links followed; `undefined`, if there is none.
 * @remarks Source: Node.js documentation, "Modules: CommonJS modules", LOAD_AS_FILE and LOAD_AS_DIRECTORY.
 */
function loadedFrom(path: string): string | undefined {
  const file = loadedAsFile(path);
  if (file !== undefined || statSync(path, { throwIfNoEntry: false }) === undefined) return file;
  const description = join(path, PACKAGE_FILE);
  const { main } = isFile(description) ? readPackageFile(path) : {};
  const named = main === undefined ? undefined : join(path, main);
  return (
    (named !== undefined ? (loadedAsFile(named) ?? loadedAsFile(join(named, 'index'))) : undefined) ?? loadedAsFile(join(path, 'index'))
  );
}

function loadedAsFile(path: string): string | undefined {
  const found = ['', '.js', '.json', '.node'].map((ending) => `${path}${ending}`).find(isFile);
  return found === undefined ? undefined : realpathSync(found);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The name of a file whose path holds no link any more; it begins with `..`, if the file lies outside. */
function nameInside(folder: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : relative(realpathSync(folder), file).split(sep).join('/');
}

/** Whether npm put the program there: below a node_modules of the folder or of one above it. What is installed is not the chaincode's own. */
function isInstalled(folder: string, script: string): boolean {
  const file = loadedFrom(script);
  const [above = '', ...below] = (file ?? '').split(`${sep}${MODULES}${sep}`);
  const home = realpathSync(folder);
  return below.length > 0 && (home === above || home.startsWith(above + sep));
}

/** Folders that are not the chaincode's own code. A report of its tests stands at the top; `coverage` further below may be medicine. */
function isCode(path: string): boolean {
  const parts = path.split('/');
  return !parts.includes('..') && !parts.includes(MODULES) && !parts.includes('.git') && parts[0] !== 'coverage';
}

function filesNamed(folder: string, name: string): readonly string[] {
  const entry = isCode(name) && !isAbsolute(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
  if (entry === undefined)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${join(folder, name)} is not there; build the chaincode first ('files' of package.json)`,
      zh: `${join(folder, name)} 不存在；请先构建链码（见 package.json 的 'files'）`,
    });
  return entry.isDirectory() ? filesOf(folder, name.replace(/\/$/, '')) : [name];
}

function filesOf(folder: string, prefix: string): readonly string[] {
  const files = readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = prefix === '' || prefix === '.' ? entry.name : `${prefix}/${entry.name}`;
    if (!isCode(name) || name.endsWith('.tsbuildinfo')) return [];
    return entry.isDirectory() ? filesOf(folder, name) : [name];
  });
  return inOrder(files);
}

function inOrder(files: readonly string[]): readonly string[] {
  return [...files].sort((a, b) => (a < b ? -1 : 1));
}
