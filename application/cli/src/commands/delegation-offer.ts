import { z } from 'zod';
import { delegationIdSchema, delegationScopes, delegationScopesSchema, idNonceSchema, sha256Schema } from '@lianyi/domain';
import { type Flag } from '../command-spec';
import { list } from '../inputs';
import { type Block, fields } from '../outcome';
import { label } from './vocabulary';
import { choicesText, stateText } from './words';

/** What the commands that make somebody a delegate have in common. */

export const delegationWords = {
  delegation: { en: 'delegation', zh: '代理编号' },
  basis: { en: 'by which right', zh: '依据' },
  scopes: { en: 'scopes', zh: '代理范围' },
  firstKeyHash: { en: 'first key hash', zh: '首个密钥哈希' },
  nextKeyHash: { en: 'next key hash', zh: '下一密钥哈希' },
  lastCommand: { en: 'last acted', zh: '最近办理' },
};
export const delegationArgument = { term: '<delegation>', text: { en: 'the delegation', zh: '代理编号' } };

/** What the delegate's wallet has made. */
export const offerFlags: readonly Flag[] = [
  { flags: '--delegation <id>', text: { en: 'the id that the delegate’s wallet has made', zh: '代理人钱包生成的编号' }, required: true },
  { flags: '--nonce <nonce>', text: { en: 'from which the id is derived', zh: '派生编号所用的随机数' }, required: true },
  { flags: '--next-key-hash <hash>', text: { en: 'hash of the delegate’s first key', zh: '代理人首个密钥的哈希' }, required: true },
  {
    flags: '--scopes <list>',
    text: { en: `of ${delegationScopes.join(', ')}`, zh: `代理范围，取自 ${choicesText(delegationScopes)}` },
    required: true,
  },
  {
    flags: '--until <moment>',
    text: {
      en: 'the end, at most five years ahead: a date (its end, where you are), an instant, or +90d',
      zh: '截止时间，最长五年：日期（当地当日结束）、时刻，或 +90d',
    },
    required: true,
  },
];
export const evidenceFlag: Flag = {
  flags: '--evidence-file <file>',
  text: { en: 'what was shown, as JSON', zh: '所出示的证件（JSON）' },
  required: true,
};
export const offerInput = {
  delegation: delegationIdSchema,
  nonce: idNonceSchema,
  nextKeyHash: sha256Schema,
  scopes: list(z.enum(delegationScopes)).pipe(delegationScopesSchema),
  until: z.string(),
};

export function showDelegationState(result: {
  readonly pseudonym: string;
  readonly delegationId: string;
  readonly state: string;
}): readonly Block[] {
  return [
    fields([
      [label.pseudonym, result.pseudonym],
      [delegationWords.delegation, result.delegationId],
      [label.state, stateText(result.state)],
    ]),
  ];
}
