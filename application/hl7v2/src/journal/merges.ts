import { z } from 'zod';
import { newId } from '@lianyi/client';
import { DomainError, type Identifier, instantOf } from '@lianyi/domain';
import { type Journal } from './journal';

const numberText = z.string().transform((text) => z.object({ system: z.string(), value: z.string() }).parse(JSON.parse(text)));
const mergeSchema = z.object({
  mergeId: z.string(),
  prior: numberText,
  survivor: numberText,
  state: z.enum(['mergeProposed', 'merged', 'dismissed']),
  proposedAt: z.int().transform((millis) => instantOf(millis)),
  decidedBy: z.string().nullable(),
});
/** What the hospital's system has said of two numbers, and what a registrar has said to it. */
export type Merge = z.output<typeof mergeSchema>;

/** Files what a message says: that two numbers are one person's. It changes nothing until a registrar agrees (ADR 0067). */
export function fileMerge(
  journal: Journal,
  messageId: number,
  { prior, survivor }: { readonly prior: Identifier; readonly survivor: Identifier },
): void {
  const text = `INSERT INTO merge (merge_id, message_id, prior, survivor, state, proposed_at) VALUES (?, ?, ?, ?, 'mergeProposed', ?) ON CONFLICT (message_id) DO NOTHING`;
  journal.run(text, newId(), messageId, JSON.stringify(prior), JSON.stringify(survivor), Date.now());
}

export function merges(journal: Journal): readonly Merge[] {
  const text =
    'SELECT merge_id AS mergeId, prior, survivor, state, proposed_at AS proposedAt, decided_by AS decidedBy FROM merge ORDER BY proposed_at, merge_id';
  return z.array(mergeSchema).parse(journal.all(text));
}

/** @throws {@link DomainError} `NOT_FOUND`; `ILLEGAL_STATE` — it is decided */
export function openMerge(journal: Journal, mergeId: string): Merge {
  const found = merges(journal).find((each) => each.mergeId === mergeId);
  if (found === undefined) throw new DomainError('NOT_FOUND', 'there is no such merge');
  if (found.state !== 'mergeProposed') throw new DomainError('ILLEGAL_STATE', undefined, { state: found.state });
  return found;
}

export function decideMerge(
  journal: Journal,
  mergeId: string,
  { state, by }: { readonly state: 'merged' | 'dismissed'; readonly by: string },
): void {
  journal.run(
    `UPDATE merge SET state = ?, decided_by = ?, decided_at = ? WHERE merge_id = ? AND state = 'mergeProposed'`,
    state,
    by,
    Date.now(),
    mergeId,
  );
}

/** Forgets what was decided before: the numbers of a merge are of no use after it. What nobody has decided stays until somebody does. */
export function forgetMergesBefore(journal: Journal, time: number): void {
  journal.run(`DELETE FROM merge WHERE state <> 'mergeProposed' AND decided_at < ?`, time);
}
