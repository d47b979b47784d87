import { z } from 'zod';
import {
  confirmMergeOfCase,
  mergedWith,
  type OpenedCase,
  proposeMergeOfCase,
  readCase,
  type ComparingRegistrar,
} from '@lianyi/client/matching';
import { networkOf } from '@lianyi/client/node';
import { duplicateCaseIdSchema, encodeOutcome, type OutcomeOf, pseudonymSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type Block, type CommandOutcome, fields, outcome, table } from '../outcome';
import { committed, transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const words = {
  case: { en: 'case', zh: '疑似重复编号' },
  other: { en: 'other hospital', zh: '对方医院' },
  opener: { en: 'opened by', zh: '提出方' },
  system: { en: 'number', zh: '号码种类' },
  own: { en: 'pseudonym here', zh: '本院假名' },
  theirs: { en: 'pseudonym there', zh: '对方假名' },
};
const caseArgument = { term: '<case>', text: { en: 'the case', zh: '疑似重复编号' } };
const caseInput = z.object({ case: duplicateCaseIdSchema });

export const duplicateCommands: readonly CommandSpec[] = [
  command({
    name: 'list',
    summary: { en: 'list the cases of the own hospital (registrar)', zh: '列出本院的疑似重复（登记员）' },
    example: '--as registrar',
    flags: [flag.limit, flag.after],
    input: z.object(pageInput),
    run: (call, page) =>
      transact(call, transactions.ListDuplicateCases, pageRequest(page), ({ items, ...rest }) => [
        table(
          [words.case, words.opener, words.other, label.state, label.changed],
          items.map(({ caseId, openerMspId, partnerMspId, state, changedAt }) => [
            caseId,
            openerMspId,
            partnerMspId,
            stateText(state),
            changedAt,
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'open a case: which pseudonyms it is about (registrar)', zh: '打开疑似重复：涉及哪些假名（登记员）' },
    detail: {
      en: 'The own node opens what is sealed to the own hospital. A case whose number is not, or no more, linked here shows no pseudonym.',
      zh: '由本院节点打开密封给本院的内容。若号码未在本院关联或已解除关联，则不显示假名。',
    },
    example: 'CASE --as registrar',
    hasNoDryRun: true,
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) =>
      asRegistrar(call, async (by) => {
        const opened = await readCase(by, input.case);
        const { found } = opened;
        const rows = [
          [words.case, opened.caseId],
          [label.state, stateText(opened.state)],
          [words.other, opened.otherMspId],
          [words.system, found?.system],
          [words.own, found?.pseudonym],
          [words.theirs, found?.otherPseudonym],
        ] as const;
        return outcome({ result: withoutTag(opened) }, fields(rows));
      }),
  }),
  command({
    name: 'merge',
    summary: { en: 'agree that it is one person (registrar of the other hospital)', zh: '同意为同一人（对方医院登记员）' },
    detail: {
      en: 'Tells the hospital that opened the case, sealed, by which pseudonym the own one knows the person. No right to read comes of a merge.',
      zh: '以密封方式告知提出方本院所用的假名。合并不产生任何阅读权限。',
    },
    example: 'CASE --as registrar',
    hasNoDryRun: true,
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) => asRegistrar(call, async (by) => shownOutcome(await proposeMergeOfCase(by, input.case))),
  }),
  command({
    name: 'confirm',
    summary: { en: 'confirm a merge (registrar of the hospital that opened the case)', zh: '确认合并（提出方登记员）' },
    example: 'CASE --as registrar',
    hasNoDryRun: true,
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) => asRegistrar(call, async (by) => shownOutcome(await confirmMergeOfCase(by, input.case))),
  }),
  command({
    name: 'dismiss',
    summary: { en: 'say that they are two persons (registrar of either hospital)', zh: '排除：并非同一人（任一方登记员）' },
    example: 'CASE --as registrar',
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) => transact(call, transactions.DismissDuplicate, { caseId: input.case }, showState),
  }),
  command({
    name: 'unmerge',
    summary: { en: 'propose to take a merge back (registrar of either hospital)', zh: '提出取消合并（任一方登记员）' },
    example: 'CASE --as registrar',
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) => transact(call, transactions.ProposeUnmerge, { caseId: input.case }, showState),
  }),
  command({
    name: 'confirm-unmerge',
    summary: { en: 'agree to take a merge back (registrar of the other hospital)', zh: '确认取消合并（对方登记员）' },
    example: 'CASE --as registrar',
    arguments: [caseArgument],
    input: caseInput,
    run: (call, input) => transact(call, transactions.ConfirmUnmerge, { caseId: input.case }, showState),
  }),
  command({
    name: 'view',
    summary: { en: 'by which pseudonyms other hospitals know a person of the own one (registrar)', zh: '某患者在其他医院的假名（登记员）' },
    example: '--pseudonym PSEUDONYM --as registrar',
    hasNoDryRun: true,
    flags: [flag.pseudonym],
    input: z.object({ pseudonym: pseudonymSchema }),
    run: (call, { pseudonym }) =>
      asRegistrar(call, async (by) => {
        const { merged, ...rest } = await mergedWith(by, pseudonym);
        const rows = merged.map((each) => [each.mspId, each.pseudonym, each.caseId]);
        const shown = table([label.organisation, label.pseudonym, words.case], rows);
        return outcome({ result: { pseudonym, merged, ...rest } }, shown, ...restOfPage(rest));
      }),
  }),
];

/** Runs as the registrar of `--as`; what a command needs of the node and the ledger, it signs itself. */
async function asRegistrar(call: CommandCall, run: (by: ComparingRegistrar) => Promise<CommandOutcome>): Promise<CommandOutcome> {
  const session = await openStaffSession(call);
  try {
    return await run(registrarOf(call, session));
  } finally {
    session.close();
  }
}

/** The registrar of `--as`, as the client knows them. */
export function registrarOf(call: CommandCall, { node, sign, ledger }: StaffLedgerSession): ComparingRegistrar {
  const { profile } = call.actorOf('staff');
  const { mspId, actorTag } = profile;
  return { network: networkOf(profile), mspId, actorTag, node, sign, ledger };
}

/** The tag is for programs that open a case; whoever saw it on a screen could do nothing with it but leak it. */
function withoutTag({ found, ...opened }: OpenedCase): Omit<OpenedCase, 'found'> & { readonly found?: object } {
  if (found === undefined) return opened;
  const { system, pseudonym, otherPseudonym } = found;
  return { ...opened, found: { system, pseudonym, ...(otherPseudonym === undefined ? {} : { otherPseudonym }) } };
}

function shownOutcome(answered: OutcomeOf<typeof transactions.ConfirmMerge | typeof transactions.ProposeMerge>): CommandOutcome {
  return outcome(encodeOutcome(answered), ...showState(answered.result), ...committed(answered));
}

function showState({ caseId, state }: { readonly caseId: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [words.case, caseId],
      [label.state, stateText(state)],
    ]),
  ];
}
