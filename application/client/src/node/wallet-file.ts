import { access, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, DomainError } from '@lianyi/domain';
import { mergeRecovered } from '../wallet/recover-wallet';
import { newWalletContent, Wallet } from '../wallet/wallet';
import { type WalletContent, walletContentSchema } from '../wallet/wallet-content';
import { type WalletStore } from '../wallet/wallet-store';
import { withSlots } from '../wallet/wallet-summary';
import { createDurably, writeDurably } from './durable-write';
import { removeOverGuess } from './guess-file';
import { readOwnerOnly } from './key-file';
import { assertLongEnough } from './passphrase';
import { type FileKey, type FileKeyOptions, newFileKey, openFile, sealFile } from './sealed-file';
import { inTurnOf, sqliteOfRuntime, withLock } from './wallet-lock';

/** The default cost suits a person; tests and machines may take less. */
export type WalletFileOptions = FileKeyOptions;

/** A wallet in a file: encrypted under a passphrase, readable by its owner only, replaced as a whole, changed by one program at a time. */
class WalletFile implements WalletStore {
  constructor(
    private readonly path: string,
    private readonly fileKey: FileKey,
  ) {}

  async read(): Promise<WalletContent> {
    const { content } = await openFile(this.fileKey, await readOwnerOnly(this.path));
    const parsed = walletContentSchema.safeParse(JSON.parse(content));
    if (!parsed.success) throw new DomainError('WALLET_UNREADABLE', 'the wallet was written by another version of this program');
    return parsed.data;
  }

  change<Result>(step: (content: WalletContent) => { content: WalletContent; result: Result }): Promise<Result> {
    return withLock(lockOf(this.path), async () => {
      const before = await this.read();
      const { content, result } = step(before);
      if (content !== before) await writeDurably(this.path, sealFile(this.fileKey, canonicalJson(content)));
      return result;
    });
  }

  inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    return inTurnOf(this.path, action);
  }
}

/**
 * Makes a wallet in a new file.
 * @throws {@link DomainError} `ALREADY_EXISTS` — a wallet is never overwritten · `PASSPHRASE_TOO_SHORT` · `RUNTIME_TOO_OLD`
 */
export function createWallet(path: string, passphrase: string, options: WalletFileOptions = {}): Promise<Wallet> {
  return writeNew(path, passphrase, newWalletContent(), options);
}

/**
 * Writes a wallet that was recovered: a new file, or into the file of the same seed, where it adds what is not there. So it can be done again.
 * @throws {@link DomainError} `ALREADY_EXISTS` — another wallet is there, and stays as it is; `WALLET_UNREADABLE` — what is there does not
 * open; as {@link createWallet} and {@link openWallet}
 */
export async function restoreWallet(
  path: string,
  passphrase: string,
  recovered: WalletContent,
  options: WalletFileOptions = {},
): Promise<Wallet> {
  if (!(await isThere(path))) return writeNew(path, passphrase, recovered, options);
  const { fileKey } = await openFile(passphrase, await readOwnerOnly(path), undefined, options.keys);
  const file = new WalletFile(path, fileKey);
  await file.change((present) => ({ content: withSlots(mergeRecovered(present, recovered)), result: undefined }));
  return new Wallet(file);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function writeNew(path: string, passphrase: string, content: WalletContent, options: WalletFileOptions): Promise<Wallet> {
  // none is made that this program could not lock afterwards
  sqliteOfRuntime();
  assertLongEnough(passphrase);
  const fileKey = await newFileKey(passphrase, options);
  await createDurably(path, sealFile(fileKey, canonicalJson(content)));
  return new Wallet(new WalletFile(path, fileKey));
}

/**
 * Opens a wallet's file and removes what an interrupted save left behind, and a guess at a PIN that nobody answers any more.
 *
 * @throws {@link DomainError} `WALLET_UNREADABLE` · `WALLET_BUSY` · `RUNTIME_TOO_OLD` · `KEY_FILE_UNUSABLE` — missing or readable by others.
 */
export async function openWallet(path: string, passphrase: string, { keys }: Pick<WalletFileOptions, 'keys'> = {}): Promise<Wallet> {
  const { fileKey } = await openFile(passphrase, await readOwnerOnly(path), undefined, keys);
  await withLock(lockOf(path), () => removeLeftovers(path));
  return new Wallet(new WalletFile(path, fileKey));
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function removeLeftovers(path: string): Promise<void> {
  await removeOverGuess(path);
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.part')) await rm(join(dirname(path), name), { force: true });
  }
}
