import { z } from 'zod';
import { loadProfile, type Profile } from '@lianyi/client/node';
import {
  type Confirmed,
  confirmFiledMerge,
  type DecidingRegistrar,
  dismissFiledMerge,
  type Journal,
  merges,
  numberFinder,
  startHl7,
} from '@lianyi/hl7v2';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { type Text } from '../language';
import { openStaffSession } from '../ledger/staff-session';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { configFlag, readHl7Config, withJournal } from './hl7-journal';
import { hl7MessageCommands } from './hl7-message-commands';
import { label } from './vocabulary';
import { stateText } from './words';

const words = {
  merge: { en: 'merge', zh: '合并' },
  proposed: { en: 'proposed', zh: '提出时间' },
  decidedBy: { en: 'decided by', zh: '处理人' },
  prior: { en: 'prior number', zh: '旧号码' },
  survivor: { en: 'surviving number', zh: '保留号码' },
  effect: { en: 'effect', zh: '结果' },
} as const;
const effects: Readonly<Record<Confirmed['effect'], Text>> = {
  linked: { en: 'the surviving number is linked to the prior one’s pseudonym', zh: '保留号码已关联到旧号码的假名' },
  already: { en: 'both were linked to one pseudonym already', zh: '两个号码此前已关联到同一假名' },
  apart: { en: 'noted; each number keeps what it is linked to', zh: '已记录；两个号码各自的关联不变' },
};
const mergeArgument = { term: '<merge>', text: words.merge };
const mergeInput = z.object({ merge: z.string().min(1), config: z.string() });

export const hl7Commands: readonly CommandSpec[] = [
  command({
    name: 'serve',
    summary: { en: 'take HL7 v2 over MLLP until it is stopped', zh: '通过 MLLP 接收 HL7 v2 消息直至停止' },
    detail: {
      en: 'Messages are on the disk before they are acknowledged, and published by the staff entries that hl7.json names. docs/hl7-v2.md says how it is installed.',
      zh: '消息写入磁盘后才应答，并以 hl7.json 所指的人员身份发布。安装方法见 docs/hl7-v2.md。',
    },
    example: '--config hl7/hl7.json',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--exit-with-parent', text: { en: 'stop when standard input closes', zh: '标准输入关闭时停止' } }],
    input: z.object({ config: z.string(), exitWithParent: z.boolean().default(false) }),
    run: serve,
  }),
  ...hl7MessageCommands,
  command({
    name: 'merges',
    summary: { en: 'merges that the hospital’s own system has sent (ADT^A40)', zh: '业务系统发来的患者合并（ADT^A40）' },
    example: '--config hl7/hl7.json --numbers',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--numbers', text: { en: 'show the two numbers, too', zh: '同时显示两个号码' } }],
    input: z.object({ config: z.string(), numbers: z.boolean().default(false) }),
    run: (call, { config, numbers }) =>
      withJournal(call, config, (journal) => {
        const shown = merges(journal).map(({ prior, survivor, ...merge }) => ({ ...merge, ...(numbers ? { prior, survivor } : {}) }));
        const head = [words.merge, label.state, words.proposed, words.decidedBy, ...(numbers ? [words.prior, words.survivor] : [])];
        const rows = shown.map(({ mergeId, state, proposedAt, decidedBy, prior, survivor }) => [
          ...[mergeId, stateText(state), proposedAt, decidedBy ?? undefined],
          ...(numbers ? [prior?.value, survivor?.value] : []),
        ]);
        return outcome({ merges: shown }, table(head, rows));
      }),
  }),
  command({
    name: 'confirm-merge',
    summary: { en: 'agree that two numbers are one person’s (registrar)', zh: '确认两个号码属于同一人（登记员）' },
    detail: {
      en: 'Links the surviving number to the pseudonym of the prior one, if only that one is linked. Two pseudonyms stay two; what was published stays where it is.',
      zh: '若仅旧号码已关联，则将保留号码关联到同一假名。两个假名不会合并；已发布的内容保持原处。',
    },
    example: 'MERGE --config hl7/hl7.json --as registrar',
    hasNoDryRun: true,
    arguments: [mergeArgument],
    flags: [configFlag],
    input: mergeInput,
    run: (call, input) =>
      asRegistrar(call, input, async (journal, by) => {
        const { effect } = await confirmFiledMerge(journal, input.merge, by);
        return outcome({ mergeId: input.merge, effect }, fields([[words.effect, effects[effect]]]));
      }),
  }),
  command({
    name: 'dismiss-merge',
    summary: { en: 'say that two numbers are two persons’ (registrar)', zh: '确认两个号码属于不同的人（登记员）' },
    example: 'MERGE --config hl7/hl7.json --as registrar',
    hasNoDryRun: true,
    arguments: [mergeArgument],
    flags: [configFlag],
    input: mergeInput,
    run: (call, input) =>
      asRegistrar(call, input, async (journal, by) => {
        const { mergeId } = await dismissFiledMerge(journal, input.merge, by);
        return outcome({ mergeId, state: 'dismissed' }, fields([[label.state, stateText('dismissed')]]));
      }),
  }),
];

/** Runs as the registrar of `--as`, who is told from the interface's own staff entries. */
function asRegistrar(
  call: CommandCall,
  { config }: { readonly config: string },
  run: (journal: Journal, by: DecidingRegistrar) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  return withJournal(call, config, async (journal, { registrarProfile, publisherProfile }) => {
    const { actorTag } = call.actorOf('staff').profile;
    const interfaceTags = [registrarProfile, publisherProfile].map((file) => loadProfile(file).profile).map(tagOf);
    const session = await openStaffSession(call);
    try {
      return await run(journal, { actorTag, session, hospital: numberFinder(session), interfaceTags });
    } finally {
      session.close();
    }
  });
}

function tagOf(profile: Profile): string {
  return profile.kind === 'staff' ? profile.actorTag : '';
}

async function serve(
  { terminal, options }: CommandCall,
  { config, exitWithParent }: { readonly config: string; readonly exitWithParent: boolean },
): Promise<CommandOutcome> {
  const stopped = terminal.untilStopped(exitWithParent);
  // what stands in a message stands in no log
  const log = (event: object): void => {
    terminal.err(`${JSON.stringify(event)}\n`);
  };
  const started = await startHl7(await readHl7Config(config, terminal), {
    onFault: (error) => {
      log({ event: 'fault', name: error instanceof Error ? error.name : typeof error });
    },
    onRefused: (message, { code }) => {
      log({ event: 'refused', message, code });
    },
    onGivenWay: (messages) => {
      log({ event: 'gave-way', messages });
    },
  });
  const { port } = started;
  const text = { en: `ready: port ${port}  (stop with Ctrl-C)`, zh: `已就绪：端口 ${port}（Ctrl-C 停止）` };
  terminal.out(options.json ? `${JSON.stringify({ event: 'ready', port })}\n` : `${text[options.language]}\n`);
  await stopped;
  await started.stop();
  return { data: {}, view: [], silent: true };
}
