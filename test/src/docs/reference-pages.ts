import { commonRefusals, denyReasons, errors, transactions, type Caller, type Explanation, type TransactionEntry } from '@lianyi/domain';
import { z } from 'zod';

const generated = '<!-- Printed from the code by `npm run docs`; a test fails when it is out of date. -->';

function callerWord(caller: Caller): string {
  return caller.kind === 'staff' ? `staff (${caller.role})` : caller.kind;
}

/** A schema's fields as `name: type` lines; JSON Schema's words, because readers of any language know them. */
function fieldsOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return '```json\n' + JSON.stringify({ ...json, $schema: undefined }, null, 2) + '\n```';
}

function transactionSection(entry: TransactionEntry): string {
  const refusals = [...entry.refusals].sort();
  const lines = [
    `### ${entry.contract}:${entry.name}`,
    '',
    entry.summary,
    '',
    '| | |',
    '| --- | --- |',
    `| kind | ${entry.kind} |`,
    `| who may call | ${entry.callers.map(callerWord).join(', ')} |`,
    `| endorsed by | ${entry.endorsement === 'owner' ? "the caller's own organisation alone" : 'the channel’s policy'} |`,
    `| refusals of its own | ${refusals.length === 0 ? '–' : refusals.map((code) => `\`${code}\``).join(', ')} |`,
    '',
    '<details><summary>request</summary>',
    '',
    fieldsOf(entry.request),
    '',
    '</details>',
  ];
  const transient =
    entry.transient === undefined
      ? []
      : ['', '<details><summary>transient value</summary>', '', fieldsOf(entry.transient), '', '</details>'];
  const response = ['', '<details><summary>response</summary>', '', fieldsOf(entry.response), '', '</details>', ''];
  return [...lines, ...transient, ...response].join('\n');
}

/** docs/transactions.md: the catalogue for people. */
export function transactionsPage(): string {
  const entries: readonly TransactionEntry[] = Object.values(transactions);
  const contracts = [...new Set(entries.map((entry) => entry.contract))];
  const overview = entries.map(
    (entry) =>
      `| [${entry.contract}:${entry.name}](#${entry.contract}${entry.name}) | ${entry.kind} | ${entry.callers.map(callerWord).join(', ')} | ${entry.summary} |`,
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
    'Every transaction may also answer the common refusals: ' + commonRefusals.map((code) => `\`${code}\``).join(', ') + '.',
    '',
    '| transaction | kind | who may call | what |',
    '| --- | --- | --- | --- |',
    ...overview.map((row) => row.replace(/\(#(\w+)\)/, (_all, anchor: string) => `(#${anchor.toLowerCase()})`)),
    '',
    ...sections,
  ].join('\n');
}

function explanationRows(table: Readonly<Record<string, Explanation>>): string[] {
  return Object.entries(table)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { meaning, remedy, retry, whoCanFix }]) => {
      const both = (text: { readonly en: string; readonly zh: string }): string => `${text.en}<br>${text.zh}`;
      return `| \`${code}\` | ${both(meaning)} | ${both(remedy)} | ${whoCanFix} | ${retry ? 'yes' : 'no'} |`;
    });
}

/** docs/error-codes.md: refusals and deny reasons, in both languages. */
export function errorCodesPage(): string {
  const head = ['| code | meaning | remedy | who can fix it | retry |', '| --- | --- | --- | --- | --- |'];
  return [
    '# Refusals and reasons',
    '',
    generated,
    '',
    '## Refusal codes',
    '',
    'A refusal is an error: nothing was written. On the wire: `LIANYI/1 {"code":…,"details":…,"message":…}` ([ADR 0004](adr/0004-error-wire-line.md)).',
    '',
    ...head,
    ...explanationRows(errors),
    '',
    '## Reasons of a denial',
    '',
    'A denial is a committed decision ([ADR 0006](adr/0006-a-denial-is-committed.md)).',
    '',
    ...head,
    ...explanationRows(denyReasons),
    '',
  ].join('\n');
}
