import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { filesBelow, isTypeScript } from './source-files';

const repositoryRoot = resolve(__dirname, '../../..');
const files = ['network', 'application', 'domain'].flatMap((folder) => filesBelow(join(repositoryRoot, folder)));
const sources = files.filter(
  (file) => isTypeScript(file) && !/\.(test|fixture|d)\.ts$/.test(file) && readFileSync(file, 'utf8').includes(' zh: '),
);

/** The text of a literal without what is filled in; `undefined` for another expression. */
function wordsOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
}

/** Every `{ en, zh }` of a source whose English has words and whose Chinese has none. */
function untranslated(file: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const of = (name: string): string | undefined => {
        const property = node.properties.find((candidate) => candidate.name?.getText() === name);
        return property && ts.isPropertyAssignment(property) ? wordsOf(property.initializer) : undefined;
      };
      const [en, zh] = [of('en'), of('zh')];
      if (en !== undefined && zh !== undefined && /[a-z]{2} [a-z]/i.test(en) && !/\p{Script=Han}/u.test(zh)) found.push(zh);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

/** What English alone would come through: an error's own words, which `sentenceOf` has in both languages where it can. */
const ENGLISH_ONLY = /\b(?:reasonOf|String)\(\w*(?:error|cause|reason)|\b(?:error|cause)\.message\b/i;

/** What is filled into Chinese of a source and is known in English alone. */
function filledInEnglish(file: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'zh' && ts.isTemplateExpression(node.initializer)) {
      const filled = node.initializer.templateSpans.map(({ expression }) => expression.getText());
      found.push(...filled.filter((expression) => ENGLISH_ONLY.test(expression) || /\.en\b/.test(expression)));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

describe('a sentence in two languages', () => {
  it('is found in many sources', () => {
    expect(sources.length).toBeGreaterThan(60);
  });

  it.each(sources.map((file) => relative(repositoryRoot, file)))('is Chinese where it says so: %s', (file) => {
    expect([untranslated(join(repositoryRoot, file)), filledInEnglish(join(repositoryRoot, file))]).toEqual([[], []]);
  });
});
