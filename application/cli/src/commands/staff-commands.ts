import { resolve } from 'node:path';
import { z } from 'zod';
import { newId, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import {
  actorTagSchema,
  departmentSchema,
  hashOfKey,
  type Membership,
  mspIdSchema,
  type Period,
  roles,
  roleSchema,
  type Sha256,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { list } from '../inputs';
import { localTime } from '../local-time';
import { parseMoment } from '../moment';
import { type Block, fields, outcome, table } from '../outcome';
import { type Terminal } from '../terminal';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordsText } from './words';

const actorTag = { en: 'name in the directory', zh: '人员代号' };
const tagArgument = { term: '<actor-tag>', text: actorTag };
const dutyText = {
  en: 'duty windows from/until,from/until … (dates, whole where you are, or instants; left out: always)',
  zh: '值班时段 起/止,起/止 …（日期按本地整日，或时刻；省略表示始终）',
};

const keyFlags = [
  { flags: '--key-file <file>', text: { en: 'their signing key (only its hash is registered)', zh: '签名私钥文件（只登记公钥哈希）' } },
  { flags: '--public-key-hash <hash>', text: { en: 'or the hash of their public key', zh: '或直接给出公钥哈希' } },
];

export const staffCommands: readonly CommandSpec[] = [
  command({
    name: 'key',
    summary: { en: 'make a signing key, mode 0600, and print its hash', zh: '生成签名密钥（权限 0600）并显示其哈希' },
    example: '--out cardiologist.key',
    hasNoDryRun: true,
    flags: [{ flags: '--out <file>', text: { en: 'where to write it', zh: '保存位置' }, required: true }],
    input: z.object({ out: z.string().min(1) }),
    run: async (call, { out }) => {
      const file = resolve(call.terminal.cwd, out);
      const publicKeyHash = hashOfKey(publicKeyOf(await createKeyFile(file)));
      return outcome(
        { file, publicKeyHash },
        fields([
          [label.file, file],
          [{ en: 'key hash', zh: '公钥哈希' }, publicKeyHash],
        ]),
      );
    },
  }),
  command({
    name: 'add',
    summary: {
      en: 'register a staff member (administrator; or hrAdmin, and a second person confirms)',
      zh: '登记工作人员（管理员；人事登记的须经第二人确认）',
    },
    example: '--roles clinician --departments cardiology --key-file cardiologist.key --as hr',
    flags: [
      {
        flags: '--actor-tag <tag>',
        text: { en: 'a random name in the directory (left out: made up)', zh: '随机代号（省略则自动生成）' },
      },
      { flags: '--roles <list>', text: { en: `of ${roles.join(', ')}`, zh: `取自 ${choicesText(roles)}` }, required: true },
      { flags: '--departments <list>', text: { en: 'departments', zh: '科室' } },
      ...keyFlags,
      { flags: '--duty <windows>', text: dutyText },
      { flags: '--licence-commitment <hash>', text: { en: 'commitment to the licence to practise', zh: '执业证书承诺值' } },
    ],
    input: z.object({
      actorTag: actorTagSchema.optional(),
      roles: list(roleSchema),
      departments: list(departmentSchema).default([]),
      keyFile: z.string().optional(),
      publicKeyHash: sha256Schema.optional(),
      duty: z.string().optional(),
      licenceCommitment: sha256Schema.optional(),
    }),
    run: async (call, input) => {
      const { licenceCommitment } = input;
      const request = {
        actorTag: input.actorTag ?? newId(),
        roles: input.roles,
        departments: input.departments,
        publicKeyHash: await keyHashOf(input),
        dutyWindows: dutyWindows(input.duty, call),
        ...(licenceCommitment === undefined ? {} : { licenceCommitment }),
      };
      return transact(call, transactions.RegisterStaff, request, showAnswer);
    },
  }),
  command({
    name: 'confirm',
    summary: {
      en: 'confirm what an hrAdmin has registered, as a second person who says it once more',
      zh: '由第二人核实并再次写明后，确认人事所作的登记',
    },
    example: 'TAG --roles clinician --departments cardiology --key-file cardiologist.key --as admin',
    arguments: [tagArgument],
    flags: [
      { flags: '--roles <list>', text: { en: 'their roles, as they know them', zh: '本人所知的角色' }, required: true },
      { flags: '--departments <list>', text: { en: 'their departments', zh: '科室' } },
      ...keyFlags,
    ],
    input: z.object({
      actorTag: actorTagSchema,
      roles: list(roleSchema),
      departments: list(departmentSchema).default([]),
      keyFile: z.string().optional(),
      publicKeyHash: sha256Schema.optional(),
    }),
    run: async (call, input) => {
      const { roles: held, departments } = input;
      const request = { actorTag: input.actorTag, roles: held, departments, publicKeyHash: await keyHashOf(input) };
      return transact(call, transactions.ConfirmStaff, request, showAnswer);
    },
  }),
  command({
    name: 'duty',
    summary: { en: 'replace the duty windows of a staff member', zh: '修改值班时段' },
    example: 'TAG --windows 2027-03-01/2027-03-31 --as hr',
    arguments: [tagArgument],
    flags: [{ flags: '--windows <windows>', text: dutyText }],
    input: z.object({ actorTag: actorTagSchema, windows: z.string().optional() }),
    run: (call, input) =>
      transact(call, transactions.UpdateStaffDuty, { actorTag: input.actorTag, dutyWindows: dutyWindows(input.windows, call) }, showAnswer),
  }),
  command({
    name: 'revoke',
    summary: { en: 'revoke a staff member for ever, at once', zh: '立即永久撤销工作人员' },
    example: 'TAG --as admin',
    arguments: [tagArgument],
    detail: {
      en: 'Every member sees that it was done. Why stays with the organisation’s own files: what the ledger is told, it keeps for ever.',
      zh: '所有成员都能看到撤销一事。原因应记录在本机构的档案中：写入账本的内容将永久保留。',
    },
    input: z.object({ actorTag: actorTagSchema }),
    run: (call, input) => transact(call, transactions.RevokeStaff, input, showAnswer),
  }),
  command({
    name: 'list',
    summary: { en: 'list the own staff', zh: '列出本机构工作人员' },
    example: '--as admin',
    flags: [flag.limit, flag.after],
    input: z.object(pageInput),
    run: (call, page) =>
      transact(call, transactions.ListStaff, pageRequest(page), ({ items, ...rest }) => [
        table(
          [actorTag, label.roles, label.departments, label.state, label.changed],
          items.map((entry) => [
            entry.actorTag,
            wordsText(entry.roles),
            entry.departments.join(', '),
            stateText(entry.state),
            entry.changedAt,
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'show a staff member of any organisation', zh: '显示任一机构的工作人员' },
    example: 'TAG --msp-id HospitalBMSP --as admin',
    arguments: [tagArgument],
    flags: [{ flags: '--msp-id <id>', text: { en: 'organisation (the own)', zh: '机构（默认本机构）' } }],
    input: z.object({ actorTag: actorTagSchema, mspId: mspIdSchema.optional() }),
    run: (call, input) =>
      transact(
        call,
        transactions.GetStaff,
        { actorTag: input.actorTag, mspId: input.mspId ?? call.actor.profile.mspId },
        ({ mspId, actorTag: tag, roles: held, departments, memberships = [], state, dutyWindows: windows, changedAt }) => [
          fields([
            [label.organisation, mspId],
            [actorTag, tag],
            [label.roles, wordsText(held)],
            [label.departments, departments.join(', ')],
            [{ en: 'groups', zh: '小组' }, memberships.map(membershipText).join(', ')],
            [label.state, stateText(state)],
            [
              { en: 'on duty', zh: '值班' },
              windows.length === 0 ? { en: 'always', zh: '始终' } : windows.map((window) => periodText(window, call.terminal)).join(', '),
            ],
            [label.changed, changedAt],
          ]),
        ],
      ),
  }),
];

/** A membership, its state where it does not count, and its turns. */
function membershipText({ group, state, duty }: Membership): string {
  const turns = duty?.turns.map(({ days, from, until }) => `${days.join('')}@${from}-${until}`).join('+') ?? '';
  return [group, state === 'active' ? '' : state, turns, duty?.zone ?? ''].filter((part) => part !== '').join(' ');
}

function periodText({ from, until }: Period, { timeZone }: Pick<Terminal, 'timeZone'>): string {
  return `${localTime(from, timeZone)} / ${localTime(until, timeZone)}`;
}

function showAnswer(result: { readonly actorTag: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [actorTag, result.actorTag],
      [label.state, stateText(result.state)],
    ]),
  ];
}

async function keyHashOf(input: { readonly keyFile?: string | undefined; readonly publicKeyHash?: Sha256 | undefined }): Promise<Sha256> {
  if (input.publicKeyHash !== undefined) return input.publicKeyHash;
  if (input.keyFile === undefined) throw new CliProblem('USAGE', '--key-file <file> | --public-key-hash <hash>');
  return hashOfKey(publicKeyOf(await loadKeyFile(input.keyFile)));
}

function dutyWindows(text: string | undefined, { terminal }: CommandCall): { from: string; until: string }[] {
  if (text === undefined || text.trim() === '') return [];
  return text.split(',').map((window) => {
    const [from, until, ...rest] = window.trim().split('/');
    if (from === undefined || until === undefined || rest.length > 0) throw new CliProblem('USAGE', `${window}: from/until`);
    return { from: parseMoment(from, terminal, 'begin'), until: parseMoment(until, terminal, 'end') };
  });
}
