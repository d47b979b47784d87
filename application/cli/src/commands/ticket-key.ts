import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import { DomainError, type Pseudonym, pseudonymSchema, type PublicKey, type TicketId } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { privateFolder, writeNewFile } from '../private-folder';
import { type LoadedProfile } from '../profiles/profile-file';

/** What only the asker has of a ticket: the key that opens what is released to it, and of whose record they asked. */
export interface TicketKey {
  readonly ephemeralKey: PrivateKey;
  readonly pseudonym: Pseudonym;
}

const askedSchema = z.strictObject({ pseudonym: pseudonymSchema });

/** Whoever has the ephemeral key of a ticket can open what is released to it, so it lives in one file and not longer than needed. */
export async function createTicketKey(actor: LoadedProfile, ticketId: TicketId, pseudonym: Pseudonym): Promise<PublicKey> {
  const publicKey = publicKeyOf(await createKeyFile(fileOf(actor, ticketId)));
  writeNewFile(askedFile(actor, ticketId), JSON.stringify({ pseudonym }));
  return publicKey;
}

/** @throws CliProblem `TICKET_KEY_MISSING` — another profile asked, or the key was forgotten. */
export async function loadTicketKey(actor: LoadedProfile, ticketId: TicketId): Promise<TicketKey> {
  try {
    const { pseudonym } = askedSchema.parse(JSON.parse(readFileSync(askedFile(actor, ticketId), 'utf8')));
    return { ephemeralKey: await loadKeyFile(fileOf(actor, ticketId)), pseudonym };
  } catch (cause) {
    if (isMissing(cause) || (cause instanceof DomainError && isMissing(cause.cause)))
      throw new CliProblem('TICKET_KEY_MISSING', ticketId, { cause });
    throw cause;
  }
}

/** After a denial or a closed ticket nothing can be opened with it any more. */
export function forgetTicketKey(actor: LoadedProfile, ticketId: TicketId): void {
  rmSync(fileOf(actor, ticketId), { force: true });
  rmSync(askedFile(actor, ticketId), { force: true });
}

/** For `--dry-run`: nothing is kept. */
export function throwawayPublicKey(): PublicKey {
  return publicKeyOf(newPrivateKey());
}

function fileOf(actor: LoadedProfile, ticketId: TicketId): string {
  return join(privateFolder(actor, 'tickets'), `${ticketId}.pem`);
}

function askedFile(actor: LoadedProfile, ticketId: TicketId): string {
  return join(privateFolder(actor, 'tickets'), `${ticketId}.json`);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
