import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { manifestOf, workspaces } from '../architecture/workspaces';
import { type Defence } from './attack';
import { bundlePlays } from './plays';

/** The functions and methods of a file that have a body, by name. */
function bodiesOf(source: ts.SourceFile): readonly { readonly name: string; readonly body: ts.Block }[] {
  const found: { name: string; body: ts.Block }[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    if (ts.isClassDeclaration(node) && node.name !== undefined) {
      const name = `${node.name.text}.`;
      node.members.forEach((member) => {
        visit(member, name);
      });
      return;
    }
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined && node.name !== undefined) {
      found.push({ name: owner + node.name.getText(source), body: node.body });
    }
    if (owner === '')
      ts.forEachChild(node, (child) => {
        visit(child, owner);
      });
  };
  visit(source, '');
  return found;
}

/**
 * Takes one defence out of the text of its file.
 * @throws unless the file has exactly one function of that name
 */
export function withoutDefence(text: string, { file, name, body }: Defence): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const [only, ...more] = bodiesOf(source).filter((each) => each.name === name);
  if (only === undefined || more.length > 0)
    throw new Error(`${file} must have one function ${name}; it has ${only === undefined ? 0 : more.length + 1}`);
  return `${text.slice(0, only.body.getStart(source) + 1)} ${body} ${text.slice(only.body.getEnd() - 1)}`;
}

/** What a dependency's place in `node_modules` is in the copy: the packages of the checkout are the copy's own, all others are shared. */
function linkDependencies(root: string, copy: string): void {
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@lianyi'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@lianyi' && name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
}

const isBuilt = (path: string): boolean => !/[\\/](src|node_modules)$/.test(path);

function copyWorkspace(root: string, copy: string, folder: string): void {
  cpSync(join(root, folder), join(copy, folder), { recursive: true, filter: isBuilt });
  symlinkSync(join(copy, folder), join(copy, 'node_modules', manifestOf(folder).name));
  const own = join(root, folder, 'node_modules');
  if (existsSync(own)) symlinkSync(own, join(copy, folder, 'node_modules'));
}

function emit(text: string, file: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(text, { compilerOptions, fileName: file }).outputText;
}

interface ChaincodeBuild {
  readonly bundleChaincode: (outfile: string, edit: (source: string, path: string) => string) => Promise<void>;
}

/**
 * Makes a copy of the built checkout in which the given defences are taken out. Product code has no switch: the functions get other
 * bodies here, and the chaincode is bundled from the edited sources.
 * @param copy folder that is made anew, below the checkout
 */
export async function buildUndefended(root: string, copy: string, defences: readonly Defence[]): Promise<void> {
  rmSync(copy, { recursive: true, force: true });
  linkDependencies(root, copy);
  for (const folder of workspaces) copyWorkspace(root, copy, folder);
  // the demo's sample documents are in no workspace
  for (const name of ['package.json', 'consortium.yaml', 'application/examples'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  const edited = new Map<string, string>();
  for (const defence of defences) {
    const path = join(root, defence.file);
    edited.set(path, withoutDefence(edited.get(path) ?? readFileSync(path, 'utf8'), defence));
  }
  for (const [path, text] of edited) {
    const output = join(copy, path.slice(root.length).replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, emit(text, path));
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the chaincode's build is a script of the checkout, not a package
  const { bundleChaincode } = require(join(root, 'chaincode/build.cjs')) as ChaincodeBuild; // its form stands in that file
  const edit = (source: string, path: string): string => edited.get(path) ?? source;
  await bundleChaincode(join(copy, 'chaincode/dist/chaincode.cjs'), edit);
  await bundlePlays(root, copy, edit);
}
