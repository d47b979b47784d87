import { DatabaseSync } from 'node:sqlite';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPrivateKey } from '@lianyi/client';
import { instantOf, type IntroductionStatement, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema, sha256 } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { Introductions } from './introductions';
import { PreparationSeal } from './preparation-seal';

const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((id) => mspIdSchema.parse(id)) as [MspId, MspId]; // two go in
const [own, other, third] = ['psn-own', 'psn-other', 'psn-third'].map((id) => pseudonymSchema.parse(id)) as [
  Pseudonym,
  Pseudonym,
  Pseudonym,
]; // three go in
const NOON = Date.UTC(2026, 3, 1, 12);
const seal = new PreparationSeal(newPrivateKey());

const said = (
  act: IntroductionStatement['act'],
  minute: number,
  pseudonyms: [Pseudonym, Pseudonym] = [own, other],
): IntroductionStatement => ({
  ...{ t: 'lianyi/introduction/v1', channel: 'emr', genesis: sha256('block 0'), mspId: B, act, pseudonyms },
  ...{ issuedAt: instantOf(NOON + minute * 60_000), notAfter: instantOf(NOON + (minute + 5) * 60_000) },
});

describe('what patients have said of their other pseudonyms', () => {
  it('is known by the one of this hospital and by no other, the newest first', async () => {
    const kept = new Introductions(':memory:', seal, () => NOON);
    expect(await kept.note(said('introduce', 0), A)).toBe(true);
    expect(await kept.note(said('introduce', 1, [own, third]), A)).toBe(true);
    expect(await kept.of(own)).toEqual([
      { pseudonym: third, mspId: A, saidAt: instantOf(NOON + 60_000) },
      { pseudonym: other, mspId: A, saidAt: instantOf(NOON) },
    ]);
    for (const nobody of [other, third]) expect(await kept.of(nobody)).toEqual([]);
    await kept.close();
  });

  it('is forgotten once withdrawn, and not known again by what was said before that', async () => {
    const kept = new Introductions(':memory:', seal, () => NOON);
    await kept.note(said('introduce', 0), A);
    expect(await kept.note(said('withdraw', 2), undefined)).toBe(true);
    expect(await kept.of(own)).toEqual([]);
    for (const minute of [0, 1, 2]) expect(await kept.note(said('introduce', minute), A)).toBe(false);
    expect(await kept.of(own)).toEqual([]);
    expect(await kept.note(said('introduce', 3), A)).toBe(true);
    expect(await kept.of(own)).toHaveLength(1);
    await kept.close();
  });

  it('is not known by a withdrawal that came before it was said, and that is forgotten after an hour', async () => {
    let now = NOON;
    const kept = new Introductions(':memory:', seal, () => now);
    await kept.note(said('withdraw', 2), undefined);
    expect(await kept.note(said('introduce', 1), A)).toBe(false);
    now = NOON + 63 * 60_000;
    await kept.note(said('introduce', 63, [own, third]), A);
    expect((await kept.of(own)).map(({ pseudonym }) => pseudonym)).toEqual([third]);
    await kept.close();
  });

  it('tells who has the file alone neither pseudonym nor hospital, and after a withdrawal nothing is left', async () => {
    const file = join(scratchDirectory(), 'introductions.sqlite');
    const kept = new Introductions(file, seal, () => NOON);
    await kept.note(said('introduce', 0), A);
    const bytes = (): Buffer => readFileSync(file);
    for (const secret of [own, other, A]) expect(bytes().includes(secret)).toBe(false);
    const db = new DatabaseSync(file, { readOnly: true });
    const sealed = Buffer.from((db.prepare('SELECT other FROM introduction').get() as { other: Uint8Array }).other);
    db.close();
    expect(bytes().includes(sealed)).toBe(true);
    await kept.note(said('withdraw', 1), undefined);
    expect(bytes().includes(sealed)).toBe(false);
    await kept.close();
    // another node’s key opens none of it
    const elsewhere = new Introductions(file, new PreparationSeal(newPrivateKey()));
    expect(await elsewhere.of(own)).toEqual([]);
    await elsewhere.close();
  });
});
