import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createSourceFile, isVariableStatement, ScriptTarget, type Statement, SyntaxKind } from 'typescript';
import { repositoryRoot } from './workspaces';
import { packages } from './packages';

function isExported(statement: Statement): boolean {
  return (
    'modifiers' in statement &&
    (statement.modifiers as readonly { kind: SyntaxKind }[] | undefined)?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) === true
  );
}

/** Names that a file declares and exports; a value and a type of one name are one. */
function exportedNames(file: string): ReadonlySet<string> {
  const source = createSourceFile(file, readFileSync(file, 'utf8'), ScriptTarget.Latest, false);
  const names = source.statements.filter(isExported).flatMap((statement) => {
    if (isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => ('text' in name ? name.text : ''));
    return 'name' in statement && statement.name ? [(statement.name as { readonly text: string }).text] : [];
  });
  return new Set(names.filter((name) => name !== ''));
}

type Imports = Readonly<Record<string, { readonly 'lianyi-source'?: Readonly<Record<string, string>> }>>;

/** Files of which a program gets one or the other (`imports` of a package.json): their names are meant to be the same. */
const otherForms = new Set(
  packages.flatMap(({ folder }) => {
    const { imports = {} } = JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as { imports?: Imports };
    return Object.values(imports).flatMap((forms) =>
      Object.values(forms['lianyi-source'] ?? {})
        .slice(1)
        .map((file) => join(repositoryRoot, folder, file)),
    );
  }),
);

describe('exported names', () => {
  it('mean one thing in the whole house', () => {
    const places = new Map<string, string[]>();
    for (const file of packages.flatMap(({ sources }) => sources).filter((path) => !otherForms.has(path)))
      for (const name of exportedNames(file)) places.set(name, [...(places.get(name) ?? []), relative(repositoryRoot, file)]);
    const twice = [...places].filter(([, files]) => files.length > 1).map(([name, files]) => `${name}: ${files.join(', ')}`);
    expect(twice).toEqual([]);
  });
});
