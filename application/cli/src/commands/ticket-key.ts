import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import { DomainError, type PublicKey, TICKET_LIFETIME_MS, type TicketId } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { privateFolder } from '../private-folder';
import { type LoadedProfile } from '../profiles/profile-file';

/** The ephemeral key of a ticket: whoever has it can open what is released to that ticket, so it lives in one file and not longer than needed. */
export async function createTicketKey(actor: LoadedProfile, ticketId: TicketId): Promise<PublicKey> {
  forgetEndedTickets(actor);
  return publicKeyOf(await createKeyFile(fileOf(actor, ticketId)));
}

/** @throws CliProblem `TICKET_KEY_MISSING` — another profile asked, or the key was forgotten. */
export async function loadTicketKey(actor: LoadedProfile, ticketId: TicketId): Promise<PrivateKey> {
  forgetEndedTickets(actor);
  try {
    return await loadKeyFile(fileOf(actor, ticketId));
  } catch (cause) {
    if (cause instanceof DomainError && isMissing(cause.cause)) throw new CliProblem('TICKET_KEY_MISSING', ticketId, { cause });
    throw cause;
  }
}

/** After a denial or a closed ticket nothing can be opened with it any more. */
export function forgetTicketKey(actor: LoadedProfile, ticketId: TicketId): void {
  rmSync(fileOf(actor, ticketId), { force: true });
}

/** The ledger's clock may be this far from the machine's. */
const CLOCK_DIFFERENCE_MS = 300_000;

/** A ticket ends with its lifetime at the latest; its key opens nothing new then, and would open what was recorded of a release. */
function forgetEndedTickets(actor: LoadedProfile): void {
  const folder = privateFolder(actor, 'tickets');
  const ended = Date.now() - TICKET_LIFETIME_MS - CLOCK_DIFFERENCE_MS;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? ended) < ended) rmSync(file, { force: true });
  }
}

/** For `--dry-run`: nothing is kept. */
export function throwawayPublicKey(): PublicKey {
  return publicKeyOf(newPrivateKey());
}

function fileOf(actor: LoadedProfile, ticketId: TicketId): string {
  return join(privateFolder(actor, 'tickets'), `${ticketId}.pem`);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
