import { z } from 'zod';
import { type AccessApproval, actorTagSchema, dataLevelSchema, mspIdSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { whole } from '../inputs';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, table } from '../outcome';
import { transact } from '../transact';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const asker = { en: 'for', zh: '批准对象' };
const levels = { en: 'levels', zh: '数据级别' };
const askerArgument = { term: '<person>', text: { en: 'MSP/ACTOR-TAG', zh: '机构/人员标签' } };
/** `MSP/TAG` as its parts. */
const askerSchema: z.ZodPipe<
  z.ZodTransform<unknown, string>,
  z.ZodObject<{ mspId: typeof mspIdSchema; actorTag: typeof actorTagSchema }>
> = z.pipe(
  z.transform((text: string) => {
    const [, mspId, actorTag] = /^([^/]+)\/([^/]+)$/.exec(text) ?? [];
    return { mspId, actorTag };
  }),
  z.object({ mspId: mspIdSchema, actorTag: actorTagSchema }),
);

export const approvalCommands: readonly CommandSpec[] = [
  command({
    name: 'give',
    summary: {
      en: 'approve that one person reads records of a level (privacy officer, record admin)',
      zh: '批准某人查阅某级别的病历（隐私专员、病案管理员）',
    },
    detail: {
      en: 'Needed where the members have set it (`governance show`), beside the patient’s permission; alone it opens nothing. It ends after 30 days at the latest.',
      zh: '仅在成员已设定时需要（见 `governance show`），且须另有患者授权；单独不开放任何内容。最长 30 天。',
    },
    example: 'HospitalBMSP/TAG --pseudonym PSEUDONYM --from-level 5 --until 2026-07-01 --as privacy',
    arguments: [askerArgument],
    flags: [
      flag.pseudonym,
      {
        flags: '--from-level <n>',
        text: { en: 'that data level and those above, 1 to 5', zh: '该数据级别及以上，1 至 5' },
        required: true,
      },
      { flags: '--until <instant>', text: { en: 'until when, exclusive', zh: '至何时止，不含' }, required: true },
      { flags: '--replaces <version>', text: { en: 'version of the approval that it replaces (none)', zh: '所替换批准的版本（默认无）' } },
    ],
    input: z.object({
      ...{ person: askerSchema, pseudonym: pseudonymSchema, until: z.string() },
      fromLevel: whole(dataLevelSchema),
      replaces: whole(z.int().min(1)).default(0),
    }),
    run: (call, { person, pseudonym, fromLevel, until, replaces: previousVersion }) => {
      const of = dataLevelSchema.values;
      const input = { pseudonym, asker: person, levels: [...of].filter((level) => level >= fromLevel), previousVersion };
      return transact(call, transactions.ApproveAccess, { ...input, until: parseMoment(until, call.terminal, 'end') }, showAnswer);
    },
  }),
  command({
    name: 'withdraw',
    summary: {
      en: 'withdraw an approval of the own hospital (privacy officer, record admin)',
      zh: '撤回本院的批准（隐私专员、病案管理员）',
    },
    example: 'HospitalBMSP/TAG --pseudonym PSEUDONYM --as privacy',
    arguments: [askerArgument],
    flags: [flag.pseudonym],
    input: z.object({ person: askerSchema, pseudonym: pseudonymSchema }),
    run: (call, { person, pseudonym }) => transact(call, transactions.WithdrawApproval, { pseudonym, asker: person }, showAnswer),
  }),
  command({
    name: 'list',
    summary: { en: 'the approvals under a pseudonym (patient, their hospital’s officers)', zh: '某假名下的批准（患者、其医院的专员）' },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListApprovals, await ownPage(call, input), ({ items, ...rest }) => [
        showApprovals(call, items),
        ...restOfPage(rest),
      ]),
  }),
];

function showAnswer({ asker: of, version, state }: Pick<AccessApproval, 'asker' | 'version' | 'state'>): readonly Block[] {
  return [
    fields([
      [asker, `${of.mspId}/${of.actorTag}`],
      [label.version, version],
      [label.state, stateText(state)],
    ]),
  ];
}

function showApprovals(call: CommandCall, items: readonly AccessApproval[]): Block {
  return table(
    [asker, levels, label.until, label.version, label.state],
    items.map((each) => [
      ...[`${each.asker.mspId}/${each.asker.actorTag}`, each.levels.join(', '), momentText(each.until, call.terminal)],
      ...[each.version, stateText(each.state)],
    ]),
  );
}
