import { z } from 'zod';
import { weeklyDuty } from '@lianyi/client/duty';
import {
  actorTagSchema,
  groupKindSchema,
  groupSchema,
  instantOf,
  instantSchema,
  mspIdSchema,
  type Output,
  transactions,
  type WeeklyDuty,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parseMoment } from '../moment';
import { type Block, fields, table } from '../outcome';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const words = {
  group: { en: 'group', zh: '小组' },
  member: { en: 'member of staff', zh: '人员代号' },
} as const;
const groupArgument = { term: '<group>', text: words.group };
const memberArgument = { term: '<actor-tag>', text: words.member };
const dutyFlags: readonly Flag[] = [
  {
    flags: '--turns <turns>',
    text: {
      en: 'weekly turns of duty, days@from-until,… such as mon-fri@22:00-06:00,sat+sun@08:00-20:00 (left out: always)',
      zh: '每周班次 日@起-止,… 例如 mon-fri@22:00-06:00,sat+sun@08:00-20:00（省略表示始终）',
    },
  },
  {
    flags: '--zone <zone>',
    text: { en: 'by the clock of which IANA time zone (the terminal’s)', zh: '按哪个 IANA 时区（默认终端所在时区）' },
  },
  { flags: '--until <date>', text: { en: 'up to when (the end of the year after the next)', zh: '截止日期（默认后年年底）' } },
];
const dutyInput = { turns: z.string().optional(), zone: z.string().optional(), until: z.string().optional() };
type DutyInput = z.output<z.ZodObject<typeof dutyInput>>;
const membershipInput = z.object({ actorTag: actorTagSchema, group: groupSchema, ...dutyInput });

export const groupCommands: readonly CommandSpec[] = [
  command({
    name: 'found',
    summary: { en: 'name a group of the own staff, such as a care team', zh: '设立本机构的小组，例如照护团队' },
    example: 'night-team --kind on-call --as hr',
    arguments: [groupArgument],
    flags: [
      {
        flags: '--kind <kind>',
        text: { en: 'what it is', zh: `种类：${choicesText(groupKindSchema.options)}` },
        required: true,
        choices: groupKindSchema.options,
      },
    ],
    input: z.object({ group: groupSchema, kind: groupKindSchema }),
    run: (call, input) =>
      transact(call, transactions.FoundGroup, input, ({ group, kind }) => [
        fields([
          [words.group, group],
          [label.kind, wordText(kind)],
        ]),
      ]),
  }),
  command({
    name: 'join',
    summary: {
      en: 'say that somebody belongs to a group, and when on duty (administrator; or hrAdmin, and a second person confirms)',
      zh: '登记小组成员及其班次（管理员；人事登记的须经第二人确认）',
    },
    detail: {
      en: 'The turns go by the clock of a place; its offsets from UTC are sent along, so that every member of the network reckons alike. A turn that ends no later than it begins ends on the day after. Saying it anew replaces it.',
      zh: '班次按当地时钟计算，与 UTC 的时差一并写入，使网络各成员计算一致。结束时间不晚于开始时间的班次到次日结束。重新登记即替换。',
    },
    example: 'TAG night-team --turns mon-fri@22:00-06:00 --zone Asia/Shanghai --as hr',
    arguments: [memberArgument, groupArgument],
    flags: dutyFlags,
    input: membershipInput,
    run: (call, input) => transact(call, transactions.JoinGroup, membershipOf(call, input), showMembership),
  }),
  command({
    name: 'confirm',
    summary: { en: 'confirm a membership as a second person, who says it once more', zh: '由第二人再次写明后确认小组成员' },
    example: 'TAG night-team --turns mon-fri@22:00-06:00 --zone Asia/Shanghai --as admin',
    arguments: [memberArgument, groupArgument],
    flags: dutyFlags,
    input: membershipInput,
    run: (call, input) => transact(call, transactions.ConfirmMembership, membershipOf(call, input), showMembership),
  }),
  command({
    name: 'leave',
    summary: { en: 'end a membership at once', zh: '立即结束小组成员关系' },
    detail: {
      en: 'What patients have forbidden to the group stays forbidden to who has left it: only the hospital says who leaves.',
      zh: '患者对该小组的禁止，对已退出者仍然有效：谁退出只由医院说了算。',
    },
    example: 'TAG night-team --as hr',
    arguments: [memberArgument, groupArgument],
    input: z.object({ actorTag: actorTagSchema, group: groupSchema }),
    run: (call, input) => transact(call, transactions.LeaveGroup, input, showMembership),
  }),
  command({
    name: 'list',
    summary: { en: 'list the groups of an organisation', zh: '列出机构的小组' },
    example: '--msp-id HospitalBMSP --as patient',
    flags: [{ flags: '--msp-id <id>', text: { en: 'organisation (the own)', zh: '机构（默认本机构）' } }, flag.limit, flag.after],
    input: z.object({ mspId: mspIdSchema.optional(), ...pageInput }),
    run: (call, { mspId = mspIdSchema.parse(call.actorOf('staff', 'administrator').profile.mspId), ...page }) =>
      transact(call, transactions.ListGroups, { mspId, ...pageRequest(page) }, ({ items, ...rest }) => [
        table(
          [words.group, label.kind, { en: 'founded', zh: '设立时间' }],
          items.map(({ group, kind, foundedAt }) => [group, wordText(kind), foundedAt]),
        ),
        ...restOfPage(rest),
      ]),
  }),
];

function membershipOf(call: CommandCall, { actorTag, group, ...said }: z.output<typeof membershipInput>) {
  const duty = dutyOf(call, said);
  return { actorTag, group, ...(duty === undefined ? {} : { duty }) };
}

/** The duty that the options say; undefined: always. @throws CliProblem `USAGE` — they cannot be read */
function dutyOf({ terminal }: CommandCall, { turns, zone = terminal.timeZone, until }: DutyInput): WeeklyDuty | undefined {
  if (turns === undefined) return undefined;
  const now = terminal.now();
  const end =
    until === undefined ? instantOf(Date.UTC(now.getUTCFullYear() + 2, 0)) : instantSchema.parse(parseMoment(until, terminal, 'end'));
  const draft = { zone, until: end, turns: turns.split(',').map(turnOf) };
  try {
    return weeklyDuty(draft, instantOf(now.getTime()));
  } catch (cause) {
    throw new CliProblem('USAGE', `--turns ${turns} --zone ${zone} --until ${end}`, { cause });
  }
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `mon-fri@22:00-06:00` */
function turnOf(text: string): { readonly days: readonly number[]; readonly from: string; readonly until: string } {
  const [, days, from, until] = /^([a-z+-]+)@([0-9:]+)-([0-9:]+)$/.exec(text.trim()) ?? [];
  if (days === undefined || from === undefined || until === undefined)
    throw new CliProblem('USAGE', `--turns ${text}: mon-fri@22:00-06:00`);
  return { days: [...new Set(days.split('+').flatMap((part) => daysOf(part, text)))].sort(), from, until };
}

function daysOf(part: string, text: string): readonly number[] {
  const [first, last = first, ...rest] = part.split('-').map((day) => DAYS.indexOf(day) + 1);
  if (first === undefined || last === undefined || first === 0 || last < first || rest.length > 0)
    throw new CliProblem('USAGE', `--turns ${text}: ${DAYS.join(' ')}`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function showMembership({ actorTag, group, state }: Output<typeof transactions.LeaveGroup>): readonly Block[] {
  return [
    fields([
      [words.member, actorTag],
      [words.group, group],
      [label.state, stateText(state)],
    ]),
  ];
}
