import { DomainError } from '@lianyi/domain';
import { readOwnerOnly } from './key-file';

/** For what people choose (OWASP ASVS 4.0.3, V2.1.1): who copies the file may guess as fast as scrypt lets them, and for ever. */
const LEAST_CHARACTERS = 12;

/**
 * Refuses a passphrase that could be guessed; counted in code points, as it is used: composed.
 * @throws {@link DomainError} `PASSPHRASE_TOO_SHORT`
 */
export function assertLongEnough(passphrase: string): void {
  if (Array.from(passphrase.normalize('NFC')).length < LEAST_CHARACTERS) {
    throw new DomainError('PASSPHRASE_TOO_SHORT', undefined, { leastCharacters: LEAST_CHARACTERS });
  }
}

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
