import { z } from 'zod';
import {
  actorTagSchema,
  departmentSchema,
  emergencyScopes,
  mspIdSchema,
  type Output,
  pseudonymSchema,
  purposes,
  purposeSchema,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { explainCode } from '../explain-code';
import { type Text } from '../language';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, line } from '../outcome';
import { transact } from '../transact';
import { explainReasons } from './denials';
import { showGrantee } from './grantee';
import { flag, label } from './vocabulary';
import { stateText } from './words';

type Answer = Output<typeof transactions.ExplainAccess>;
type Decided = Extract<Answer, { readonly outcome: 'decided' }>;
type Saying = Decided['sources'][number];

export const explainCommand: CommandSpec = command({
  name: 'explain',
  summary: {
    en: 'how a request would be decided, by which provision of which grant (patient; privacy officer of the hospital)',
    zh: '某次申请会如何决定，依据哪项授权的哪一条款（患者；保管病历的医院的隐私专员）',
  },
  detail: {
    en: 'The same rule decides that decides requests, and by what stands in the staff entry of who would ask: roles, departments, groups and duty. Nothing is written, no use of a consent is taken, and who would ask is told nothing. With --emergency it is how breaking the glass would be decided, by its own rule, without a second person; for the purpose ETREAT.',
    zh: '与实际申请适用同一规则，并以申请人人员条目中的角色、科室、组与值班为准。不写入账本，不消耗授权次数，也不告知申请人。加 --emergency 则按急诊访问的规则说明（无第二人会签，用途为 ETREAT）。',
  },
  example: '--record RECORD --purpose TREAT --asker HospitalBMSP:TAG --department cardiology --as patient',
  flags: [
    flag.ownPseudonym,
    { flags: '--record <id>', text: label.record, required: true },
    { flags: '--purpose <purpose>', text: label.purpose, required: true, choices: purposes },
    { flags: '--asker <msp:tag>', text: { en: 'who would ask', zh: '申请人（机构:代号）' }, required: true },
    { flags: '--department <name>', text: { en: 'for which of their departments', zh: '以其哪个科室的名义' }, required: true },
    { flags: '--emergency <scope>', text: { en: 'if they broke the glass', zh: '若为急诊破例访问' }, choices: emergencyScopes },
    {
      flags: '--at <instant>',
      text: { en: 'when (now, by the ledger’s time); patient only', zh: '时间（默认现在，以账本时间为准）；仅限患者' },
    },
  ],
  input: z.object({
    pseudonym: pseudonymSchema.optional(),
    record: recordIdSchema,
    purpose: purposeSchema,
    asker: z
      .string()
      .transform((text) => text.split(':'))
      .pipe(z.tuple([mspIdSchema, actorTagSchema])),
    department: departmentSchema,
    emergency: z.enum(emergencyScopes).optional(),
    at: z.string().optional(),
  }),
  run: async (call, input) => {
    const [mspId, actorTag] = input.asker;
    const question = {
      recordId: input.record,
      purpose: input.purpose,
      asker: { mspId, actorTag, department: input.department },
      ...(input.emergency === undefined ? {} : { emergency: { scope: input.emergency } }),
      ...(input.at === undefined ? {} : { at: parseMoment(input.at, call.terminal, 'begin') }),
    };
    const pseudonym = await soleOf(call, input.pseudonym);
    return transact(call, transactions.ExplainAccess, { pseudonym, question }, (answer) =>
      answer.outcome === 'refused' ? showRefusal(answer.code) : showExplanation(call, answer),
    );
  },
});

/** What no rule decides: who would ask may not. */
function showRefusal(code: string): readonly Block[] {
  const explanation = explainCode(code);
  const told = { en: 'refused, and nothing decided', zh: '不予受理，不作决定' };
  return [
    fields([
      [label.decision, told],
      [label.reasons, code],
    ]),
    ...(explanation === undefined ? [] : [line({ en: `${code}: ${explanation.meaning.en}`, zh: `${code}：${explanation.meaning.zh}` })]),
  ];
}

function showExplanation(call: CommandCall, { decision, isRecordKnown, sources }: Decided): readonly Block[] {
  const isPermit = decision.effect === 'permit';
  const unknown = { en: 'The ledger does not know the record under this pseudonym.', zh: '账本上该假名名下没有这份病历。' };
  return [
    fields([
      [label.decision, stateText(decision.effect)],
      [label.provisions, isPermit ? decision.provisionIds.join(', ') : undefined],
      [label.until, isPermit ? momentText(decision.until, call.terminal) : undefined],
      [label.reasons, isPermit ? undefined : decision.reasons.join(', ')],
    ]),
    ...(isRecordKnown ? [] : [line(unknown)]),
    ...sources.flatMap((saying) => sentencesOf(call, saying)).map((sentence) => line(sentence)),
    ...(isPermit ? [] : explainReasons(decision.reasons)),
  ];
}

/** What has spoken where no provision has. */
const sourceNames = {
  purpose: { en: 'the purpose, for the roles of who would ask', zh: '用途（就申请人的角色而言）' },
  retraction: { en: 'the state of the record', zh: '病历的状态' },
  relationship: { en: 'the relationship with the hospital that keeps the record', zh: '与保管医院的关系' },
  prohibitions: { en: 'what is forbidden', zh: '禁止条款' },
  grants: { en: 'what is granted', zh: '授权' },
  defaultPolicy: { en: 'the default policy', zh: '默认规则' },
  emergency: { en: 'the rule of emergencies', zh: '急诊规则' },
  approvals: { en: 'the approval by the hospital that keeps the record', zh: '保管医院的批准' },
} as const satisfies Record<Saying['source'], Text>;

/** What one source says, a sentence for each provision; a source that says nothing has none. */
function sentencesOf(call: CommandCall, saying: Saying): readonly Text[] {
  const { source, refusal, denials = [], forbiddenBy = [], bases = [], shortfalls = [], revoked = [], unapproved = [], ends = [] } = saying;
  const ownReasons = [...(refusal === undefined ? [] : [refusal]), ...(forbiddenBy.length > 0 ? [] : denials), ...unapproved];
  const moment = (until: (typeof bases)[number]['until']): string => momentText(until, call.terminal)?.en ?? '';
  return [
    ...ownReasons.map((reason) => sentence(sourceNames[source], { en: `denies: ${reason}`, zh: `拒绝：${reason}` })),
    ...forbiddenBy.map((origin) => sentence(originText(origin), { en: 'forbids it', zh: '禁止' })),
    ...ends.map(({ at, provisionId, ...grant }) =>
      provisionId === undefined
        ? sentence(sourceNames[source], { en: `ends at ${moment(at)}`, zh: `至 ${moment(at)} 为止` })
        : sentence(originText({ provisionId, ...grant }), { en: `forbids it from ${moment(at)} on`, zh: `自 ${moment(at)} 起禁止` }),
    ),
    ...bases.map((basis) => sentence(source === 'emergency' ? sourceNames.emergency : originText(basis), permitsText(moment(basis.until)))),
    ...shortfalls.map(({ lacks, ...origin }) =>
      sentence(originText(origin), { en: `does not permit it: ${lacks.join(', ')}`, zh: `不足以允许：${lacks.join('、')}` }),
    ),
    ...revoked.map((grant) => sentence(grantText(grant), { en: 'is revoked', zh: '已撤销' })),
  ];
}

function permitsText(until: string): Text {
  return until === '' ? { en: 'permits it', zh: '允许' } : { en: `permits it until ${until}`, zh: `允许，至 ${until}` };
}

function sentence(subject: Text, says: Text): Text {
  return { en: `${subject.en} ${says.en}`, zh: `${subject.zh}：${says.zh}` };
}

type Origin = NonNullable<Saying['forbiddenBy']>[number];

/** A provision, and whose grant in which version it is of. */
function originText({ provisionId, grantVersion }: Origin): Text {
  if (grantVersion === undefined) return sourceNames.defaultPolicy;
  const grant = grantText(grantVersion);
  return { en: `provision ${provisionId} of ${grant.en}`, zh: `${grant.zh}的条款 ${provisionId}` };
}

function grantText({ grantee, version }: NonNullable<Saying['revoked']>[number]): Text {
  const to = showGrantee(grantee);
  return { en: `the grant to ${to} (version ${version})`, zh: `给 ${to} 的授权（第 ${version} 版）` };
}
