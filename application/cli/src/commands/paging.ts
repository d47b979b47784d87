import { z } from 'zod';
import { cursorSchema, type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { whole } from '../inputs';
import { type Text } from '../language';
import { soleOf } from '../ledger/pseudonym';
import { type Block, line } from '../outcome';
import { flag, label } from './vocabulary';

/** The options of every list. */
export const pageInput = { limit: whole(z.int().min(1).max(100)).default(25), after: cursorSchema.optional() };

/** The page as the catalogue spells it. */
export function pageRequest({ limit, after }: { readonly limit: number; readonly after?: string | undefined }): {
  limit: number;
  after?: string;
} {
  return { limit, ...(after === undefined ? {} : { after }) };
}

/** The options of a list of what is a patient's: theirs, or under the pseudonym that is named. */
export const ownPageFlags = [flag.ownPseudonym, flag.limit, flag.after] as const;
export const ownPageInput = z.object({ pseudonym: pseudonymSchema.optional(), ...pageInput });

/** Its page as the catalogue spells it. */
export async function ownPage(
  call: CommandCall,
  { pseudonym, ...page }: z.output<typeof ownPageInput>,
): Promise<{ pseudonym: Pseudonym } & ReturnType<typeof pageRequest>> {
  return { pseudonym: await soleOf(call, pseudonym), ...pageRequest(page) };
}

/** What a page does not show: entries that are none, and where the list goes on, when it does. */
export function restOfPage({ next, unreadable }: { readonly next?: string; readonly unreadable?: number }): readonly Block[] {
  const left = unreadable === undefined ? [] : [line(unreadableText(unreadable))];
  return next === undefined ? left : [...left, line({ en: `${label.more.en} ${next}`, zh: `${label.more.zh} ${next}` })];
}

const unreadableText = (count: number): Text => ({
  en: `UNREADABLE: ${count} of what was read are no entries of this list, whoever has written them there; an alarm names each.`,
  zh: `无法读取：所读内容中有 ${count} 条不是该列表的条目，由他人写入；告警会逐条指明。`,
});
