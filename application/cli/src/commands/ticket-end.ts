import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_SKEW_MS, TICKET_LIFETIME_MS, ticketIdSchema } from '@lianyi/domain';
import { forgetTicketKey, type LoadedProfile, ticketFolder } from '@lianyi/client/node';

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
