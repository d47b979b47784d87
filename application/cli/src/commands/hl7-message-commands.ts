import { z } from 'zod';
import { drop, type Meant, staying, stayingMessages, tryAgain } from '@lianyi/hl7v2';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { configFlag, withJournal } from './hl7-journal';
import { label } from './vocabulary';
import { stateText } from './words';

const words = {
  message: { en: 'message', zh: '消息' },
  code: { en: 'what for', zh: '原因' },
  messages: { en: 'messages', zh: '消息数' },
  content: { en: 'with content', zh: '内容尚存' },
  sender: { en: 'sender', zh: '发送方' },
  controlId: { en: 'control id', zh: '控制号' },
  received: { en: 'received', zh: '收到时间' },
  tries: { en: 'tries', zh: '尝试次数' },
} as const;
const codeFlag = { flags: '--code <code>', text: { en: 'those that stay for this reason', zh: '因此原因滞留的消息' } };
const messageArgument = {
  term: '[message]',
  text: { en: 'number of a message, as `hl7 messages` shows it', zh: '消息编号，见 hl7 messages' },
};
const limit = z.coerce.number().int().min(1).max(1_000);
const whichInput = z.object({
  config: z.string(),
  message: z.coerce.number().int().min(1).optional(),
  code: z
    .string()
    .regex(/^[A-Z0-9_]{1,64}$/)
    .optional(),
});
type Which = z.output<typeof whichInput>;

/** Messages that are not done: how many, which, and what people do with them. */
export const hl7MessageCommands: readonly CommandSpec[] = [
  command({
    name: 'waiting',
    summary: { en: 'how many messages are not done, or refused, and what for', zh: '尚未完成和已拒绝的消息数量及原因' },
    example: '--config hl7/hl7.json',
    hasNoDryRun: true,
    flags: [configFlag],
    input: z.object({ config: z.string() }),
    run: (call, { config }) =>
      withJournal(call, config, (journal) => {
        const stay = staying(journal);
        const rows = (['waiting', 'refused'] as const).flatMap((state) =>
          stay[state].map(({ code, messages, withContent }) => [stateText(state), code, messages, withContent]),
        );
        return outcome(stay, table([label.state, words.code, words.messages, words.content], rows));
      }),
  }),
  command({
    name: 'messages',
    summary: { en: 'messages that are not done, or refused, without their content', zh: '未完成或已拒绝的消息（不含内容）' },
    example: '--code ILLEGAL_STATE --config hl7/hl7.json',
    hasNoDryRun: true,
    flags: [
      ...[configFlag, codeFlag],
      { flags: '--limit <n>', text: { en: 'how many at most, 1 to 1000 (100)', zh: '最多条数，1 至 1000（默认 100）' } },
      { flags: '--after <message>', text: { en: 'go on behind this message', zh: '从此消息之后继续' } },
    ],
    input: whichInput.extend({ limit: limit.default(100), after: z.coerce.number().int().min(0).optional() }),
    run: (call, { config, ...asked }) =>
      withJournal(call, config, (journal) => {
        const messages = stayingMessages(journal, asked);
        const head = [words.message, label.state, words.code, words.content, words.received, words.tries, words.sender, words.controlId];
        const rows = messages.map((each) => [
          ...[each.message, stateText(each.state), each.code ?? undefined, each.hasContent, each.receivedAt, each.tries],
          ...[each.sender, each.controlId],
        ]);
        return outcome({ messages }, table(head, rows));
      }),
  }),
  command({
    name: 'try-again',
    summary: { en: 'have messages tried at once, refused ones too', zh: '立即重试消息（含已拒绝的）' },
    detail: {
      en: 'For what people have set right since: a relationship that is active, a number that leads to one patient. What has no content any more is sent again by its sender.',
      zh: '用于问题已解决之后，例如关系已激活、号码只对应一位患者。内容已删除的消息须由发送方重发。',
    },
    example: '--code ILLEGAL_STATE --config hl7/hl7.json',
    hasNoDryRun: true,
    arguments: [messageArgument],
    flags: [configFlag, codeFlag],
    input: whichInput,
    run: (call, input) => onMessages(call, input, tryAgain),
  }),
  command({
    name: 'drop',
    summary: { en: 'refuse messages for good, and destroy their content', zh: '永久拒绝消息并销毁其内容' },
    detail: {
      en: 'Whoever was told that they are kept is not told of it. Sent again, they are taken again.',
      zh: '此前已收到“已保存”应答的发送方不会得到通知。重发后会重新接收。',
    },
    example: '17 --config hl7/hl7.json',
    hasNoDryRun: true,
    arguments: [messageArgument],
    flags: [configFlag, codeFlag],
    input: whichInput,
    run: (call, input) => onMessages(call, input, drop),
  }),
];

function onMessages(
  call: CommandCall,
  input: Which,
  change: (journal: Parameters<typeof tryAgain>[0], meant: Meant) => number,
): Promise<CommandOutcome> {
  const meant = meantBy(input);
  return withJournal(call, input.config, (journal) => {
    const messages = change(journal, meant);
    return outcome({ messages }, fields([[words.messages, messages]]));
  });
}

/** @throws CliProblem `USAGE` — neither a message nor a code, or both */
function meantBy({ message, code }: Which): Meant {
  if (message !== undefined && code === undefined) return { message };
  if (code !== undefined && message === undefined) return { code };
  throw new CliProblem('USAGE', { en: 'name a message or --code, and not both', zh: '请指定消息编号或 --code 之一' });
}
