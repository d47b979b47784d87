import { z } from 'zod';
import { memberOperations, newSalt, signedAs } from '@lianyi/client';
import { findDuplicates } from '@lianyi/client/matching';
import {
  DomainError,
  encodeBase64url,
  encodeOutcome,
  hashOfJson,
  type Identifier,
  type LinkId,
  type MspId,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  qualifiedName,
  saltSchema,
  spellIdentifier,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readInput } from '../inputs';
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { ask, checkedRequest, committed, sendRequest, showUnsent } from '../transact';
import { registrarOf } from './duplicate-commands';
import { restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const opened = {
  case: { en: 'case', zh: '疑似重复编号' },
  when: { en: 'opened', zh: '提出' },
  now: { en: 'now', zh: '本次' },
  before: { en: 'before', zh: '此前' },
  today: { en: 'evaluations today', zh: '今日求值次数' },
};
const systemLabel = { en: 'system', zh: '号码种类' };
const namedBy = [
  {
    flags: '--system <system>',
    text: {
      en: 'whose number it is: national-id, mrn, insurance, card, or a name of your own',
      zh: '号码种类：national-id（身份证）、mrn（病案号）、insurance（医保）、card（就诊卡），或自定名称',
    },
    required: true,
  },
  {
    flags: '--value-file <file>',
    text: { en: 'a file with the number and nothing else (- is standard input)', zh: '仅含号码的文件（- 表示标准输入）' },
    required: true,
  },
] as const;
const namedInput = { system: nameSchema, valueFile: z.string() };

export const identifierCommands: readonly CommandSpec[] = [
  command({
    name: 'link',
    summary: { en: 'link a number to a pseudonym of the own hospital (registrar)', zh: '将号码关联到本院的患者假名（登记员）' },
    detail: {
      en: 'The number goes to the own hospital’s node and peers only. What everybody sees of it is an id that only this hospital can compute. A number can be linked once.',
      zh: '号码只送往本院的节点。其他人只能看到一个仅本院能够算出的标识。一个号码只能关联一次。',
    },
    example: '--system mrn --value-file number.txt --pseudonym PSEUDONYM --as registrar',
    flags: [...namedBy, flag.pseudonym],
    input: z.object({ ...namedInput, pseudonym: pseudonymSchema }),
    run: (call, { pseudonym, ...named }) =>
      withLink(call, named, async (session, linkId, identifier) => {
        await assertOwnPatient(session, call.actorOf('staff').profile.mspId, pseudonym);
        const salt = saltSchema.parse(encodeBase64url(newSalt()));
        const transient = { linkId, pseudonym, ...identifier, salt };
        const request = checkedRequest(transactions.LinkIdentifier, { linkId, transientSha256: hashOfJson(transient) }, transient);
        return sendRequest(call, session, request, () => [fields([[label.pseudonym, pseudonym]])]);
      }),
  }),
  command({
    name: 'find',
    summary: { en: 'find the pseudonym that a number is linked to (registrar)', zh: '按号码查找所关联的患者假名（登记员）' },
    example: '--system mrn --value-file number.txt --as registrar',
    flags: namedBy,
    input: z.object(namedInput),
    run: (call, named) =>
      withLink(call, named, async (session, linkId, { system }) => {
        const { pseudonym } = (await ask(session, transactions.ResolveIdentifier, { linkId })).result;
        const rows = [
          [label.pseudonym, pseudonym],
          [systemLabel, system],
        ] as const;
        return outcome({ result: { linkId, pseudonym, system } }, fields(rows));
      }),
  }),
  command({
    name: 'unlink',
    summary: {
      en: 'purge the link of a number from the own hospital’s private data (registrar)',
      zh: '从本院私有数据中彻底清除号码关联（登记员）',
    },
    example: '--system mrn --value-file number.txt --as registrar',
    flags: namedBy,
    input: z.object(namedInput),
    run: (call, named) =>
      withLink(call, named, async (session, linkId, { system }) => {
        const answered = await ask(session, transactions.UnlinkIdentifier, { linkId });
        return outcome(encodeOutcome(answered), fields([[systemLabel, system]]), ...committed(answered));
      }),
  }),
  command({
    name: 'duplicates',
    summary: {
      en: 'look whether other hospitals know a linked number, and open a case with each (registrar)',
      zh: '查询其他医院是否知道已关联的号码，并逐一提出疑似重复（登记员）',
    },
    detail: {
      en: 'For national-id, insurance and passport. Several hospitals must answer together; none of them learns the number. Each look is counted on the ledger under the registrar’s name: 2,000 a day at most, and with the 1,000th everybody is told.',
      zh: '限 national-id、insurance、passport。须多家医院共同应答，均无法得知号码。每次查询以登记员名义记入账本：每日最多 2000 次，达到 1000 次时向各方告警。',
    },
    example: '--system national-id --value-file number.txt --as registrar',
    flags: namedBy,
    input: z.object(namedInput),
    run: (call, named) =>
      withLink(call, named, async (session, linkId, identifier) => {
        const found = await findDuplicates(registrarOf(call, session), identifier, linkId);
        const rows = found.found.map(({ mspId, caseId, state, isNew }) => [
          mspId,
          caseId,
          stateText(state),
          isNew ? opened.now : opened.before,
        ]);
        const silent = found.silent.map(({ mspId, code }) =>
          line({
            en: `${mspId}: not asked, not proved or no case opened (${code}).`,
            zh: `${mspId}：未能询问、未能证明或未能提出疑似重复（${code}）。`,
          }),
        );
        const head = [label.organisation, opened.case, label.state, opened.when] as const;
        return outcome({ result: found }, table(head, rows), ...silent, ...restOfPage(found), fields([[opened.today, found.evaluations]]));
      }),
  }),
];

/** Runs with the id of the number's link, which the own hospital's node names. A dry run sends nothing, and shows no number. */
async function withLink(
  call: CommandCall,
  named: { readonly system: Identifier['system']; readonly valueFile: string },
  run: (session: StaffLedgerSession, linkId: LinkId, identifier: Identifier) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const identifier = identifierIn(call, named);
  const session = await openStaffSession(call);
  try {
    if (call.options.dryRun) {
      const operation = signedAs(memberOperations.NameLink);
      return showUnsent({ to: session.node.url, transaction: qualifiedName(operation), kind: 'evaluate', identifier: 'present' });
    }
    return await run(session, await session.node.linkIdOf(identifier, session.sign), identifier);
  } finally {
    session.close();
  }
}

/**
 * Asks the ledger before the link is made, since a question leaves no trace in a block: the transaction itself looks up no pseudonym.
 * @throws {@link DomainError} `NOT_FOUND`; `NOT_PERMITTED` — it is another hospital's; `ILLEGAL_STATE` — it is closed
 */
async function assertOwnPatient(session: StaffLedgerSession, mspId: MspId, pseudonym: Pseudonym): Promise<void> {
  const entry = (await ask(session, transactions.GetPseudonym, { pseudonym })).result;
  if (entry.mspId !== mspId) throw new DomainError('NOT_PERMITTED', 'the pseudonym belongs to another hospital');
  if (entry.state !== 'active') throw new DomainError('ILLEGAL_STATE', undefined, { state: entry.state });
}

/** @throws {@link CliProblem} `USAGE` — more than one line; {@link DomainError} `IDENTIFIER_INVALID` */
function identifierIn({ terminal }: CommandCall, named: { readonly system: Identifier['system']; readonly valueFile: string }): Identifier {
  const text = readInput(named.valueFile, terminal).toString('utf8').trim();
  if (text.length > 128 || text.includes('\n')) throw new CliProblem('USAGE', '--value-file <file>: one number, at most 128 characters');
  return spellIdentifier({ system: named.system, value: text });
}
