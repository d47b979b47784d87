import { agreedText, checkAgreed, type CheckedEvidence, checkEvidence } from '@lianyi/client/consent-wording';
import { type ConsentEvidence, type CountedGrant, pseudonymSchema, type Request, transactions } from '@lianyi/domain';
import { z } from 'zod';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { wrapToWidth } from '../columns';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { whole } from '../inputs';
import { type Text } from '../language';
import { soleOf } from '../ledger/pseudonym';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { checkedRequest, dryRun, withSession } from '../transact';
import { grantee } from './consent-answer';
import { parseGrantee, showGrantee } from './grantee';
import { versionsOf } from './policy-versions';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

type Asked = Pick<Request<typeof transactions.GrantPolicy>, 'pseudonym' | 'grantee' | 'provisions'>;

/**
 * Shows the exact text that is agreed to, before anything is signed, in the language of who reads it; and adds to the request what was shown. It
 * goes where problems go, so that the answer stays alone on standard output. With `--json` a program runs the command: nobody is shown anything, and
 * nothing is said to have been.
 */
export function withEvidence<Of extends Asked>(
  call: CommandCall,
  entry: typeof transactions.GrantPolicy | typeof transactions.AmendPolicy,
  asked: Of,
  ceremony: ConsentEvidence['ceremony'] = 'wallet',
): Of & { readonly evidence?: ConsentEvidence } {
  checkedRequest(entry, asked);
  if (call.options.json) return asked;
  const { text, evidence } = agreedText(subjectOf(asked), call.options.language, ceremony);
  const { terminal } = call;
  terminal.err(
    text
      .split('\n')
      .map((each) => wrapToWidth(each, terminal.errColumns))
      .join('\n'),
  );
  return { ...asked, evidence };
}

function subjectOf({ pseudonym, grantee: to, provisions }: Asked): z.output<typeof transactions.GrantPolicy.request> {
  return transactions.GrantPolicy.request.parse({ pseudonym, grantee: to, provisions });
}

/**
 * What the second of two is shown of a text that the first says was agreed to; of anything else nothing.
 * @throws CliProblem `USAGE` — it is not the text of these provisions
 */
export function agreedBlocks(input: unknown, file: string): readonly Block[] {
  const granted = transactions.GrantPolicy.request.safeParse(input).data;
  if (granted?.evidence === undefined) return [];
  const checked = checkAgreed(granted, granted.evidence);
  if (checked.outcome === 'differs') throw new CliProblem('USAGE', `${file}: input.evidence.formSha256`);
  return textBlocks(checked);
}

export const evidenceCommand: CommandSpec = command({
  name: 'evidence',
  summary: { en: 'the exact text that was agreed to, held against its hash', zh: '当时同意的原文，并与其哈希核对' },
  detail: {
    en: 'The text is made again of what the ledger has of just that version, by the wording that it names. Exit code 1 unless it is to the letter what was shown.',
    zh: '按账本所载该版本的内容及其所记文本名称重新生成原文。与当时所示不是一字不差时，退出码为 1。',
  },
  example: '--to department:HospitalBMSP:cardiology --policy-version 2 --as patient',
  flags: [
    flag.ownPseudonym,
    { flags: '--to <grantee>', text: { en: 'of whom', zh: '被授权方' }, required: true },
    { flags: '--policy-version <n>', text: { en: 'which version (the present one)', zh: '第几版（默认现行版本）' } },
  ],
  input: z.object({
    pseudonym: pseudonymSchema.optional(),
    to: z.string().transform(parseGrantee),
    policyVersion: whole(z.int().min(1)).optional(),
  }),
  run: async (call, { pseudonym, to, policyVersion: version }) => {
    const key = { pseudonym: await soleOf(call, pseudonym), grantee: to };
    return withSession(call, async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.GetPolicy, key)));
      const { versions } = await versionsOf(session, key);
      const grant = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
      if (grant === undefined) throw new CliProblem('USAGE', `--policy-version <n>: ${versions.map((each) => each.version).join(', ')}`);
      return showEvidence(grant);
    });
  },
});

const outcomes: Readonly<Record<CheckedEvidence['outcome'], Text>> = {
  agreed: { en: 'this is to the letter what was agreed to', zh: '与当时同意的文本一字不差' },
  differs: { en: 'IT DIFFERS: something else was shown than the ledger has', zh: '不一致：当时所示与账本所载不同' },
  'unknown-wording': {
    en: 'UNKNOWN WORDING: this release does not know it, and cannot show the text',
    zh: '未知文本：本版本不认识，无法显示原文',
  },
  none: { en: 'NO EVIDENCE: nothing is said of what was shown', zh: '无凭证：未记录当时所示的内容' },
};
const wordingLabel = { en: 'wording', zh: '文本' };
const languageLabel = { en: 'language', zh: '语言' };
const ceremonyLabel = { en: 'ceremony', zh: '同意方式' };
const hashLabel = { en: 'hash of the text', zh: '文本哈希' };
const checkLabel = { en: 'check', zh: '核对' };

function showEvidence(grant: CountedGrant): CommandOutcome {
  const { evidence, version, state } = grant;
  const checked = checkEvidence(grant);
  const data = { grantee: grant.grantee, version, state, ...checked, ...(evidence === undefined ? {} : { evidence }) };
  const view = [
    fields([
      [grantee, showGrantee(grant.grantee)],
      [label.version, version],
      [label.state, stateText(state)],
      [wordingLabel, evidence && `${evidence.wording.name} ${evidence.wording.version}`],
      [languageLabel, evidence && wordText(evidence.language)],
      [ceremonyLabel, evidence && wordText(evidence.ceremony)],
      [hashLabel, evidence?.formSha256],
      [checkLabel, outcomes[checked.outcome]],
    ]),
    ...textBlocks(checked),
  ];
  return { ...outcome(data, ...view), exitCode: checked.outcome === 'agreed' ? exitCode.ok : exitCode.failure };
}

/** The text in its lines; of one that cannot be shown that it cannot. */
function textBlocks(checked: CheckedEvidence): readonly Block[] {
  if (!('text' in checked)) return checked.outcome === 'none' ? [] : [line(outcomes[checked.outcome])];
  return ['', ...checked.text.trimEnd().split('\n')].map((each) => line(each));
}
