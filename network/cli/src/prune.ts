import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FindPrunable, type HoldNetwork, OperatorError, type Prunable, sentenceOf } from '@lianyi/network-model';
import { confirmLoss, yes } from './confirm';
import { type HelpText } from './language';
import { localMoment } from './moment';
import { networkOptions } from './on-network';
import { switchOption } from './option';
import { type Column, printTable } from './table';
import { type VerbCall, verb, type VerbSpec } from './verb-spec';
import { wordFor } from './vocabulary';

interface PruneInput {
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly yes: boolean;
}

interface PruneKind {
  readonly defaultDir: string;
  readonly find: FindPrunable;
  /** Absent: only a running network is pruned. */
  readonly hold?: HoldNetwork;
  /** Says what of this kind of network is removed. */
  readonly explanation: HelpText;
}

const YOUNG: HelpText = {
  en: 'What a running network changed less than a minute ago may be in the making: it is listed with the moment from which it may go.',
  zh: '运行中的网络在一分钟内改动过的内容可能仍在生成：会列出，并注明何时起可删除。',
};

/** `prune`. */
export const pruneVerb = ({ defaultDir, find, hold, explanation }: PruneKind): VerbSpec =>
  verb({
    name: 'prune',
    summary: {
      en: 'remove what nobody needs any more; never a ledger or a key in use',
      zh: '删除不再需要的内容；绝不删除使用中的账本或密钥',
    },
    detail: { en: `${explanation.en} ${YOUNG.en}`, zh: `${explanation.zh}${YOUNG.zh}` },
    options: {
      dryRun: switchOption('--dry-run', { en: 'only list it', zh: '只列出，不删除' }),
      wait: switchOption('--wait', {
        en: 'wait, a minute at most, until what is too young may go, and remove it, too',
        zh: '等待（至多一分钟）直到过新的内容可删除，并一并删除',
      }),
      yes,
      ...networkOptions(defaultDir),
    },
    action: async (input, call) => {
      const dataDir = resolve(input.dir);
      const release = input.dryRun ? undefined : hold?.(dataDir);
      try {
        await prune(input, () => find(dataDir, release !== undefined), call);
      } finally {
        release?.();
      }
    },
  });

function remove({ path }: Prunable): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new OperatorError(
      'DISK',
      {
        en: `${path} cannot be removed: ${sentenceOf(error).en}; what was listed before it is gone`,
        zh: `${path} 无法删除：${sentenceOf(error).zh}；在它之前列出的已删除`,
      },
      { cause: error },
    );
  }
}

type Find = () => ReturnType<FindPrunable>;

async function prune(input: PruneInput, find: Find, call: VerbCall): Promise<void> {
  const { dryRun, wait, json } = input;
  let found = await find();
  if (wait && !dryRun) found = await whenOldEnough(found, find, call);
  const entries = found.filter(({ notBefore }) => notBefore === undefined);
  const waiting = found.filter(({ notBefore }) => notBefore !== undefined);
  if (!dryRun) await confirmRemoval(entries, input.yes, call);
  if (!json) printEntries(entries, call);
  if (!dryRun) for (const entry of entries) remove(entry);
  const bytes = entries.reduce((total, entry) => total + entry.bytes, 0);
  if (json) call.output.out(JSON.stringify({ dryRun, entries, bytes, waiting: waiting.map(inJson) }));
  else printSummary({ dryRun, entries, bytes, waiting }, call);
}

/** Keys and ledgers of those who left cannot be had again; all else can be made anew. */
async function confirmRemoval(entries: readonly Prunable[], isConfirmed: boolean, call: VerbCall): Promise<void> {
  const paths = entries.filter(({ kind }) => kind === 'left').map(({ path }) => path);
  if (paths.length === 0) return;
  const loss = {
    en: `What organisations that left had, their keys and ledgers, would be removed for good: ${paths.join(', ')}.`,
    zh: `将彻底删除已退出组织的密钥和账本：${paths.join('、')}。`,
  };
  await confirmLoss(loss, isConfirmed, call);
}

/** What was found is looked for again when the youngest of it may go; what came meanwhile is left to the next call. */
async function whenOldEnough(found: readonly Prunable[], find: Find, { output, language }: VerbCall): Promise<readonly Prunable[]> {
  const until = Math.max(0, ...found.map(({ notBefore = 0 }) => notBefore));
  if (until <= Date.now()) return found;
  output.err({ en: `  waiting until ${localMoment(until)}`, zh: `  等待至 ${localMoment(until)}` }[language]);
  await sleep(until - Date.now() + 1);
  return find();
}

function inJson({ kind, path, bytes, notBefore = 0 }: Prunable): object {
  return { kind, path, bytes, removableAt: new Date(notBefore).toISOString() };
}

function printEntries(entries: readonly Prunable[], call: VerbCall): void {
  printTable(entries, entryColumns(call), call);
}

function entryColumns({ language }: VerbCall): readonly Column<Prunable>[] {
  return [
    { title: { en: 'WHAT', zh: '内容' }, value: ({ path }) => path },
    { title: { en: 'KIND', zh: '类别' }, value: ({ kind }) => wordFor(kind, language) },
    { title: { en: 'SIZE', zh: '大小' }, value: ({ bytes }) => kilobytes(bytes) },
    {
      title: { en: 'FROM', zh: '何时起' },
      value: ({ notBefore }) => (notBefore === undefined ? '' : localMoment(notBefore)),
    },
  ];
}

interface Pruned {
  readonly dryRun: boolean;
  readonly entries: readonly Prunable[];
  readonly bytes: number;
  readonly waiting: readonly Prunable[];
}

function printSummary({ dryRun, entries, bytes, waiting }: Pruned, call: VerbCall): void {
  const { output, language } = call;
  const size = kilobytes(bytes);
  const done = dryRun
    ? { en: `would remove ${entries.length} entries, ${size}`, zh: `将删除 ${entries.length} 项，共 ${size}` }
    : { en: `removed ${entries.length} entries, ${size}`, zh: `已删除 ${entries.length} 项，共 ${size}` };
  if (entries.length > 0) output.out(done[language]);
  else
    output.out(
      {
        en: waiting.length > 0 ? 'nothing to remove yet' : 'nothing to remove',
        zh: waiting.length > 0 ? '暂无可删除的内容' : '没有可删除的内容',
      }[language],
    );
  if (waiting.length === 0) return;
  const latest = Math.max(...waiting.map(({ notBefore = 0 }) => notBefore));
  const from = localMoment(latest);
  output.out(
    {
      en: `${waiting.length} more may go, the last from ${from} on: run prune again, or with --wait`,
      zh: `另有 ${waiting.length} 项，最迟自 ${from} 起可删除：请再次运行 prune，或加 --wait`,
    }[language],
  );
  printEntries(waiting, call);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}
