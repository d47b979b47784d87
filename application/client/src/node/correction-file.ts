import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type z } from 'zod';
import { type CorrectionKey, type CorrectionPart, sha256, transactions } from '@lianyi/domain';
import { createDurably } from './durable-write';
import { readOwnerOnly } from './key-file';

const textSchema = transactions.PutCorrectionText.transient;
/** What somebody has committed to of a correction: without the salt nobody can show that these were the words. */
type KeptText = z.output<typeof textSchema>;
type Actor = { readonly dataDirectory: string };
type Place = CorrectionKey & { readonly part: CorrectionPart };

/**
 * Keeps it in a file of its owner's alone, before anything is sent: the record's hospital may not have it yet when the ledger has its hash. What
 * was kept for the same place before stays beside it: a member that says that it was refused may have it committed (ADR 0064).
 * @throws {@link DomainError} `STORAGE_FULL`
 */
export async function keepCorrectionText(actor: Actor, place: Place, text: KeptText): Promise<void> {
  mkdirSync(folderOf(actor), { recursive: true, mode: 0o700 });
  await createDurably(join(folderOf(actor), `${nameOf(place)}.${sha256(text.salt)}`), JSON.stringify(textSchema.parse(text)));
}

/** All that is kept for a place; none where another profile has said it, or the hospital has it. @throws {@link DomainError} `KEY_FILE_UNUSABLE` — readable by others */
export function keptCorrectionTexts(actor: Actor, place: Place): Promise<readonly KeptText[]> {
  return Promise.all(pathsOf(actor, place).map(async (path) => textSchema.parse(JSON.parse(await readOwnerOnly(path)))));
}

/** The hospital has those that the ledger has the hash of, and so no others of this place can be committed. */
export function forgetCorrectionTexts(actor: Actor, place: Place): void {
  for (const path of pathsOf(actor, place)) rmSync(path, { force: true });
}

function folderOf({ dataDirectory }: Actor): string {
  return join(dataDirectory, 'corrections');
}

function pathsOf(actor: Actor, place: Place): readonly string[] {
  const [folder, name] = [folderOf(actor), nameOf(place)];
  // an earlier release kept one for each place, without a mark of its own
  const isOfPlace = (each: string): boolean => each === name || (each.startsWith(`${name}.`) && !each.slice(name.length + 1).includes('.'));
  return existsSync(folder)
    ? readdirSync(folder)
        .filter(isOfPlace)
        .sort()
        .map((each) => join(folder, each))
    : [];
}

function nameOf({ pseudonym, recordId, number, part }: Place): string {
  // two ids of 64 characters at most each: well below what a file's name may be
  return `${pseudonym}.${recordId}.${String(number)}.${part}`;
}
