import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '@lianyi/client/node';
import { CLOCK_SKEW_MS, type RecordId, recordIdSchema, TICKET_LIFETIME_MS, type TicketId, ticketIdSchema } from '@lianyi/domain';
import { privateFolder } from '../private-folder';
import { type LoadedProfile } from '../profiles/profile-file';
import { forgetTicketKey } from './ticket-key';

/** No ticket lives longer: its time begins when its request is endorsed, by a clock that may be as far beside this one on either side. */
const LONGEST_MS = TICKET_LIFETIME_MS + 2 * CLOCK_SKEW_MS;
const readSchema = z.array(recordIdSchema);

/** Forgets the keys of all tickets of this profile that have expired: nothing can be released to them any more. */
export function forgetExpiredTicketKeys(actor: LoadedProfile, now: Date): void {
  const folder = privateFolder(actor, 'tickets');
  for (const name of readdirSync(folder)) {
    const [, text] = /^(.+)\.pem$/.exec(name) ?? [];
    const ticketId = ticketIdSchema.safeParse(text).data;
    if (ticketId !== undefined && statSync(join(folder, name)).mtimeMs + LONGEST_MS <= now.getTime()) forget(actor, ticketId);
  }
}

/** Notes that a record was read under a ticket; when every record of it was, its key has served. */
export async function forgetWhenRead(
  actor: LoadedProfile,
  ticket: { ticketId: TicketId; recordIds: readonly RecordId[] },
  read: string,
): Promise<void> {
  const file = readFile(actor, ticket.ticketId);
  const before = existsSync(file) ? readSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  const done = new Set([...before, recordIdSchema.parse(read)]);
  if (ticket.recordIds.every((recordId) => done.has(recordId))) forget(actor, ticket.ticketId);
  else await writeDurably(file, JSON.stringify([...done]));
}

function forget(actor: LoadedProfile, ticketId: TicketId): void {
  forgetTicketKey(actor, ticketId);
  rmSync(readFile(actor, ticketId), { force: true });
}

/** Which records of the ticket were read. */
function readFile(actor: LoadedProfile, ticketId: TicketId): string {
  return join(privateFolder(actor, 'tickets'), `${ticketId}.read.json`);
}
