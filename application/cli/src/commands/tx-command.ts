import { z } from 'zod';
import { hashOfJson, qualifiedName, transactionByName, type TransactionEntry, transactions } from '@lianyi/domain';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readJson } from '../inputs';
import { outcome, table } from '../outcome';
import { checkedRequest, sendRequest, withSession } from '../transact';
import { wordsText, wordText } from './words';

/** The generic way: every transaction of the catalogue by its name, its input as JSON. */
export const txCommands: readonly CommandSpec[] = [
  command({
    name: '',
    summary: { en: 'send any transaction (without a name: list them)', zh: '执行任一交易（不给名称则列出全部）' },
    detail: {
      en: 'A transient value goes to the own organisation’s peers only; its transientSha256 is put into the input when it is missing.',
      zh: '私有值只发送给本机构节点；输入中若无 transientSha256 会自动补上。',
    },
    example: 'RecordContract:GetRecord --input request.json --as registrar',
    arguments: [
      {
        term: '[transaction]',
        text: { en: 'Contract:Name, e.g. RecordContract:GetRecord', zh: '合约:名称，例如 RecordContract:GetRecord' },
      },
    ],
    flags: [
      { flags: '--input <file>', text: { en: 'its input as JSON (- is standard input)', zh: 'JSON 输入（- 表示标准输入）' } },
      { flags: '--transient <file>', text: { en: 'its private value as JSON', zh: 'JSON 私有值' } },
    ],
    input: z.object({ transaction: z.string().optional(), input: z.string().optional(), transient: z.string().optional() }),
    run: async (call, options) => {
      if (options.transaction === undefined) return listAll();
      const entry = transactionByName(options.transaction);
      if (entry === undefined) throw new CliProblem('USAGE', `${options.transaction}${suggestion(options.transaction)}`);
      if (options.input === undefined) throw lacking('--input <file>');
      const transient = options.transient === undefined ? undefined : readJson(options.transient, call.terminal);
      if (transient !== undefined && !('transient' in entry)) throw new CliProblem('USAGE', '--transient <file>');
      const input = withHash(readJson(options.input, call.terminal), transient);
      const request = checkedRequest<TransactionEntry>(entry, input, transient);
      return withSession(call, (session) =>
        sendRequest(call, session, request, (result) => [{ kind: 'raw', text: JSON.stringify(result, null, 2) }]),
      );
    },
  }),
];

function listAll(): ReturnType<typeof outcome> {
  const entries = Object.values(transactions).map((entry) => ({
    name: qualifiedName(entry),
    kind: entry.kind,
    callers: entry.callers.map((caller) => (caller.kind === 'staff' ? caller.role : caller.kind)),
    summary: entry.summary,
  }));
  const rows = entries.map(({ name, kind, callers, summary }) => [name, wordText(kind), wordsText(callers), summary]);
  const head = [
    { en: 'transaction', zh: '交易' },
    { en: 'kind', zh: '类型' },
    { en: 'callers', zh: '调用者' },
    { en: 'what it does', zh: '作用' },
  ];
  return outcome(entries, table(head, rows));
}

/** The same transaction name under another contract, or in another case. */
function suggestion(name: string): string {
  const wanted = (name.split(':').at(-1) ?? name).toLowerCase();
  const found = Object.values(transactions).find((entry) => entry.name.toLowerCase() === wanted);
  return found === undefined ? '' : ` (${qualifiedName(found)}?)`;
}

function withHash(input: unknown, transient: unknown): unknown {
  if (transient === undefined || typeof input !== 'object' || input === null || 'transientSha256' in input) return input;
  return { ...input, transientSha256: hashOfJson(transient) };
}
