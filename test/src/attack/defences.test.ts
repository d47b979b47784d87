import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../architecture/workspaces';
import { type Defence } from './attack';
import { withoutDefence } from './undefended-build';

const folder = join(__dirname, 'scripts');
const scripts = readdirSync(folder).filter((name) => name !== 'index.ts');

/** A text that a script writes, with what it has given a name before; undefined of anything else. */
function textIn(node: ts.Node | undefined, constants: ReadonlyMap<string, string>): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return (
      node.head.text + node.templateSpans.map(({ expression, literal }) => `${textIn(expression, constants) ?? ''}${literal.text}`).join('')
    );
  return constants.get(node.getText());
}

/** The files and functions that a script names, read from its text: to run it takes what it attacks. */
function namedIn(script: string): readonly Pick<Defence, 'file' | 'name'>[] {
  const source = ts.createSourceFile(script, readFileSync(join(folder, script), 'utf8'), ts.ScriptTarget.ESNext, true);
  const constants = new Map<string, string>();
  const named: Pick<Defence, 'file' | 'name'>[] = [];
  const visit = (node: ts.Node): void => {
    const constant = ts.isVariableDeclaration(node) ? textIn(node.initializer, constants) : undefined;
    if (ts.isVariableDeclaration(node) && constant !== undefined) constants.set(node.name.getText(), constant);
    if (ts.isObjectLiteralExpression(node)) {
      const fields = new Map(node.properties.map((property) => [property.name?.getText(), property]));
      const valueOf = (field: string): string | undefined => {
        const property = fields.get(field);
        if (property === undefined) return undefined;
        return ts.isPropertyAssignment(property) ? textIn(property.initializer, constants) : constants.get(field);
      };
      const [file, name] = [valueOf('file'), valueOf('name')];
      if (fields.has('body') && file !== undefined && name !== undefined) named.push({ file, name });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return named;
}

describe('each attack', () => {
  const registry = readFileSync(join(folder, 'index.ts'), 'utf8');
  it.each(scripts)('names functions that there are, and is tried: %s', (script) => {
    const named = namedIn(script);
    expect(named).not.toEqual([]);
    for (const { file, name } of named) {
      const text = readFileSync(join(repositoryRoot, file), 'utf8');
      expect(withoutDefence(text, { file, name, body: 'return;' })).not.toBe(text);
    }
    const [, exported] = /export const (\w+): Attack = /.exec(readFileSync(join(folder, script), 'utf8')) ?? [];
    expect(registry).toContain(`import { ${exported ?? ''} } from './${script.slice(0, -'.ts'.length)}';`);
    expect(registry).toContain(`\n  ${exported ?? ''},\n`);
  });
});
