import { z } from 'zod';
import { newId } from '@lianyi/client';
import { consentIn, consentMeaningsSchema, consentOut, type ConsentRemark, type ImportedConsent } from '@lianyi/documents/consent';
import { type Json, type Output, provisionIdSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { parsedFile, readJson } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { type Text } from '../language';
import { parseMoment } from '../moment';
import { type Block, fields, line, outcome } from '../outcome';
import { ask, checkedRequest, dryRun, sendRequest, withSession } from '../transact';
import { withEvidence } from './consent-evidence';
import { assertInForce, chosenOf, spelledOf } from './consent-turns';
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
  'stricter-labels-forbidden': { en: 'forbidden by the labels that are stricter, too', zh: '更严格的标签也一并禁止' },
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
  for: z.string().transform(parseGrantee).optional(),
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
      en: 'What cannot be said here is permitted more narrowly or forbidden more widely, and told; where that is impossible nothing is granted (docs/fhir-consent.md). A Consent for several grantees is granted one by one, --to says which: first those of whom it makes an exception, and the ledger is asked whether they are forbidden it before the permission is sent. With --dry-run nothing is sent.',
      zh: '无法对应之处，允许取窄、禁止取宽并予以说明；做不到时不作任何授予（docs/fhir-consent.md）。涉及多个被授权方时用 --to 逐一授予：先办理例外中的禁止；发送允许之前会向账本核实禁止已生效。加 --dry-run 则不发送。',
    },
    example: 'consent.json --for department:HospitalBMSP:cardiology --until +90d --as patient',
    arguments: [
      { term: '<file>', text: { en: 'FHIR R4 JSON Consent (- is standard input)', zh: 'FHIR R4 JSON Consent（- 表示标准输入）' } },
    ],
    flags: [
      flag.ownPseudonym,
      { flags: '--for <grantee>', text: { en: 'for whom it is, if the Consent names nobody', zh: '被授权方（Consent 未指明时）' } },
      { flags: '--to <grantee>', text: { en: 'whose part of it, if there are several', zh: '办理哪一方（涉及多方时）' } },
      { flags: '--until <instant>', text: { en: 'until when, if the Consent does not say it', zh: '截止（Consent 未注明时）' } },
      { flags: '--meanings <file>', text: { en: 'what its references are here (JSON)', zh: '其引用在本系统中的含义（JSON）' } },
    ],
    input: importInput,
    run: importConsent,
  }),
];

const unwitnessed: Text = {
  en: 'that its prohibitions are in force: UNWITNESSED, the word of the node that carries alone; look again (consent list) through another member',
  zh: '其禁止项已生效：无见证，仅凭转送节点自己的说法；请通过另一成员再次查看（consent list）',
};

async function importConsent(call: CommandCall, input: z.output<typeof importInput>): ReturnType<CommandSpec['run']> {
  const imported = readConsent(call, input);
  const { grant, first } = chosenOf(imported.grants, input.to);
  const { grantee, provisions } = grant;
  const left = spelledOf(imported.grants.filter((each) => each !== grant && !first.includes(each)));
  const pseudonym = await soleOf(call, input.pseudonym);
  const asked = { pseudonym, grantee, provisions: [...provisions] };
  const request = checkedRequest(transactions.GrantPolicy, withEvidence(call, transactions.GrantPolicy, asked));
  const more = { remarks: imported.remarks, first: spelledOf(first), left };
  return withSession(call, async (session) => {
    const firstToldBy = call.options.dryRun ? [] : await assertInForce(session, pseudonym, first);
    const view = ({ version, state }: Output<typeof transactions.GrantPolicy>): readonly Block[] => [
      fields([
        [{ en: 'grantee', zh: '被授权方' }, showGrantee(grantee)],
        [label.version, version],
        [label.state, stateText(state)],
        [label.provisions, provisions.length],
      ]),
      ...imported.remarks.map((remark) => line(remarkTexts[remark])),
      ...(imported.evidence === undefined ? [] : [line(otherEvidence)]),
      ...(firstToldBy.length === 1 ? [line(unwitnessed)] : []),
      ...(left.length === 0 ? [] : [notYet(left)]),
    ];
    return sendRequest(call, session, request, view, { ...more, ...(firstToldBy.length === 0 ? {} : { firstToldBy }) });
  });
}

/** What of a Consent is not granted by this command: a prohibition that nobody has made forbids nothing. */
function notYet(left: readonly string[]): Block {
  const list = left.join(', ');
  return line({ en: `NOT YET granted or forbidden, one by one with --to: ${list}`, zh: `尚未授予或禁止，须用 --to 逐一办理：${list}` });
}

/** @throws CliProblem `USAGE` — `--for` names somebody, and the Consent or what explains it says already for whom it is */
function readConsent(call: CommandCall, { file, for: whom, until, meanings }: z.output<typeof importInput>): ImportedConsent {
  const said = meanings === undefined ? consentMeaningsSchema.parse({}) : parsedFile(consentMeaningsSchema, meanings, call.terminal);
  // strict JSON is Json
  const consent = readJson(file, call.terminal) as Json;
  const imported = consentIn(consent, {
    meanings: whom === undefined ? said : { ...said, grantees: [whom] },
    newProvisionId: () => provisionIdSchema.parse(newId()),
    ...(until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') }),
  });
  if (whom !== undefined && (imported.isForNamed || said.grantees.length > 0)) throw new CliProblem('USAGE', '--for <grantee>: 0');
  return imported;
}
