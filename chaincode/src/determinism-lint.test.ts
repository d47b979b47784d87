import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/**
 * What would make two endorsers disagree, looked for in the syntax of the rooms that run inside the chaincode.
 * ESLint bans some of it too; this also sees members, module state and imports, and proves on samples that it sees them.
 */

const ROOT = join(__dirname, '../..');
const ROOMS = ['chaincode/src', 'domain/src'];

/** Files that may do one of these things, and why. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'chaincode/src/dispatch/process-clock.ts': ['Date.now'], // the clock guard's clock; it can only refuse
  'chaincode/src/dispatch/process-timer.ts': ['setTimeout', 'performance'], // when an answer is sent; nothing that makes one may import it
  'chaincode/src/determinism.ts': ['Date'], // makes the throwing Date
  'chaincode/src/main.ts': ['process.env', 'node:fs'], // reads its configuration before the first transaction
  'chaincode/src/logging-level.ts': ['process.env'], // as above
  'domain/src/instant.ts': ['Date'], // new Date(number) and Date.parse of one fixed form: no clock, no zone
};

const MEMBERS = /^(localeCompare|toLocale\w*|normalize|getTimezoneOffset|getHours|getMinutes|getDay|getDate|getMonth|getFullYear)$/;
const GLOBALS = new Set([
  'Date',
  'Intl',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'performance',
  'navigator',
  'WeakRef',
  'FinalizationRegistry',
]);
const MATH = new Set(['random', 'sin', 'cos', 'tan', 'exp', 'log', 'log2', 'log10', 'pow', 'sqrt', 'cbrt', 'hypot']);
const MODULES = /^(node:)?(fs|os|net|http|https|child_process|worker_threads|dns|perf_hooks|timers)(\/|$)/;
const RANDOM = new Set(['randomBytes', 'randomUUID', 'randomInt', 'getRandomValues', 'generateKeyPairSync']);

function findingsIn(source: string, file = 'sample.ts'): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2024, true);
  const found: string[] = [];
  for (const statement of tree.statements) {
    if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) === 0) found.push('module state');
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    found.push(...findingsAt(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function findingsAt(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && MODULES.test(node.moduleSpecifier.text))
    return [node.moduleSpecifier.text];
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    if (MEMBERS.test(node.name.text)) return [node.name.text];
    if (text.startsWith('Math.') && MATH.has(node.name.text)) return [text];
    if (text === 'process.env') return [text];
    if (RANDOM.has(node.name.text)) return [node.name.text];
  }
  if (ts.isIdentifier(node) && RANDOM.has(node.text) && !ts.isPropertyAccessExpression(node.parent)) return [node.text];
  if (ts.isIdentifier(node) && GLOBALS.has(node.text) && isUsed(node)) return [isNow(node) ? 'Date.now' : node.text];
  return [];
}

/** A name that is somebody's own member or key is not the global of that name. */
function isUsed(node: ts.Identifier): boolean {
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node && parent.expression.getText() !== 'globalThis';
  return !isMember && !ts.isPropertyAssignment(parent) && !ts.isExportSpecifier(parent);
}

function isNow(node: ts.Identifier): boolean {
  return node.text === 'Date' && ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === 'now';
}

/** What the build compiles: tests and their fixtures stand beside the sources and never run in a chaincode. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the determinism lint', () => {
  it.each([
    ['const at = Date.now();', 'Date.now'],
    ['const at = new Date();', 'Date'],
    ['const at = globalThis.Date.now();', 'Date'],
    ['const order = a.localeCompare(b);', 'localeCompare'],
    ['const text = total.toLocaleString();', 'toLocaleString'],
    ['const text = name.normalize("NFC");', 'normalize'],
    ['const format = new Intl.NumberFormat();', 'Intl'],
    ['const id = Math.random();', 'Math.random'],
    ['const wave = Math.sin(1);', 'Math.sin'],
    ['const id = randomBytes(16);', 'randomBytes'],
    ['const id = crypto.randomUUID();', 'randomUUID'],
    ['const zone = process.env["TZ"];', 'process.env'],
    ['import { readFileSync } from "node:fs";', 'node:fs'],
    ['import { request } from "https";', 'https'],
    ['setTimeout(() => put(), 1);', 'setTimeout'],
    ['let counter = 0;', 'module state'],
    ['var counter = 0;', 'module state'],
  ])('sees %s', (source, finding) => {
    expect(findingsIn(source)).toContain(finding);
  });

  it.each([
    'const when: Date = at;',
    'const x = entry.Date;',
    'function f() { let sum = 0; sum += 1; return sum; }',
    'const most = Math.max(1, 2);',
    'const text = [2, 1].sort();',
  ])('lets %s pass', (source) => {
    expect(findingsIn(source)).toEqual([]);
  });

  it.each(ROOMS)('finds nothing in %s', (room) => {
    const findings = sourcesOf(join(ROOT, room)).flatMap((path) => {
      const file = relative(ROOT, path).split(sep).join('/');
      return findingsIn(readFileSync(path, 'utf8'), file)
        .filter((finding) => !(allowed[file] ?? []).includes(finding))
        .map((finding) => `${file}: ${finding}`);
    });
    expect(findings).toEqual([]);
  });

  it.each([
    ['process-timer', ['chaincode/src/dispatch/beat.ts']],
    ['beat', ['chaincode/src/dispatch/router.ts']],
  ])('finds the %s where answers are sent, and nowhere that one is made', (name, users) => {
    const importing = new RegExp(`from '[^']*/${name}'`);
    const found = ROOMS.flatMap((room) => sourcesOf(join(ROOT, room))).filter((path) => importing.test(readFileSync(path, 'utf8')));
    expect(found.map((path) => relative(ROOT, path).split(sep).join('/'))).toEqual(users);
  });

  it('has no exemption that nothing needs', () => {
    const needless = Object.entries(allowed).flatMap(([file, exemptions]) => {
      const findings = findingsIn(readFileSync(join(ROOT, file), 'utf8'), file);
      return exemptions.filter((exemption) => !findings.includes(exemption)).map((exemption) => `${file}: ${exemption}`);
    });
    expect(needless).toEqual([]);
  });
});
