import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { groupElementSchema, pinIdOf, sha256 } from '@lianyi/domain';
import { type KeptGuess } from '../pin/kept-guess';
import { guessFile } from './guess-file';
import { createWallet, openWallet } from './wallet-file';

const PASSPHRASE = 'a passphrase that is long enough';
const cheap = { scryptN: 2 ** 10 };
const guess: KeptGuess = {
  ...{ pinId: pinIdOf(sha256('code')), attempt: 3, blinded: groupElementSchema.parse(sha256('blinded')) },
  blindSeed: Buffer.alloc(64, 7).toString('base64url'),
};

describe('a guess that is kept beside a wallet', () => {
  let folder = '';
  const file = (passphrase = PASSPHRASE) => guessFile(join(folder, 'wallet.json'), passphrase, cheap);
  const path = () => join(folder, 'wallet.json.guess');
  const agedBy = (minutes: number): void => {
    const at = Date.now() / 1000 - minutes * 60;
    utimesSync(path(), at, at);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guess-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is there for the next run, for its owner only, and says nothing without the passphrase', async () => {
    await file().keep(guess);
    expect(await file().kept()).toEqual(guess);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    for (const secret of [guess.blindSeed, guess.blinded, guess.pinId]) expect(readFileSync(path(), 'utf8')).not.toContain(secret);
  });

  it.each<[string, () => void]>([
    ['another passphrase', () => undefined],
    [
      'a byte changed',
      () => {
        writeFileSync(path(), `${readFileSync(path(), 'utf8').slice(0, -4)}AA"}`);
      },
    ],
    [
      'no content',
      () => {
        writeFileSync(path(), '');
      },
    ],
  ])('is refused, and not taken for none, with %s; and stays until it is over', async (what, spoil) => {
    await file().keep(guess);
    spoil();
    const opened = what === 'another passphrase' ? file('another passphrase that is long') : file();
    for (let round = 0; round < 2; round += 1) await expect(opened.kept()).rejects.toMatchObject({ code: 'KEPT_GUESS_UNREADABLE' });
    await opened.forget(guess);
    expect(existsSync(path())).toBe(true);
    agedBy(13);
    expect(await opened.kept()).toBeUndefined();
    expect(existsSync(path())).toBe(false);
  });

  it.each([
    ['is there while hospitals may answer it', 11, true],
    ['is removed when they answer it no more', 13, false],
    ['is removed where the clock was set back', -13, false],
  ])('%s', async (_what, minutes, isThere) => {
    await file().keep(guess);
    agedBy(minutes);
    expect((await file().kept()) !== undefined).toBe(isThere);
    expect(existsSync(path())).toBe(isThere);
  });

  it('goes when the wallet is opened and it is over, whatever its passphrase, and not before', async () => {
    await createWallet(join(folder, 'wallet.json'), PASSPHRASE, cheap);
    await file('another passphrase that is long').keep(guess);
    await openWallet(join(folder, 'wallet.json'), PASSPHRASE);
    expect(existsSync(path())).toBe(true);
    agedBy(13);
    await openWallet(join(folder, 'wallet.json'), PASSPHRASE);
    expect(existsSync(path())).toBe(false);
  });

  it('is forgotten by whom it is of, and by no other', async () => {
    await file().keep(guess);
    await file().forget({ ...guess, blinded: groupElementSchema.parse(sha256('another')) });
    expect(await file().kept()).toEqual(guess);
    await file().forget(guess);
    expect(await file().kept()).toBeUndefined();
  });

  it('is read and kept by one program at a time', async () => {
    const order: string[] = [];
    const one = file().inTurn(async () => {
      await setTimeout(100);
      order.push('one');
    });
    const other = file().inTurn(() => Promise.resolve(order.push('other')));
    await Promise.all([one, other]);
    expect(order).toEqual(['one', 'other']);
  });

  it('is none before, and none after it was forgotten, as often as that is said', async () => {
    expect(await file().kept()).toBeUndefined();
    await file().keep(guess);
    for (let round = 0; round < 2; round += 1) await file().forget(guess);
    expect(await file().kept()).toBeUndefined();
  });

  it('is not kept, and so not signed, under a passphrase that could be guessed', async () => {
    await expect(file('short').keep(guess)).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_SHORT' });
  });
});
