import { DomainError } from '@lianyi/domain';
import { readOwnerOnly } from './key-file';

/**
 * Takes the wallet's passphrase from where it may come: the environment, or a file only its owner may read.
 *
 * Never an argument: those are shown to every user of the machine.
 * @throws {@link DomainError} `WALLET_UNREADABLE` — there is none · `KEY_FILE_UNUSABLE` — the file is missing or readable by others.
 */
export async function readPassphrase(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const file = environment['LIANYI_WALLET_PASSPHRASE_FILE'];
  const passphrase = file === undefined ? environment['LIANYI_WALLET_PASSPHRASE'] : (await readOwnerOnly(file)).replace(/\r?\n$/, '');
  if (passphrase === undefined || passphrase === '') {
    throw new DomainError('WALLET_UNREADABLE', 'set LIANYI_WALLET_PASSPHRASE or LIANYI_WALLET_PASSPHRASE_FILE');
  }
  return passphrase;
}
