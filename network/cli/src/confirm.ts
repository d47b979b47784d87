import { OperatorError } from '@lianyi/network-model';
import { indented } from './columns';
import { type HelpText } from './language';
import { switchOption } from './option';
import { type VerbCall } from './verb-spec';

/** `--yes`, of every verb that removes what cannot be had again. */
export const yes = switchOption('--yes', {
  en: 'remove what cannot be had again without being asked, for scripts',
  zh: '不经询问即删除无法恢复的内容（用于脚本）',
});

const QUESTION: HelpText = { en: 'Type "yes" to remove it: ', zh: '输入 yes 以删除：' };

/**
 * Says what would be lost for good, and goes on only if a person agrees, or has said so in advance.
 * @throws {@link OperatorError} `NOT_CONFIRMED` — nothing has been removed.
 */
export async function confirmLoss(loss: HelpText, isConfirmed: boolean, { output, language }: VerbCall): Promise<void> {
  if (isConfirmed) return;
  if (output.ask) {
    output.err(indented(loss[language], ''));
    if ((await output.ask(QUESTION[language])).trim() === 'yes') return;
    throw new OperatorError('NOT_CONFIRMED', { en: 'nothing was removed', zh: '没有删除任何内容' });
  }
  throw new OperatorError('NOT_CONFIRMED', {
    en: `nothing was removed. ${loss.en} Say --yes if that is meant`,
    zh: `没有删除任何内容。${loss.zh}如确有此意，请加 --yes`,
  });
}
