import { z } from 'zod';
import {
  type Delegation,
  delegationIdOf,
  delegationIdSchema,
  DomainError,
  hashOfJson,
  idNonceSchema,
  type Input,
  pseudonymSchema,
  type Sha256,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { momentText } from '../moment';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { ask, transact, withSession } from '../transact';
import { delegationWords, evidenceFlag, showDelegationState } from './delegation-offer';
import { flag, label } from './vocabulary';
import { wordsText, wordText } from './words';

/** The second registrar is shown what they would confirm, and then signs that and nothing else. */

type Said = Input<typeof transactions.ConfirmDelegation>;

/** 96 bits: a node chooses what is shown, and makes no other of the same. */
const CHECK_DIGITS = 24;
const checkLabel = { en: 'check', zh: '校验码' };
const notYet = {
  en: 'Nothing is signed or sent yet. Hold the key’s hash against the delegate’s own screen, right, scopes and end against the paper that you were shown; if they are the same, once more with --yes and the check above.',
  zh: '尚未签名或发送。请将密钥哈希与代理人自己的屏幕核对，将依据、代理范围和截止时间与所出示的文书核对；一致时请加 --yes 及上面的校验码再次执行。',
};
export const confirmDetail = {
  en: 'Nonce and key hash are those that `lianyi delegation offer` has printed on the screen of who will act: take them from there, not from a colleague. Shows first who would act, for what and until when, and signs nothing; with --yes it signs just that.',
  zh: '随机数和密钥哈希须取自代理人自己屏幕上 `lianyi delegation offer` 的输出，不得由同事转述。先显示由谁代理、代理范围和截止时间，不签名；加 --yes 及所示校验码后，仅按所示内容签名。',
};
export const confirmFlags: readonly Flag[] = [
  flag.pseudonym,
  {
    flags: '--nonce <nonce>',
    text: { en: 'from which the id is derived, as the delegate’s own screen has it', zh: '派生编号所用的随机数（取自代理人自己的屏幕）' },
    required: true,
  },
  {
    flags: '--next-key-hash <hash>',
    text: { en: 'hash of the delegate’s first key, as their own screen has it', zh: '代理人首个密钥的哈希（取自代理人自己的屏幕）' },
    required: true,
  },
  evidenceFlag,
  { flags: '--yes <check>', text: { en: 'confirm what was shown with this check', zh: '确认以此校验码所示的内容' } },
];
export const confirmInput = z.object({
  delegation: delegationIdSchema,
  pseudonym: pseudonymSchema,
  nonce: idNonceSchema,
  nextKeyHash: sha256Schema,
  evidenceFile: z.string(),
  yes: z.string().optional(),
});

/**
 * Shows what is proposed; with `--yes` and its check, confirms it.
 * @param by - by which right, the commitment to what was shown, and what else the second looks at before
 * @throws {@link DomainError} `DELEGATION_DIFFERS` — the id is not the one of the key on the delegate's screen, or it is by another right
 */
export async function confirmShown(
  call: CommandCall,
  { delegation: delegationId, pseudonym, nonce, nextKeyHash, yes }: Omit<z.output<typeof confirmInput>, 'evidenceFile'>,
  by: { readonly basis: 'parent' | 'court'; readonly evidence: Sha256; readonly look?: (shown: Delegation) => void },
): Promise<CommandOutcome> {
  if (delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce }) !== delegationId) throw differs('nextKeyHash');
  const shown = await withSession(
    call,
    async (session) => (await ask(session, transactions.GetDelegation, { pseudonym, delegationId })).result,
  );
  if (shown.basis !== by.basis) throw differs('basis');
  by.look?.(shown);
  const { scopes, validUntil } = shown;
  const input: Said = {
    ...{ pseudonym, delegationId, nonce, nextKeyHash, scopes, validUntil, evidence: by.evidence },
    ...(by.basis === 'court' ? { basis: by.basis } : {}),
  };
  const check = Buffer.from(hashOfJson(input), 'base64url').toString('hex').slice(0, CHECK_DIGITS);
  const view = viewOf(call, input, by.basis);
  if (yes === undefined) return outcome({ ...input, check, isSent: false }, ...view, fields([[checkLabel, check]]), line(notYet));
  if (yes !== check) throw new CliProblem('USAGE', `--yes ${yes}: not what was shown; show it again`);
  return transact(call, transactions.ConfirmDelegation, input, (result) => [...view, ...showDelegationState(result)]);
}

function viewOf({ terminal }: CommandCall, { pseudonym, delegationId, scopes, validUntil, nextKeyHash }: Said, basis: string): Block[] {
  return [
    fields([
      [label.pseudonym, pseudonym],
      [delegationWords.delegation, delegationId],
      [delegationWords.firstKeyHash, nextKeyHash],
      [delegationWords.basis, wordText(basis)],
      [delegationWords.scopes, wordsText(scopes)],
      [label.until, momentText(validUntil, terminal)],
    ]),
  ];
}

function differs(field: string): DomainError {
  return new DomainError('DELEGATION_DIFFERS', undefined, { field });
}
