import { z } from 'zod';
import {
  actorTagSchema,
  departmentSchema,
  mspIdSchema,
  pseudonymSchema,
  purposes,
  purposeSchema,
  recordIdSchema,
  roles,
  roleSchema,
  transactions,
} from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { denyExplanation } from '../explain-code';
import { list } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, line } from '../outcome';
import { transact } from '../transact';
import { flag, label } from './vocabulary';
import { choicesText, stateText } from './words';

export const simulateCommand: CommandSpec = command({
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
});

/** What each reason means and who can do something about it. */
export function explainReasons(reasons: readonly string[]): readonly Block[] {
  return reasons.flatMap((reason) => {
    const explanation = denyExplanation(reason);
    if (explanation === undefined) return [];
    const { meaning, remedy } = explanation;
    return [line({ en: `${reason}: ${meaning.en} → ${remedy.en}`, zh: `${reason}：${meaning.zh} → ${remedy.zh}` })];
  });
}
