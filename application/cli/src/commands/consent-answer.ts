import { type z } from 'zod';
import { provisionDraftsSchema } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type Text } from '../language';
import { momentText } from '../moment';
import { type Block, fields } from '../outcome';
import { type GranteeInput, showGrantee } from './grantee';
import { label } from './vocabulary';
import { stateText } from './words';

/** What the column is called that says whom a policy is for. */
export const grantee = { en: 'grantee', zh: '被授权方' };

/** When each provision ends, where the user is and in UTC: a date alone says neither. */
export function ends(call: CommandCall, { provisions }: { readonly provisions: z.input<typeof provisionDraftsSchema> }): Text | undefined {
  const texts = provisionDraftsSchema
    .parse(provisions)
    .map(({ validUntil }) => momentText(validUntil, call.terminal) ?? { en: 'no end', zh: '无期限' });
  return { en: texts.map(({ en }) => en).join('; '), zh: texts.map(({ zh }) => zh).join('；') };
}

/** What became of a policy. */
export function showAnswer(
  result: { readonly grantee: GranteeInput; readonly version: number; readonly state: string },
  until?: Text,
): readonly Block[] {
  return [
    fields([
      [grantee, showGrantee(result.grantee)],
      [label.version, result.version],
      [label.state, stateText(result.state)],
      [label.until, until],
    ]),
  ];
}
