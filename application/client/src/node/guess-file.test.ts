import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupElementSchema, pinIdOf, sha256 } from '@lianyi/domain';
import { type KeptGuess } from '../pin/kept-guess';
import { guessFile } from './guess-file';

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
    expect(await file('another passphrase that is long').kept()).toBeUndefined();
  });

  it('is none before, and none after it was forgotten, as often as that is said', async () => {
    expect(await file().kept()).toBeUndefined();
    await file().keep(guess);
    for (let round = 0; round < 2; round += 1) await file().forget();
    expect(await file().kept()).toBeUndefined();
  });

  it('is not kept, and so not signed, under a passphrase that could be guessed', async () => {
    await expect(file('short').keep(guess)).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_SHORT' });
  });
});
