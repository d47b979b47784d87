import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, DomainError } from '@lianyi/domain';
import { newWalletContent, Wallet, type WalletStore } from '../wallet/wallet';
import { type WalletContent, walletContentSchema } from '../wallet/wallet-content';
import { createDurably, writeDurably } from './durable-write';
import { readOwnerOnly } from './key-file';
import { assertLongEnough } from './passphrase';
import { type FileKey, newFileKey, openFile, sealFile } from './sealed-file';
import { sqliteOfRuntime, withLock } from './wallet-lock';

/** How long a command waits for those before it: as long as one of them may take to be refused, and some. */
const TURN_MILLISECONDS = 300_000;

/** Costs of a new file's passphrase; the default suits a person, tests and machines may take less. */
export type WalletFileOptions = { scryptN?: number };

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
    return withLock(`${this.path}.turn`, action, TURN_MILLISECONDS);
  }
}

/**
 * Makes a wallet in a new file.
 * @throws {@link DomainError} `ALREADY_EXISTS` — a wallet is never overwritten · `PASSPHRASE_TOO_SHORT` · `RUNTIME_TOO_OLD`
 */
export async function createWallet(path: string, passphrase: string, options: WalletFileOptions = {}): Promise<Wallet> {
  // none is made that this program could not lock afterwards
  sqliteOfRuntime();
  assertLongEnough(passphrase);
  const fileKey = await newFileKey(passphrase, options.scryptN);
  await createDurably(path, sealFile(fileKey, canonicalJson(newWalletContent())));
  return new Wallet(new WalletFile(path, fileKey));
}

/**
 * Opens a wallet's file and removes what an interrupted save left behind.
 *
 * @throws {@link DomainError} `WALLET_UNREADABLE` · `WALLET_BUSY` · `RUNTIME_TOO_OLD` · `KEY_FILE_UNUSABLE` — missing or readable by others.
 */
export async function openWallet(path: string, passphrase: string): Promise<Wallet> {
  const { fileKey } = await openFile(passphrase, await readOwnerOnly(path));
  await withLock(lockOf(path), () => removeLeftovers(path));
  return new Wallet(new WalletFile(path, fileKey));
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.part')) await rm(join(dirname(path), name), { force: true });
  }
}
