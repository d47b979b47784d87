import { z } from 'zod';
import { newId } from '@lianyi/client';
import { consentIn, consentMeaningsSchema, consentOut, type ConsentRemark, type ImportedConsent } from '@lianyi/documents/consent';
import {
  canonicalJson,
  DomainError,
  type Grantee,
  granteeSchema,
  type Json,
  provisionIdSchema,
  pseudonymSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { parsedFile, readJson } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { type Text } from '../language';
import { parseMoment } from '../moment';
import { type Block, fields, line, outcome } from '../outcome';
import { ask, checkedRequest, dryRun, transact, withSession } from '../transact';
import { withEvidence } from './consent-evidence';
import { parseGrantee, showGrantee } from './grantee';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const remarkTexts: Readonly<Record<ConsentRemark, Text>> = {
  'purposes-left-out': { en: 'permitted without purposes that are not known here', zh: '未授予本系统不认识的用途' },
  'every-purpose-forbidden': { en: 'forbidden for every purpose: one is not known here', zh: '因含不认识的用途，禁止适用于一切用途' },
  'level-5-forbidden': {
    en: 'everything of data level 5 is forbidden: no sensitivity stands on the ledger',
    zh: '账本不记录敏感类别，故禁止全部 5 级数据',
  },
  'every-class-forbidden': { en: 'forbidden for every class of record', zh: '禁止适用于所有病历类别' },
  'every-code-forbidden': {
    en: 'forbidden whatever the record is about: no code stands on the ledger',
    zh: '账本不记录临床代码，故禁止不限内容',
  },
  'references-left-out': { en: 'permitted without what is not known here', zh: '未授予本系统不认识的资料' },
  'exception-left-out': {
    en: 'without permissions inside: none beats a prohibition here',
    zh: '未采用内层的允许条款：此处允许不能优先于禁止',
  },
};

const otherEvidence = {
  en: 'the Consent says what was shown when it was agreed to; this grant is evidenced by the text above, and not by that',
  zh: '该 Consent 记有当时所示的文本；本次授予以上面所示文本为凭证，不沿用该凭证',
};

const importInput = z.object({
  file: z.string(),
  pseudonym: pseudonymSchema.optional(),
  to: z.string().transform(parseGrantee).optional(),
  until: z.string().optional(),
  meanings: z.string().optional(),
});

export const consentFhirCommands: readonly CommandSpec[] = [
  command({
    name: 'export',
    summary: { en: 'a policy as a FHIR R4 Consent', zh: '以 FHIR R4 Consent 导出一项授权' },
    example: '--to department:HospitalBMSP:cardiology --json --as patient',
    flags: [flag.ownPseudonym, { flags: '--to <grantee>', text: { en: 'of whom', zh: '被授权方' }, required: true }],
    input: z.object({ pseudonym: pseudonymSchema.optional(), to: z.string().transform(parseGrantee) }),
    run: async (call, { pseudonym, to }) => {
      const key = { pseudonym: await soleOf(call, pseudonym), grantee: to };
      return withSession(call, async (session) => {
        if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.GetPolicy, key)));
        const consent = consentOut((await ask(session, transactions.GetPolicy, key)).result);
        const text = JSON.stringify(consent, undefined, 2);
        return outcome(consent, line({ en: text, zh: text }));
      });
    },
  }),
  command({
    name: 'import',
    summary: { en: 'grant what a FHIR R4 Consent (IHE PCF) says', zh: '按 FHIR R4 Consent（IHE PCF）授予' },
    detail: {
      en: 'What cannot be said here is permitted more narrowly or forbidden more widely, and told; where that is impossible nothing is granted (docs/fhir-consent.md). A Consent for several grantees is granted one by one: --to says which. With --dry-run nothing is sent.',
      zh: '无法对应之处，允许取窄、禁止取宽并予以说明；做不到时不作任何授予（docs/fhir-consent.md）。涉及多个被授权方时逐一授予，用 --to 指定。加 --dry-run 则不发送。',
    },
    example: 'consent.json --to department:HospitalBMSP:cardiology --until +90d --as patient',
    arguments: [
      { term: '<file>', text: { en: 'FHIR R4 JSON Consent (- is standard input)', zh: 'FHIR R4 JSON Consent（- 表示标准输入）' } },
    ],
    flags: [
      flag.ownPseudonym,
      {
        flags: '--to <grantee>',
        text: { en: 'to whom, if the Consent names nobody or several', zh: '被授权方（Consent 未指明或指明多方时）' },
      },
      { flags: '--until <instant>', text: { en: 'until when, if the Consent does not say it', zh: '截止（Consent 未注明时）' } },
      { flags: '--meanings <file>', text: { en: 'what its references are here (JSON)', zh: '其引用在本系统中的含义（JSON）' } },
    ],
    input: importInput,
    run: importConsent,
  }),
];

async function importConsent(call: CommandCall, input: z.output<typeof importInput>): ReturnType<CommandSpec['run']> {
  const imported = readConsent(call, input);
  const { grantee, provisions } = chosenOf(imported, input.to);
  const others = imported.grants.filter((each) => each.grantee !== grantee).map((each) => showGrantee(each.grantee));
  const request = { pseudonym: await soleOf(call, input.pseudonym), grantee, provisions: [...provisions] };
  return transact(call, transactions.GrantPolicy, withEvidence(call, transactions.GrantPolicy, request), ({ version, state }) => [
    fields([
      [{ en: 'grantee', zh: '被授权方' }, showGrantee(grantee)],
      [label.version, version],
      [label.state, stateText(state)],
      [label.provisions, provisions.length],
    ]),
    ...imported.remarks.map((remark) => line(remarkTexts[remark])),
    ...(imported.evidence === undefined ? [] : [line(otherEvidence)]),
    ...(others.length === 0 ? [] : [notYet(others)]),
  ]);
}

/** What of a Consent is not granted by this command: a prohibition that nobody has made forbids nothing. */
function notYet(others: readonly string[]): Block {
  const list = others.join(', ');
  return line({ en: `NOT YET granted or forbidden, one by one with --to: ${list}`, zh: `尚未授予或禁止，须用 --to 逐一办理：${list}` });
}

/** Stands for whoever `--to` names, to see whom the Consent names besides. */
const SOMEBODY = granteeSchema.parse({ kind: 'organisation', mspId: 'SomebodyMSP', name: 'all' });

/** @throws CliProblem `USAGE` — `--to` names somebody of whom the Consent makes an exception, as if they were whom it permits */
function readConsent(call: CommandCall, { file, to, until, meanings }: z.output<typeof importInput>): ImportedConsent {
  const said = meanings === undefined ? consentMeaningsSchema.parse({}) : parsedFile(consentMeaningsSchema, meanings, call.terminal);
  // strict JSON is Json
  const consent = readJson(file, call.terminal) as Json;
  const end = until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') };
  const readFor = (grantees: readonly Grantee[]): ImportedConsent =>
    consentIn(consent, { meanings: { ...said, grantees: [...grantees] }, newProvisionId: () => provisionIdSchema.parse(newId()), ...end });
  if (to === undefined || isNamedWithin(readFor, said.grantees)) return readFor(said.grantees);
  if (readFor([SOMEBODY]).grants.some(({ grantee }) => canonicalJson(grantee) === canonicalJson(to)))
    throw new CliProblem('USAGE', `--to <grantee>: ${showGrantee(to)}`);
  return readFor([to]);
}

/** Whether the Consent, or what explains it, says for whom it is. */
function isNamedWithin(readFor: (grantees: readonly Grantee[]) => ImportedConsent, grantees: readonly Grantee[]): boolean {
  try {
    readFor(grantees);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** The grant to make. @throws CliProblem `USAGE` — there are several, and none of them is named */
function chosenOf({ grants }: ImportedConsent, to: Grantee | undefined): ImportedConsent['grants'][number] {
  const meant =
    grants.length === 1 ? grants : grants.filter(({ grantee }) => to !== undefined && canonicalJson(grantee) === canonicalJson(to));
  const [grant] = meant;
  if (grant === undefined || (to !== undefined && canonicalJson(grant.grantee) !== canonicalJson(to)))
    throw new CliProblem('USAGE', `--to <grantee>: ${grants.map(({ grantee }) => showGrantee(grantee)).join(', ')}`);
  return grant;
}
