import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import { DomainError, type Pseudonym, pseudonymSchema, type PublicKey, type RecordId, recordIdSchema, type TicketId } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { privateFolder, writeNewFile } from '../private-folder';
import { type LoadedProfile } from '../profiles/profile-file';

/** What only the asker has of a ticket: the key that opens what is released to it, and of whose record they asked. */
export interface TicketKey {
  readonly ephemeralKey: PrivateKey;
  readonly pseudonym: Pseudonym;
}

const askedSchema = z.strictObject({
  pseudonym: pseudonymSchema,
  /** The records of the ticket that were not read yet. */
  unread: z.array(recordIdSchema).default([]),
});
/** What was asked with a ticket. */
export type Asked = z.output<typeof askedSchema>;

/** Whoever has the ephemeral key of a ticket can open what is released to it, so it lives in one file and not longer than needed. */
export async function createTicketKey(actor: LoadedProfile, ticketId: TicketId, asked: Asked): Promise<PublicKey> {
  const publicKey = publicKeyOf(await createKeyFile(fileOf(actor, ticketId)));
  writeNewFile(askedFile(actor, ticketId), JSON.stringify(asked));
  return publicKey;
}

/** @throws CliProblem `TICKET_KEY_MISSING` — another profile asked, or the key was forgotten. */
export async function loadTicketKey(actor: LoadedProfile, ticketId: TicketId): Promise<TicketKey> {
  try {
    const { pseudonym } = askedOf(actor, ticketId);
    return { ephemeralKey: await loadKeyFile(fileOf(actor, ticketId)), pseudonym };
  } catch (cause) {
    if (isMissing(cause) || (cause instanceof DomainError && isMissing(cause.cause)))
      throw new CliProblem('TICKET_KEY_MISSING', ticketId, { cause });
    throw cause;
  }
}

/** Notes that a record was read. With the last one the key goes: who gets hold of it later opens nothing that was once released to it. */
export function noteRead(actor: LoadedProfile, ticketId: TicketId, recordId: RecordId): void {
  // another program of this profile has just read the last one
  if (!existsSync(askedFile(actor, ticketId))) return;
  const { pseudonym, unread } = askedOf(actor, ticketId);
  const left = unread.filter((each) => each !== recordId);
  if (left.length === 0) {
    forgetTicketKey(actor, ticketId);
    return;
  }
  const file = askedFile(actor, ticketId);
  writeFileSync(`${file}.part`, JSON.stringify({ pseudonym, unread: left }), { mode: 0o600 });
  renameSync(`${file}.part`, file);
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

function askedOf(actor: LoadedProfile, ticketId: TicketId): Asked {
  return askedSchema.parse(JSON.parse(readFileSync(askedFile(actor, ticketId), 'utf8')));
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
