import { z } from 'zod';
import {
  type Caller,
  commonRefusals,
  denyReasons,
  errors,
  type Explanation,
  qualifiedName,
  type TransactionEntry,
  transactions,
  unknownCode,
} from '@lianyi/domain';

export const generated = '<!-- Printed from the code by `npm run docs`; a test fails when it is out of date. -->';

function callerWord(caller: Caller): string {
  return caller.kind === 'staff' ? `staff (${caller.role})` : caller.kind;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The domain's one rule of ids; every other pattern is spelled out. */
const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

function textType({ title, pattern, const: constant, enum: words, minLength, maxLength }: JsonSchema): string {
  if (constant !== undefined) return JSON.stringify(constant);
  if (words !== undefined) return words.map((word) => JSON.stringify(word)).join(' or ');
  if (title !== undefined) return title;
  if (pattern === ID_PATTERN) return 'id';
  if (pattern !== undefined) return `string /${pattern.replaceAll('|', '\\|')}/`;
  const limits = [minLength, maxLength].some((limit) => limit !== undefined) ? `(${minLength ?? 0}…${maxLength ?? '∞'})` : '';
  return `string${limits}`;
}

function numberType({ const: constant, enum: words, minimum, maximum }: JsonSchema): string {
  if (constant !== undefined) return String(constant);
  if (words !== undefined) return words.join(' or ');
  return `integer(${minimum ?? ''}…${maximum === Number.MAX_SAFE_INTEGER ? '' : (maximum ?? '')})`;
}

function objectType({ properties, required }: JsonSchema): string {
  if (properties === undefined) return 'object';
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required?.includes(name) === true ? '' : '?'}: ${typeof schema === 'boolean' ? 'any' : typeText(schema)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

/** A JSON schema as one line of type text, as TypeScript people write it. */
function typeText(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => (typeof choice === 'boolean' ? 'any' : typeText(choice))).join(' or ');
  switch (schema.type) {
    case 'string':
      return textType(schema);
    case 'integer':
    case 'number':
      return numberType(schema);
    case 'array': {
      const items = typeof schema.items === 'object' && !Array.isArray(schema.items) ? typeText(schema.items) : 'any';
      const limits = `${schema.minItems ?? 0}…${schema.maxItems ?? ''}`;
      return `list(${limits}) of ${items}`;
    }
    case 'object':
      return objectType(schema);
    default:
      return schema.const === undefined ? 'any' : JSON.stringify(schema.const);
  }
}

/** The fields of a request, transient value or response, a row each; anything but an object as one line. */
export function fieldsOf(title: string, schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (json.properties === undefined) return [`**${title}**: ${typeText(json)}`, ''];
  const rows = Object.entries(json.properties).map(
    ([name, field]) =>
      `| \`${name}\`${json.required?.includes(name) === true ? '' : ' (optional)'} | ${typeof field === 'boolean' ? 'any' : typeText(field)} |`,
  );
  return [`| ${title} | |`, '| --- | --- |', ...rows, ''];
}

/** Which of its answers are given by the beat, besides refusals (ADR 0075). */
function evenlyRow({ evenly }: TransactionEntry): readonly string[] {
  if (evenly === undefined) return [];
  return [`| answered by the beat | ${evenly === 'always' ? 'always' : 'unless it permits all that was asked for'} |`];
}

function transactionSection(entry: TransactionEntry): string {
  const refusals = [...entry.refusals].sort();
  const lines = [
    `### ${qualifiedName(entry)}`,
    '',
    entry.summary,
    '',
    '| | |',
    '| --- | --- |',
    `| kind | ${entry.kind} |`,
    `| who may call | ${entry.callers.map(callerWord).join(', ')} |`,
    `| endorsed by | ${entry.endorsement === 'owner' ? "the caller's own organisation alone" : 'the channel’s policy'} |`,
    ...evenlyRow(entry),
    `| refusals of its own | ${refusals.length === 0 ? '–' : refusals.map((code) => `\`${code}\``).join(', ')} |`,
    '',
    ...fieldsOf('request', entry.request),
  ];
  const transient = entry.transient === undefined ? [] : fieldsOf('transient value', entry.transient);
  return [...lines, ...transient, ...fieldsOf('response', entry.response)].join('\n');
}

/** docs/transactions.md: the catalogue for people. */
export function transactionsPage(): string {
  const entries: readonly TransactionEntry[] = Object.values(transactions);
  const contracts = [...new Set(entries.map((entry) => entry.contract))];
  const overview = entries.map(
    (entry) =>
      `| [${qualifiedName(entry)}](#${entry.contract}${entry.name}) | ${entry.kind} | ${entry.callers.map(callerWord).join(', ')} | ${entry.summary} |`,
  );
  const sections = contracts.map((contract) => {
    const own = entries.filter((entry) => entry.contract === contract);
    return [`## ${contract}`, '', ...own.map(transactionSection)].join('\n');
  });
  return [
    '# Transactions',
    '',
    generated,
    '',
    'One JSON argument each: `{ input, proof? }`, canonical JSON (RFC 8785), at most 64 KiB. `submit` is ordered and committed; `evaluate` only reads.',
    'A refusal is sent at the end of a beat of 20 ms, and so is whatever must not tell by its time what there is ([ADR 0075](adr/0075-answers-by-the-beat.md)).',
    'Every transaction may also answer the common refusals: ' + commonRefusals.map((code) => `\`${code}\``).join(', ') + '.',
    '',
    '| transaction | kind | who may call | what |',
    '| --- | --- | --- | --- |',
    ...overview.map((row) => row.replace(/\(#(\w+)\)/, (_all, anchor: string) => `(#${anchor.toLowerCase()})`)),
    '',
    ...sections,
  ].join('\n');
}

type Rows = Readonly<Record<string, Explanation>>;

/** The columns that every table of codes has, a row each in the order of the codes; `more` adds its own. */
function explanationRows<Table extends Rows>(table: Table, more: (row: Table[keyof Table]) => readonly string[]): string[] {
  // Object.entries of a table of one kind of row: the keys are its own
  const rows = Object.entries(table) as [string, Table[keyof Table]][];
  return rows
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, row]) => {
      const both = (text: { readonly en: string; readonly zh: string }): string => `${text.en}<br>${text.zh}`;
      const cells = [`\`${code}\``, both(row.meaning), both(row.remedy), row.whoCanFix, row.retry ? 'yes' : 'no', ...more(row)];
      return `| ${cells.join(' | ')} |`;
    });
}

function tableHead(...columns: readonly string[]): readonly string[] {
  return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`];
}

/** docs/error-codes.md: refusals and deny reasons, in both languages. */
export function errorCodesPage(): string {
  const common = ['code', 'meaning', 'remedy', 'who can fix it', 'retry'];
  return [
    '# Refusals and reasons',
    '',
    generated,
    '',
    '## Refusal codes',
    '',
    'A refusal is an error: nothing was written. On the wire: `LIANYI/1 {"code":…,"details":…,"message":…}` ([ADR 0004](adr/0004-error-wire-line.md)).',
    '',
    'A member node answers with the HTTP status; the command line ends with the exit code (3 refused: judged, and no; 1 failure: could not,',
    'nothing was judged; 5 unknown: sent, and the outcome is not known; 2 usage: nothing was sent, too little was given); FHIR clients get an',
    'OperationOutcome with the issue type. A code of',
    `a newer version is answered with ${unknownCode.httpStatus}, ${unknownCode.exitClass}, \`${unknownCode.issueType}\`.`,
    '',
    ...tableHead(...common, 'HTTP status', 'exit', 'FHIR issue type'),
    ...explanationRows(errors, ({ httpStatus, exitClass, issueType }) => [String(httpStatus), exitClass, `\`${issueType}\``]),
    '',
    '## Reasons of a denial',
    '',
    'A denial is a committed decision ([ADR 0006](adr/0006-a-denial-is-committed.md)).',
    '',
    ...tableHead(...common),
    ...explanationRows(denyReasons, () => []),
    '',
  ].join('\n');
}
