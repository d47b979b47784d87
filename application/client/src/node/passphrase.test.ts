import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { Wallet } from '../wallet/wallet';
import { readPassphrase } from './passphrase';
import { createWallet } from './wallet-file';

// the least scrypt allows of itself
const cheap = { scryptN: 2 ** 10 };
const newPath = (): string => join(scratchDirectory(), 'mother.wallet');

describe('the passphrase', () => {
  it('comes from the environment, or from a file, without its last line break', async () => {
    const file = newPath();
    writeFileSync(file, 'from file\n', { mode: 0o600 });
    expect(await readPassphrase({ LIANYI_WALLET_PASSPHRASE: 'from environment' })).toBe('from environment');
    expect(await readPassphrase({ LIANYI_WALLET_PASSPHRASE: 'from environment', LIANYI_WALLET_PASSPHRASE_FILE: file })).toBe('from file');
  });

  it('is refused when there is none, when it is empty, and when others may read its file', async () => {
    const file = newPath();
    writeFileSync(file, 'from file\n', { mode: 0o644 });
    await expect(readPassphrase({})).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
    await expect(readPassphrase({ LIANYI_WALLET_PASSPHRASE: '' })).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
    await expect(readPassphrase({ LIANYI_WALLET_PASSPHRASE_FILE: file })).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
  });

  it.each(['', 'a', 'eleven char', '   \u5bc6\u7801   ', 'e\u0301'.repeat(11)])(
    '%j is too short for a new wallet, and makes none',
    async (passphrase) => {
      const file = newPath();
      await expect(createWallet(file, passphrase, cheap)).rejects.toMatchObject({
        code: 'PASSPHRASE_TOO_SHORT',
        details: { leastCharacters: 12 },
      });
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each(['twelve chars', '\u{1f511}'.repeat(12), '\u5bc6\u7801'.repeat(6)])('%j is long enough', async (passphrase) => {
    await expect(createWallet(newPath(), passphrase, cheap)).resolves.toBeInstanceOf(Wallet);
  });
});
