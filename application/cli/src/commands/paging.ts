import { z } from 'zod';
import { cursorSchema } from '@lianyi/domain';
import { whole } from '../inputs';
import { type Block, line } from '../outcome';
import { label } from './vocabulary';

/** The options of every list. */
export const pageInput = { limit: whole(z.int().min(1).max(100)).default(25), after: cursorSchema.optional() };

/** The page as the catalogue spells it. */
export function pageRequest({ limit, after }: { readonly limit: number; readonly after?: string | undefined }): {
  limit: number;
  after?: string;
} {
  return { limit, ...(after === undefined ? {} : { after }) };
}

/** Where the list goes on, when it does. */
export function nextPage(next: string | undefined): readonly Block[] {
  return next === undefined ? [] : [line({ en: `${label.more.en} ${next}`, zh: `${label.more.zh} ${next}` })];
}
