import { z } from 'zod';
import { groupSchema, mspIdSchema, pseudonymSchema, relationshipTypeSchema, type Transaction, transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { type Text } from '../language';
import { relationshipKeyOf } from '../ledger/pseudonym';
import { type Block, fields } from '../outcome';
import { transact } from '../transact';
import { introduceCommand } from './introduce-command';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const mspFlag = {
  flags: '--msp-id <id>',
  text: { en: 'the hospital (the own; for patients that of the pseudonym)', zh: '医院（默认本机构；患者默认假名所属医院）' },
};

const typeFlag = {
  flags: '--type <type>',
  text: { en: 'type (care)', zh: `类型：${choicesText(relationshipTypeSchema.options)}，默认 care` },
  choices: relationshipTypeSchema.options,
};

const groupFlag = {
  flags: '--group <group>',
  text: { en: 'the hospital’s group that is the party (left out: all of the hospital)', zh: '作为一方的医院小组（省略则为全院）' },
};

/** Every verb has the same key; what it may do is the ledger's business. */
function verb(
  name: string,
  summary: Text,
  entry: Extract<
    Transaction,
    {
      name: 'RejectRelationship' | 'SuspendRelationship' | 'ResumeRelationship' | 'ProposeTermination' | 'TerminateRelationship';
    }
  >,
  example = '--as patient',
): CommandSpec {
  return command({
    name,
    summary,
    example,
    flags: [flag.ownPseudonym, mspFlag],
    input: z.object({ pseudonym: pseudonymSchema.optional(), mspId: mspIdSchema.optional() }),
    run: async (call, input) => {
      const key = await relationshipKeyOf(call, input);
      return transact(call, entry, key, showState);
    },
  });
}

export const relationshipCommands: readonly CommandSpec[] = [
  introduceCommand,
  command({
    name: 'propose',
    summary: { en: 'propose a relationship to a patient (registrar)', zh: '向患者提出建立关系（登记员）' },
    example: '--pseudonym PSEUDONYM --as registrar',
    flags: [flag.pseudonym, typeFlag, groupFlag],
    input: z.object({ pseudonym: pseudonymSchema, type: relationshipTypeSchema.default('care'), group: groupSchema.optional() }),
    run: (call, { group, ...input }) =>
      transact(call, transactions.ProposeRelationship, { ...input, ...(group === undefined ? {} : { group }) }, showState),
  }),
  command({
    name: 'accept',
    summary: { en: 'accept it, by the kind and with the group that were proposed (patient)', zh: '按所提出的类型和小组接受（患者）' },
    detail: {
      en: 'One that is in force is accepted once more where the hospital did not believe you the first time, or heard it too late; nothing else changes.',
      zh: '若医院首次未采信或收到过晚，可对已生效的关系再次接受；其他内容不变。',
    },
    example: '--as patient',
    flags: [flag.ownPseudonym, mspFlag, typeFlag, groupFlag],
    input: z.object({
      pseudonym: pseudonymSchema.optional(),
      mspId: mspIdSchema.optional(),
      type: relationshipTypeSchema.optional(),
      group: groupSchema.optional(),
    }),
    run: async (call, { type, group, ...input }) => {
      const key = await relationshipKeyOf(call, input);
      const said = { ...(type === undefined ? {} : { type }), ...(group === undefined ? {} : { group }) };
      return transact(call, transactions.AcceptRelationship, { ...key, ...said }, showState);
    },
  }),
  verb('reject', { en: 'reject it (patient)', zh: '拒绝（患者）' }, transactions.RejectRelationship),
  verb(
    'suspend',
    {
      en: 'suspend it: the hospital its publishing and default policy, the patient all reading',
      zh: '暂停：医院暂停发布和默认访问，患者暂停一切访问',
    },
    transactions.SuspendRelationship,
  ),
  verb('resume', { en: 'resume it (the side that suspended)', zh: '恢复（由暂停方执行）' }, transactions.ResumeRelationship),
  verb(
    'propose-termination',
    { en: 'propose to end it; another registrar ends it within 7 days (registrar)', zh: '提出终止，由另一登记员在 7 日内执行（登记员）' },
    transactions.ProposeTermination,
    '--pseudonym PSEUDONYM --as registrar',
  ),
  verb(
    'terminate',
    {
      en: 'end it for ever (patient, or a second registrar); what the patient grants stays readable',
      zh: '永久终止（患者或第二位登记员）；患者已授权的内容仍可读取',
    },
    transactions.TerminateRelationship,
  ),
  command({
    name: 'show',
    summary: { en: 'show its state', zh: '显示状态' },
    example: '--pseudonym PSEUDONYM --as registrar',
    flags: [flag.ownPseudonym, mspFlag],
    input: z.object({ pseudonym: pseudonymSchema.optional(), mspId: mspIdSchema.optional() }),
    run: async (call, input) =>
      transact(
        call,
        transactions.GetRelationship,
        await relationshipKeyOf(call, input),
        ({ pseudonym, mspId, type, group, state, suspendedBy, terminationProposed, proposedAt, changedAt }) => [
          fields([
            [label.pseudonym, pseudonym],
            [label.organisation, mspId],
            [label.kind, wordText(type)],
            [{ en: 'group', zh: '小组' }, group],
            [label.state, stateText(state)],
            [{ en: 'suspended by', zh: '暂停方' }, suspendedBy === undefined ? undefined : wordText(suspendedBy)],
            [{ en: 'end proposed', zh: '提出终止' }, terminationProposed?.at],
            [label.since, proposedAt],
            [label.changed, changedAt],
          ]),
        ],
      ),
  }),
];

function showState(result: { readonly pseudonym: string; readonly mspId: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [label.pseudonym, result.pseudonym],
      [label.organisation, result.mspId],
      [label.state, stateText(result.state)],
    ]),
  ];
}
