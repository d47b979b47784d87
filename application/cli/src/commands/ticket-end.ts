import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_SKEW_MS, type DeniedRecord, type Output, TICKET_LIFETIME_MS, ticketIdSchema, type transactions } from '@lianyi/domain';
import { forgetTicketKey, type LoadedProfile, noteRead, ticketFolder } from '@lianyi/client/node';

/** No ticket lives longer: its time begins when its request is endorsed, by a clock that may be as far beside this one on either side. */
const LONGEST_MS = TICKET_LIFETIME_MS + 2 * CLOCK_SKEW_MS;

/** Forgets the keys of all tickets of this profile that have expired: nothing can be released to them any more. */
export function forgetExpiredTicketKeys(actor: LoadedProfile, now: Date): void {
  const folder = ticketFolder(actor);
  for (const name of readdirSync(folder)) {
    const [, text] = /^(.+)\.pem$/.exec(name) ?? [];
    const ticketId = ticketIdSchema.safeParse(text).data;
    if (ticketId !== undefined && statSync(join(folder, name)).mtimeMs + LONGEST_MS <= now.getTime()) forgetTicketKey(actor, ticketId);
  }
}

/** Keeps a ticket's key for what was permitted: of a denial it goes at once, and what is denied beside it is never read, so the key would stay. */
export async function keepKeyFor(
  actor: LoadedProfile,
  { ticketId, decision }: Pick<Output<typeof transactions.RequestAccess>, 'ticketId' | 'decision'>,
  denials: readonly DeniedRecord[],
): Promise<void> {
  if (decision === 'deny') {
    forgetTicketKey(actor, ticketId);
    return;
  }
  for (const { recordId } of denials) await noteRead(actor, ticketId, recordId);
}
