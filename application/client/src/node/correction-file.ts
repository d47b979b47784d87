import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type z } from 'zod';
import { type CorrectionKey, type CorrectionPart, DomainError, transactions } from '@lianyi/domain';
import { createDurably, hasCode } from './durable-write';
import { readOwnerOnly } from './key-file';

const textSchema = transactions.PutCorrectionText.transient;
/** What somebody has committed to of a correction: without the salt nobody can show that these were the words. */
type KeptText = z.output<typeof textSchema>;
type Actor = { readonly dataDirectory: string };
type Place = CorrectionKey & { readonly part: CorrectionPart };

/**
 * Keeps it in a file of its owner's alone, before anything is sent: the record's hospital may not have it yet when the ledger has its hash.
 * @throws {@link DomainError} `ALREADY_EXISTS` · `STORAGE_FULL`
 */
export async function keepCorrectionText(actor: Actor, place: Place, text: KeptText): Promise<void> {
  mkdirSync(folderOf(actor), { recursive: true, mode: 0o700 });
  await createDurably(pathOf(actor, place), JSON.stringify(textSchema.parse(text)));
}

/** Undefined where nothing is kept: another profile has said it, or the hospital has it. @throws {@link DomainError} `KEY_FILE_UNUSABLE` — readable by others */
export async function keptCorrectionText(actor: Actor, place: Place): Promise<KeptText | undefined> {
  try {
    return textSchema.parse(JSON.parse(await readOwnerOnly(pathOf(actor, place))));
  } catch (cause) {
    if (cause instanceof DomainError && hasCode(cause.cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

/** The hospital has it now, or nothing was committed. */
export function forgetCorrectionText(actor: Actor, place: Place): void {
  rmSync(pathOf(actor, place), { force: true });
}

function folderOf({ dataDirectory }: Actor): string {
  return join(dataDirectory, 'corrections');
}

function pathOf(actor: Actor, { pseudonym, recordId, number, part }: Place): string {
  // two ids of 64 characters at most each: well below what a file's name may be
  return join(folderOf(actor), `${pseudonym}.${recordId}.${String(number)}.${part}`);
}
