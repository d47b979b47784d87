import { type HelpLanguage } from './language';
import { type LineOutput } from './output';
import { printTable, labelledLine } from './table';
import { fieldName, wordFor } from './vocabulary';

/** How a result is printed. */
export interface ResultForm {
  readonly json: boolean;
  readonly language: HelpLanguage;
  /** Fields that the lines of progress have told people already; the JSON has them all the same. */
  readonly told?: readonly string[];
}

/** Prints a verb's result: one JSON line for programs; for people a line for each field, and a table for a list of records. */
export function printResult(result: object, { json, language, told = [] }: ResultForm, output: LineOutput): void {
  if (json) {
    output.out(JSON.stringify(result));
    return;
  }
  for (const [field, value] of Object.entries(result)) if (!told.includes(field)) printField(field, value, language, output);
}

function printField(field: string, value: unknown, language: HelpLanguage, output: LineOutput): void {
  const records = recordsOf(value);
  if (!records) {
    output.out(labelledLine(fieldName(field, language), inline(value, language), language));
    return;
  }
  output.out(`${fieldName(field, language)}${{ en: ':', zh: '：' }[language]}`);
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = names.map((name) => ({
    title: { en: fieldName(name, 'en').toUpperCase(), zh: fieldName(name, 'zh') },
    value: (record: Readonly<Record<string, unknown>>): string => inline(record[name] ?? '', language),
  }));
  printTable(records, columns, { output, language });
}

/** `undefined`: it is no list of records. */
function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every((entry) => typeof entry === 'object' && entry !== null)) return undefined;
  return value.map((entry: object) => Object.fromEntries(Object.entries(entry)));
}

function inline(value: unknown, language: HelpLanguage): string {
  const { comma, semicolon, none } = {
    en: { comma: ', ', semicolon: '; ', none: 'none' },
    zh: { comma: '、', semicolon: '；', none: '无' },
  }[language];
  if (Array.isArray(value)) return value.length === 0 ? none : value.map((entry) => inline(entry, language)).join(comma);
  if (typeof value !== 'object' || value === null) return wordFor(String(value), language);
  const colon = { en: ': ', zh: '：' }[language];
  return Object.entries(value)
    .map(([field, inner]) => `${fieldName(field, language)}${colon}${inline(inner, language)}`)
    .join(semicolon);
}
