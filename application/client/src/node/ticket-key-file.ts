import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError, type Pseudonym, pseudonymSchema, type PublicKey, type RecordId, recordIdSchema, type TicketId } from '@lianyi/domain';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf } from '../signing/p256';
import { createDurably, hasCode, writeDurably } from './durable-write';
import { createKeyFile, loadKeyFile } from './key-file';

/** Whose tickets: what {@link loadProfile} says of the place for this actor's own things. */
type Actor = { readonly dataDirectory: string };

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
type Asked = z.output<typeof askedSchema>;

/**
 * Makes the ephemeral key of a ticket. Whoever has it can open what is released to the ticket, so it lives in one file and not longer than
 * needed.
 */
export async function createTicketKey(actor: Actor, ticketId: TicketId, asked: Asked): Promise<PublicKey> {
  const publicKey = publicKeyOf(await createKeyFile(fileOf(actor, ticketId)));
  await createDurably(askedFile(actor, ticketId), JSON.stringify(asked));
  return publicKey;
}

/** @throws {@link DomainError} `TICKET_KEY_MISSING` — another profile asked, or the key was forgotten. */
export async function loadTicketKey(actor: Actor, ticketId: TicketId): Promise<TicketKey> {
  try {
    const { pseudonym } = askedOf(actor, ticketId);
    return { ephemeralKey: await loadKeyFile(fileOf(actor, ticketId)), pseudonym };
  } catch (cause) {
    if (hasCode(cause, 'ENOENT') || (cause instanceof DomainError && hasCode(cause.cause, 'ENOENT')))
      throw new DomainError('TICKET_KEY_MISSING', undefined, { ticketId }, { cause });
    throw cause;
  }
}

/** Notes that a record was read. With the last one the key goes: who gets hold of it later opens nothing that was once released to it. */
export async function noteRead(actor: Actor, ticketId: TicketId, recordId: RecordId): Promise<void> {
  // another program of this profile has just read the last one
  if (!existsSync(askedFile(actor, ticketId))) return;
  const { pseudonym, unread } = askedOf(actor, ticketId);
  const left = unread.filter((each) => each !== recordId);
  if (left.length === 0) forgetTicketKey(actor, ticketId);
  else await writeDurably(askedFile(actor, ticketId), JSON.stringify({ pseudonym, unread: left }));
}

/** Forgets the key of a ticket: after a denial or a closed ticket nothing can be opened with it any more. */
export function forgetTicketKey(actor: Actor, ticketId: TicketId): void {
  rmSync(fileOf(actor, ticketId), { force: true });
  rmSync(askedFile(actor, ticketId), { force: true });
}

/** The folder of an actor's ticket keys, mode 0700. */
export function ticketFolder({ dataDirectory }: Actor): string {
  const folder = join(dataDirectory, 'tickets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function fileOf(actor: Actor, ticketId: TicketId): string {
  return join(ticketFolder(actor), `${ticketId}.pem`);
}

function askedFile(actor: Actor, ticketId: TicketId): string {
  return join(ticketFolder(actor), `${ticketId}.json`);
}

function askedOf(actor: Actor, ticketId: TicketId): Asked {
  return askedSchema.parse(JSON.parse(readFileSync(askedFile(actor, ticketId), 'utf8')));
}
