import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError, type Pseudonym, pseudonymSchema, type PublicKey, type TicketId } from '@lianyi/domain';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf } from '../signing/p256';
import { createDurably } from './durable-write';
import { createKeyFile, loadKeyFile } from './key-file';

/** Whose tickets: what {@link loadProfile} says of the place for this actor's own things. */
type Actor = { readonly dataDirectory: string };

/** What only the asker has of a ticket: the key that opens what is released to it, and of whose record they asked. */
export interface TicketKey {
  readonly ephemeralKey: PrivateKey;
  readonly pseudonym: Pseudonym;
}

const askedSchema = z.strictObject({ pseudonym: pseudonymSchema });

/** Whoever has the ephemeral key of a ticket can open what is released to it, so it lives in one file and not longer than needed. */
export async function createTicketKey(actor: Actor, ticketId: TicketId, pseudonym: Pseudonym): Promise<PublicKey> {
  const publicKey = publicKeyOf(await createKeyFile(fileOf(actor, ticketId)));
  await createDurably(askedFile(actor, ticketId), JSON.stringify({ pseudonym }));
  return publicKey;
}

/** @throws {@link DomainError} `TICKET_KEY_MISSING` — another profile asked, or the key was forgotten. */
export async function loadTicketKey(actor: Actor, ticketId: TicketId): Promise<TicketKey> {
  try {
    const { pseudonym } = askedSchema.parse(JSON.parse(readFileSync(askedFile(actor, ticketId), 'utf8')));
    return { ephemeralKey: await loadKeyFile(fileOf(actor, ticketId)), pseudonym };
  } catch (cause) {
    if (isMissing(cause) || (cause instanceof DomainError && isMissing(cause.cause)))
      throw new DomainError('TICKET_KEY_MISSING', undefined, { ticketId }, { cause });
    throw cause;
  }
}

/** After a denial or a closed ticket nothing can be opened with it any more. */
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

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
