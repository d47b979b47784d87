import { z } from 'zod';
import { DomainError, instantOf } from '@lianyi/domain';
import { type Journal } from './journal';
import { states, UNDONE } from './schema';

const countSchema = z.object({ code: z.string(), messages: z.int(), withContent: z.int() });
/** How many messages stay for one reason, and of how many the content is still there. */
export type Staying = z.output<typeof countSchema>;

/** How many messages wait, and how many are refused, by what stands in their way; no reason: not tried yet. */
export function staying(journal: Journal): { readonly waiting: readonly Staying[]; readonly refused: readonly Staying[] } {
  const select = (which: string): readonly Staying[] =>
    z
      .array(countSchema)
      .parse(
        journal.all(
          `SELECT coalesce(code, '') AS code, count(*) AS messages, count(bytes) AS withContent FROM message WHERE ${which} GROUP BY 1 ORDER BY 1`,
        ),
      );
  return { waiting: select(UNDONE), refused: select(`state = 'refused'`) };
}

const messageSchema = z.object({
  message: z.int(),
  sender: z.string(),
  controlId: z.string(),
  state: z.enum(states),
  code: z.string().nullable(),
  details: z.string().nullable(),
  receivedAt: z.int().transform((millis) => instantOf(millis)),
  tries: z.int(),
  hasContent: z.int().transform((there) => there === 1),
});
/** A message that is not done, without its content. */
export type StayingMessage = z.output<typeof messageSchema>;

/** Which messages people mean: one, or all that stay for one reason. */
export type Meant = { readonly message: number } | { readonly code: string };

/** The messages that stay, the oldest first. @param after - a number: those that came after that one */
export function stayingMessages(
  journal: Journal,
  { code, after = 0, limit }: { readonly code?: string | undefined; readonly after?: number | undefined; readonly limit: number },
): readonly StayingMessage[] {
  const columns = `id AS message, sender, control_id AS controlId, state, code, details, received_at AS receivedAt, tries, bytes IS NOT NULL AS hasContent`;
  const text = `SELECT ${columns} FROM message WHERE state <> 'done' AND id > ? AND (? = '' OR code = ?) ORDER BY id LIMIT ?`;
  return z.array(messageSchema).parse(journal.all(text, after, code ?? '', code ?? '', limit));
}

/**
 * Lets messages be tried at once, refused ones too. What has no content any more cannot be: its sender has it.
 * @returns how many; @throws {@link DomainError} `NOT_FOUND`
 */
export function tryAgain(journal: Journal, meant: Meant): number {
  const text = `UPDATE message SET received_at = iif(state = 'refused', ?1, received_at), state = iif(state = 'refused', 'kept', state), next_at = ?1 WHERE state <> 'done' AND bytes IS NOT NULL AND `;
  return changed(journal, text, meant, Date.now());
}

/**
 * Refuses messages for good, and destroys their content; sent again, they are taken again.
 * @returns how many; @throws {@link DomainError} `NOT_FOUND`
 */
export function drop(journal: Journal, meant: Meant): number {
  const text = `UPDATE message SET state = 'refused', bytes = NULL, next_at = ?1 WHERE state <> 'done' AND (${UNDONE} OR bytes IS NOT NULL) AND `;
  return changed(journal, text, meant, Date.now());
}

function changed(journal: Journal, text: string, meant: Meant, now: number): number {
  const [which, value] = 'message' in meant ? ['id = ?2', meant.message] : ['code = ?2', meant.code];
  const count = journal.run(`${text}${which}`, now, value);
  if (count === 0) throw new DomainError('NOT_FOUND', 'no message that stays, or its content is gone');
  return count;
}
