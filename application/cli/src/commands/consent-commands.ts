import { z } from 'zod';
import { newId } from '@lianyi/client';
import {
  confidentialities,
  confidentialitySchema,
  consentPurposes,
  consentPurposeSchema,
  dataLevelSchema,
  encounterIdSchema,
  type Instant,
  provisionDraftsSchema,
  type Pseudonym,
  pseudonymSchema,
  recordClasses,
  recordClassSchema,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { list, readJson, whole } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { parseMoment } from '../moment';
import { table } from '../outcome';
import { transact } from '../transact';
import { months } from './care';
import { ends, grantee, showAnswer } from './consent-answer';
import { evidenceCommand, withEvidence } from './consent-evidence';
import { copyFlags, copyInput, copyTermsIn } from './copy-terms';
import { consentFhirCommands } from './consent-fhir-commands';
import { explainCommand } from './explain-command';
import { grantRow } from './grant-row';
import { type GranteeInput, parseGrantee } from './grantee';
import { showPolicyVersions } from './policy-versions';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';

import { flag, label } from './vocabulary';
import { choicesText } from './words';
import { misfitsOf, misfitText } from '../misfits';

const toFlag: Flag = {
  flags: '--to <grantee>',
  text: {
    en: 'person:MSP:tag, department:MSP:name, role:MSP:role or organisation:MSP',
    zh: 'person:机构:代号、department:机构:科室、role:机构:角色 或 organisation:机构',
  },
  required: true,
};
const previousFlag: Flag = { flags: '--previous-version <n>', text: { en: 'the version it replaces', zh: '被替换的版本' }, required: true };

const provisionFlags: readonly Flag[] = [
  {
    flags: '--purposes <list>',
    text: { en: `any, or of ${consentPurposes.join(', ')}`, zh: `用途：any（任何用途），或取自 ${choicesText(consentPurposes)}` },
  },
  { flags: '--classes <list>', text: { en: `of ${recordClasses.join(', ')}`, zh: `病历类别，取自 ${choicesText(recordClasses)}` } },
  { flags: '--records <list>', text: { en: 'only these records', zh: '仅限这些病历' } },
  {
    flags: '--care-months <months>',
    text: {
      en: 'only records of care in these months: 2026-03 or 2026-01..2026-03 (a permit: of which that is said and all of it is in them)',
      zh: '仅限这些月份内诊疗的病历：2026-03 或 2026-01..2026-03（允许条款：须已注明且全部在内）',
    },
  },
  {
    flags: '--encounters <list>',
    text: { en: 'only records of these visits or stays, by their ids on the ledger', zh: '仅限这些就诊（账本上的就诊编号）' },
  },
  {
    flags: '--labels <list>',
    text: {
      en: `only these confidentiality labels, of ${confidentialities.join(', ')} (a permit reaches N and below unless it names R or V)`,
      zh: `仅限这些保密等级，取自 ${choicesText(confidentialities)}（允许条款默认到 N；R、V 须写明）`,
    },
  },
  { flags: '--max-level <n>', text: { en: 'data level at most, 1 to 5 (4)', zh: '最高数据级别，1 至 5（默认 4）' } },
  { flags: '--min-level <n>', text: { en: 'with --deny: from this data level on (1)', zh: '与 --deny 同用：自此数据级别起（默认 1）' } },
  {
    flags: '--from <instant>',
    text: {
      en: 'from when: a date (from its beginning, where you are) or an instant (from its transaction, by the ledger’s time)',
      zh: '生效时间：日期（自当地当日开始）或时刻（默认自该交易起，以账本时间为准）',
    },
  },
  {
    flags: '--until <instant>',
    text: {
      en: 'until when: a date (to its end, where you are), an instant (exclusive), +90d',
      zh: '截止：日期（至当地当日结束）、时刻（不含）或 +90d',
    },
  },
  {
    flags: '--uses <n>',
    text: {
      en: 'for how many permits of a record it is good, 1 to 1000 (as many as are asked for)',
      zh: '可据以获准多少次（每份病历计一次），1 至 1000（默认不限次数）',
    },
  },
  ...copyFlags,
  { flags: '--deny', text: { en: 'forbid instead of permit', zh: '改为禁止' } },
  {
    flags: '--provisions <file>',
    text: { en: 'or all provisions as JSON (- is standard input)', zh: '或以 JSON 给出全部条款（- 表示标准输入）' },
  },
];
const provisionInput = {
  purposes: z.string().optional(),
  classes: list(recordClassSchema).optional(),
  records: list(recordIdSchema).optional(),
  careMonths: months.optional(),
  encounters: list(encounterIdSchema).optional(),
  labels: list(confidentialitySchema).optional(),
  maxLevel: whole(dataLevelSchema).optional(),
  minLevel: whole(dataLevelSchema).optional(),
  from: z.string().optional(),
  until: z.string().optional(),
  uses: whole(z.int().min(1).max(1_000)).optional(),
  ...copyInput,
  deny: z.boolean().default(false),
  provisions: z.string().optional(),
};
type ProvisionInput = z.output<z.ZodObject<typeof provisionInput>>;

const key = { pseudonym: pseudonymSchema.optional(), to: z.string().transform(parseGrantee) };

export const consentCommands: readonly CommandSpec[] = [
  command({
    name: 'grant',
    summary: { en: 'grant a policy', zh: '授予' },
    detail: {
      en: 'The exact text that is agreed to is shown before it is signed, in your language, on standard error; its hash goes with the grant (`consent evidence`). With --json nothing is shown, and nothing said of it.',
      zh: '签名前以所用语言显示所同意的原文（标准错误输出），其哈希随授权记录（见 `consent evidence`）。加 --json 时不显示，也不作此记录。',
    },
    example: '--to department:HospitalBMSP:cardiology --purposes TREAT --classes laboratory-report --until +30d --as patient',
    flags: [flag.ownPseudonym, toFlag, ...provisionFlags],
    input: z.object({ ...key, ...provisionInput }),
    run: async (call, input) => {
      const request = { ...(await keyOf(call, input)), provisions: provisionsOf(call, input) };
      const agreed = withEvidence(call, transactions.GrantPolicy, request);
      return transact(call, transactions.GrantPolicy, agreed, (result) => showAnswer(result, ends(call, request)));
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
      const agreed = withEvidence(call, transactions.AmendPolicy, request);
      return transact(call, transactions.AmendPolicy, agreed, (result) => showAnswer(result, ends(call, request)));
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
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListPolicies, await ownPage(call, input), ({ items, ...rest }) => [
        table(
          [grantee, label.version, label.state, label.provisions],
          items.map((grant) => grantRow(grant, call.terminal.timeZone)),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'history',
    summary: { en: 'every version of a policy, oldest first', zh: '某项授权的全部版本，由旧到新' },
    example: '--to department:HospitalBMSP:cardiology --as patient',
    flags: [flag.ownPseudonym, toFlag],
    input: z.object(key),
    run: async (call, input) => showPolicyVersions(call, await keyOf(call, input)),
  }),
  evidenceCommand,
  explainCommand,
  ...consentFhirCommands,
];

async function keyOf(
  call: CommandCall,
  input: { readonly pseudonym?: Pseudonym | undefined; readonly to: GranteeInput },
): Promise<{ pseudonym: string; grantee: GranteeInput }> {
  return { pseudonym: await soleOf(call, input.pseudonym), grantee: input.to };
}

/** A flag that would count for nothing is refused: whoever gave it believes that it counts. */
function assertNoneIgnored(input: ProvisionInput): void {
  const { provisions, deny, onward, ...single } = input;
  const switches = [...(onward ? ['--onward'] : []), ...(deny ? ['--deny'] : [])];
  const given = Object.entries(single).flatMap(([name, value]) => (value === undefined ? [] : [flagOf(name)]));
  if (provisions !== undefined && switches.length + given.length > 0)
    throw new CliProblem('USAGE', `--provisions: ${[...given, ...switches].join(', ')}`);
  if (deny && input.maxLevel !== undefined) throw new CliProblem('USAGE', '--deny: --min-level, not --max-level');
  if (deny && input.uses !== undefined) throw new CliProblem('USAGE', '--deny: not --uses');
  if (!deny && input.minLevel !== undefined) throw new CliProblem('USAGE', '--min-level: --deny');
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function provisionsOf(call: CommandCall, given: ProvisionInput): z.input<typeof provisionDraftsSchema> {
  const input = ownFlags(given);
  assertNoneIgnored(input);
  if (input.provisions !== undefined) {
    const drafts = readJson(input.provisions, call.terminal);
    const result = provisionDraftsSchema.safeParse(drafts);
    if (result.success) return result.data;
    const placed = misfitsOf(provisionDraftsSchema, drafts).map(({ path, why }) => [`--provisions: ${path.join('.')}`, why] as const);
    throw new CliProblem('USAGE', misfitText(placed));
  }
  const validUntil = endOf(call, input);
  const copying = copyTermsIn(input, input.deny, call.terminal);
  const shared = sharedFields(call, input);
  if (input.deny) {
    const minDataLevel = input.minLevel === undefined ? {} : { minDataLevel: input.minLevel };
    return [{ effect: 'deny', ...shared, ...minDataLevel, ...(validUntil === undefined ? {} : { validUntil }) }];
  }
  if (validUntil === undefined) throw lacking('--until <instant>');
  const maxDataLevel = input.maxLevel === undefined ? {} : { maxDataLevel: input.maxLevel };
  const uses = input.uses === undefined ? {} : { uses: input.uses };
  return [{ effect: 'permit', ...shared, ...maxDataLevel, ...uses, ...copying, validUntil }];
}

type SharedFields = Omit<
  Extract<z.input<typeof provisionDraftsSchema>[number], { effect: 'deny' }>,
  'effect' | 'minDataLevel' | 'validUntil'
>;

/** What a permission and a prohibition have in common. */
function sharedFields(call: CommandCall, input: ProvisionInput): SharedFields {
  const { purposes: wanted, classes, labels, records, careMonths, encounters, from } = input;
  if (wanted === undefined) throw lacking('--purposes <list>');
  return {
    provisionId: newId(),
    purposes: wanted === 'any' ? 'any' : purposeList(wanted),
    ...(classes === undefined ? {} : { classes }),
    ...(labels === undefined ? {} : { confidentiality: labels }),
    ...(records === undefined ? {} : { recordIds: records }),
    ...(careMonths === undefined ? {} : { careMonths }),
    ...(encounters === undefined ? {} : { encounters }),
    ...(from === undefined ? {} : { validFrom: parseMoment(from, call.terminal, 'begin') }),
  };
}

/** The end that was named. Without a beginning, one that is over already cannot be meant. */
function endOf(call: CommandCall, { from, until }: ProvisionInput): Instant | undefined {
  if (until === undefined) return undefined;
  const end = parseMoment(until, call.terminal, 'end');
  if (from === undefined && end <= call.terminal.now().toISOString()) {
    throw new CliProblem('USAGE', 'input.provisions: --until <instant>: ends before it begins');
  }
  return end;
}

/** Without what the command itself takes besides: pseudonym, grantee, version. */
function ownFlags(input: ProvisionInput): ProvisionInput {
  const { purposes: wanted, classes, labels, records, careMonths, encounters, maxLevel, minLevel, from, until, uses, ...more } = input;
  const scope = { purposes: wanted, classes, labels, records, careMonths, encounters, maxLevel, minLevel, from, until, uses };
  const { handling, eraseAt, onward, deny, provisions } = more;
  return { ...scope, handling, eraseAt, onward, deny, provisions };
}

function purposeList(text: string): z.output<typeof consentPurposeSchema>[] {
  const result = list(consentPurposeSchema).safeParse(text);
  if (result.success) return result.data;
  throw new CliProblem('USAGE', `--purposes <list>: ${text}`);
}
