import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError, type TicketId, transactions } from '@lianyi/domain';
import { createDurably, hasCode } from './durable-write';
import { readOwnerOnly } from './key-file';
import { ticketFolder } from './ticket-key-file';

const glassSchema = z.strictObject({
  request: transactions.BreakGlass.request,
  narrative: transactions.PutEmergencyNarrative.transient,
});
/** What somebody breaks the glass with, and what they have committed to: without it nobody can ask for the same again, or tell what happened. */
export type BrokenGlass = z.output<typeof glassSchema>;
type Actor = { readonly dataDirectory: string };

/** Long enough for an emergency and for its review: what was not told by then is told no more. */
const KEPT_MS = 4 * 86_400_000;

/**
 * Keeps it beside the ticket's key, readable by its owner only, before anything is sent: the answer may never come.
 * @throws {@link DomainError} `ALREADY_EXISTS` · `STORAGE_FULL`
 */
export function keepGlass(actor: Actor, glass: BrokenGlass): Promise<void> {
  return createDurably(pathOf(actor, glass.request.ticketId), JSON.stringify(glass));
}

/** @throws {@link DomainError} `TICKET_KEY_MISSING` — another profile asked, or all was told; `KEY_FILE_UNUSABLE` — readable by others */
export async function keptGlass(actor: Actor, ticketId: TicketId): Promise<BrokenGlass> {
  try {
    return glassSchema.parse(JSON.parse(await readOwnerOnly(pathOf(actor, ticketId))));
  } catch (cause) {
    if (cause instanceof DomainError && hasCode(cause.cause, 'ENOENT'))
      throw new DomainError('TICKET_KEY_MISSING', undefined, { ticketId }, { cause });
    throw cause;
  }
}

/** What happened stands with the hospital now, or nothing was opened. */
export function forgetGlass(actor: Actor, ticketId: TicketId): void {
  rmSync(pathOf(actor, ticketId), { force: true });
}

/** Forgets what nobody has gone on with. */
export function forgetOldGlass(actor: Actor, now: Date): void {
  const folder = ticketFolder(actor);
  for (const name of readdirSync(folder).filter((each) => each.endsWith(ENDING)))
    if (statSync(join(folder, name)).mtimeMs + KEPT_MS <= now.getTime()) rmSync(join(folder, name), { force: true });
}

const ENDING = '.glass';

function pathOf(actor: Actor, ticketId: TicketId): string {
  return join(ticketFolder(actor), `${ticketId}${ENDING}`);
}
