import { z } from 'zod';
import {
  actorTagSchema,
  departmentSchema,
  mspIdSchema,
  provisionDraftsSchema,
  type Pseudonym,
  pseudonymSchema,
  purposes,
  purposeSchema,
  recordIdSchema,
  roles,
  roleSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { denyExplanation } from '../explain-code';
import { list, whole } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Text } from '../language';
import { type Block, fields, line, table } from '../outcome';
import { transact } from '../transact';
import { grantRow } from './grant-row';
import { type GranteeInput, parseGrantee, showGrantee } from './grantee';
import { restOfPage, pageInput, pageRequest } from './paging';
import { provisionFlags, provisionInput, provisionsOf } from './provision-input';
import { flag, label } from './vocabulary';
import { choicesText, stateText } from './words';

const grantee = { en: 'grantee', zh: '被授权方' };
const toFlag: Flag = {
  flags: '--to <grantee>',
  text: {
    en: 'person:MSP:tag, department:MSP:name, role:MSP:role or organisation:MSP',
    zh: 'person:机构:代号、department:机构:科室、role:机构:角色 或 organisation:机构',
  },
  required: true,
};
const previousFlag: Flag = { flags: '--previous-version <n>', text: { en: 'the version it replaces', zh: '被替换的版本' }, required: true };

const key = { pseudonym: pseudonymSchema.optional(), to: z.string().transform(parseGrantee) };

export const consentCommands: readonly CommandSpec[] = [
  command({
    name: 'grant',
    summary: { en: 'grant a policy', zh: '授予' },
    example: '--to department:HospitalBMSP:cardiology --purposes TREAT --classes laboratory-report --until +30d --as patient',
    flags: [flag.ownPseudonym, toFlag, ...provisionFlags],
    input: z.object({ ...key, ...provisionInput }),
    run: async (call, input) => {
      const request = { ...(await keyOf(call, input)), provisions: provisionsOf(call, input) };
      return transact(call, transactions.GrantPolicy, request, (result) => showAnswer(result, ends(call, request)));
    },
  }),
  command({
    name: 'amend',
    summary: { en: 'replace the provisions of a policy', zh: '修改条款' },
    example: '--to department:HospitalBMSP:cardiology --previous-version 1 --purposes TREAT --until 2027-06-30 --as patient',
    flags: [flag.ownPseudonym, toFlag, previousFlag, ...provisionFlags],
    input: z.object({ ...key, previousVersion: whole(z.int().min(1)), ...provisionInput }),
    run: async (call, input) => {
      const request = { ...(await keyOf(call, input)), previousVersion: input.previousVersion, provisions: provisionsOf(call, input) };
      return transact(call, transactions.AmendPolicy, request, (result) => showAnswer(result, ends(call, request)));
    },
  }),
  command({
    name: 'revoke',
    summary: { en: 'revoke a policy; nothing rests on it from then on', zh: '撤销；此后不再作为依据' },
    example: '--to department:HospitalBMSP:cardiology --previous-version 2 --as patient',
    flags: [flag.ownPseudonym, toFlag, previousFlag],
    input: z.object({ ...key, previousVersion: whole(z.int().min(1)) }),
    run: async (call, input) =>
      transact(call, transactions.RevokePolicy, { ...(await keyOf(call, input)), previousVersion: input.previousVersion }, showAnswer),
  }),
  command({
    name: 'list',
    summary: { en: 'list the policies', zh: '列出授权' },
    example: '--as patient',
    flags: [flag.ownPseudonym, flag.limit, flag.after],
    input: z.object({ pseudonym: pseudonymSchema.optional(), ...pageInput }),
    run: async (call, { pseudonym, ...page }) =>
      transact(
        call,
        transactions.ListPolicies,
        { pseudonym: await soleOf(call, pseudonym), ...pageRequest(page) },
        ({ items, ...rest }) => [
          table(
            [grantee, label.version, label.state, label.provisions],
            items.map((grant) => grantRow(grant, call.terminal.timeZone)),
          ),
          ...restOfPage(rest),
        ],
      ),
  }),
  command({
    name: 'simulate',
    summary: { en: 'how a request would be decided, by the same rule', zh: '模拟：按同一规则，某次申请会如何决定' },
    example: '--record RECORD --purpose TREAT --actor HospitalBMSP:TAG --roles clinician --department cardiology --as patient',
    flags: [
      flag.ownPseudonym,
      { flags: '--record <id>', text: label.record, required: true },
      { flags: '--purpose <purpose>', text: label.purpose, required: true, choices: purposes },
      { flags: '--actor <msp:tag>', text: { en: 'who would ask', zh: '申请人（机构:代号）' }, required: true },
      {
        flags: '--roles <list>',
        text: { en: `in which roles, of ${roles.join(', ')}`, zh: `角色，取自 ${choicesText(roles)}` },
        required: true,
      },
      { flags: '--department <name>', text: { en: 'from which department', zh: '科室' }, required: true },
      { flags: '--at <instant>', text: { en: 'when (now, by the ledger’s time)', zh: '时间（默认现在，以账本时间为准）' } },
    ],
    input: z.object({
      pseudonym: pseudonymSchema.optional(),
      record: recordIdSchema,
      purpose: purposeSchema,
      actor: z
        .string()
        .transform((text) => text.split(':'))
        .pipe(z.tuple([mspIdSchema, actorTagSchema])),
      roles: list(roleSchema),
      department: departmentSchema,
      at: z.string().optional(),
    }),
    run: async (call, input) => {
      const [mspId, actorTag] = input.actor;
      const actor = { mspId, actorTag, roles: input.roles, department: input.department };
      const question = {
        recordId: input.record,
        purpose: input.purpose,
        ...(input.at === undefined ? {} : { at: parseMoment(input.at, call.terminal, 'begin') }),
        actor,
      };
      return transact(call, transactions.Simulate, { pseudonym: await soleOf(call, input.pseudonym), question }, (decision) => [
        fields([
          [label.decision, stateText(decision.effect)],
          ...(decision.effect === 'permit'
            ? ([
                [label.provisions, decision.provisionIds.join(', ')],
                [label.until, momentText(decision.until, call.terminal)],
              ] as const)
            : ([[label.reasons, decision.reasons.join(', ')]] as const)),
        ]),
        ...(decision.effect === 'deny' ? explainReasons(decision.reasons) : []),
      ]);
    },
  }),
];

/** What each reason means and who can do something about it. */
export function explainReasons(reasons: readonly string[]): readonly Block[] {
  return reasons.flatMap((reason) => {
    const explanation = denyExplanation(reason);
    if (explanation === undefined) return [];
    const { meaning, remedy } = explanation;
    return [line({ en: `${reason}: ${meaning.en} → ${remedy.en}`, zh: `${reason}：${meaning.zh} → ${remedy.zh}` })];
  });
}

async function keyOf(
  call: CommandCall,
  input: { readonly pseudonym?: Pseudonym | undefined; readonly to: GranteeInput },
): Promise<{ pseudonym: string; grantee: GranteeInput }> {
  return { pseudonym: await soleOf(call, input.pseudonym), grantee: input.to };
}

/** When each provision ends, where the user is and in UTC: a date alone says neither. */
function ends(call: CommandCall, { provisions }: { readonly provisions: z.input<typeof provisionDraftsSchema> }): Text | undefined {
  const texts = provisionDraftsSchema
    .parse(provisions)
    .map(({ validUntil }) => momentText(validUntil, call.terminal) ?? { en: 'no end', zh: '无期限' });
  return { en: texts.map(({ en }) => en).join('; '), zh: texts.map(({ zh }) => zh).join('；') };
}

function showAnswer(
  result: { readonly grantee: GranteeInput; readonly version: number; readonly state: string },
  until?: Text,
): readonly Block[] {
  return [
    fields([
      [grantee, showGrantee(result.grantee)],
      [label.version, result.version],
      [label.state, stateText(result.state)],
      [label.until, until],
    ]),
  ];
}
