import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Json } from '@lianyi/domain';
import { isObject, itemsOf } from '@lianyi/documents/json-object';
import { htmlOf, type PageLanguage, type LaidOutPage, layOut, readForDisplay } from './index';
import { printed } from './printed.fixture';

const LANGUAGES: readonly PageLanguage[] = ['zh', 'en'];
const examples = ['../../examples/laboratory-report-zh.json', '../../examples/imaging-report-en.json'].map((file) => join(__dirname, file));
const samples = [...examples, ...globSync(join(__dirname, 'samples/{,real/}*.json')).sort()];
const goldenFile = join(__dirname, 'pages.golden');
const shared = join(__dirname, '../../../../shared/data/fhir');
const real = existsSync(shared) ? globSync('**/*.json', { cwd: shared }).sort() : [];

const pageIn = (file: string, language: PageLanguage): LaidOutPage => {
  const document = readForDisplay(readFileSync(file));
  return layOut(document.resource, { ...document, language });
};

const goldenOf = (file: string, language: PageLanguage): string => {
  const page = pageIn(file, language);
  const digest = createHash('sha256').update(htmlOf(page)).digest('hex');
  return `==== ${basename(file)} ${language}, HTML ${digest}\n${printed(page)}`;
};

it('the pages of the samples are as they were looked at, in Chinese and in English', () => {
  expect(samples.length).toBeGreaterThanOrEqual(20);
  const text = samples.flatMap((file) => LANGUAGES.map((language) => goldenOf(file, language))).join('\n');
  // after a change that was meant: LIANYI_GOLDEN=write, and look at the difference
  if (process.env['LIANYI_GOLDEN'] === 'write') writeFileSync(goldenFile, text);
  expect(text).toBe(readFileSync(goldenFile, 'utf8'));
});

/** What a reader must find again: each result with its unit, what things are called, and what was concluded. */
function toldBy(value: Json, name = ''): readonly string[] {
  if (isObject(value)) {
    const { value: number, unit } = value;
    const own = (typeof number === 'number' || typeof number === 'string') && typeof unit === 'string' ? [String(number), unit] : [];
    return [...own, ...Object.entries(value).flatMap(([each, inner]) => (SILENT.includes(each) ? [] : toldBy(inner, each)))];
  }
  if (Array.isArray(value)) return itemsOf(value).flatMap((each) => toldBy(each, name));
  return typeof value === 'string' && ['conclusion', 'valueString', 'text', 'title'].includes(name) ? [value] : [];
}
/** How a document is kept, and what is said another time in words. */
const SILENT = ['meta', 'extension', 'contact', 'communication', 'photo', 'identifier', 'contained', 'maritalStatus', 'qualification'];

if (real.length === 0) {
  it.skip('pages of real documents: skipped, there is no ../shared/data/fhir beside the checkout', () => undefined);
} else {
  it.each(real)('%s is shown in both languages, within its bounds and with what it tells', (file) => {
    const document = readForDisplay(readFileSync(join(shared, file)));
    for (const language of LANGUAGES) {
      const page = layOut(document.resource, { ...document, language });
      const text = printed(page).replace(/\s+/g, ' ');
      const observations = document.resource.resourceType === 'Observation' ? [document.resource] : [];
      const entries = itemsOf(document.resource['entry']).flatMap((entry) =>
        isObject(entry) && isObject(entry['resource']) ? [entry['resource']] : [],
      );
      const told = [...observations, ...entries]
        .filter(({ resourceType }) => resourceType === 'Observation')
        .flatMap((each) => toldBy(each));
      const isCut = page.warnings.some((warning) => /more than this page|超出本页/.test(warning));
      expect(told.filter((each) => !text.includes(each.replace(/\s+/g, ' ').trim()) && !isCut)).toEqual([]);
      expect(htmlOf(page).length).toBeLessThan(1_000_000);
      expect(page.blocks.length).toBeGreaterThan(0);
    }
  });
}
