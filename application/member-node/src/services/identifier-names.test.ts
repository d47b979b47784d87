import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateKey } from '@lianyi/client';
import { DomainError, type Identifier, identifierSchema, mspIdSchema, sha256 } from '@lianyi/domain';
import { IdentifierNames } from './identifier-names';

const A = mspIdSchema.parse('HospitalAMSP');
const mrn: Identifier = identifierSchema.parse({ system: 'mrn', value: '4711' });

describe('the name of a link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-identifiers-'));
  const file = join(folder, 'identifiers.pem');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is the same for the same number, however it is typed, after a restart too', async () => {
    const before = (await IdentifierNames.open(A, file)).linkIdOf(mrn);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await IdentifierNames.open(A, file)).linkIdOf({ ...mrn, value: ' 4711 ' })).toBe(before);
  });

  it('is another for another number, system, hospital or secret', () => {
    const secret = newPrivateKey();
    const names = new IdentifierNames(A, secret);
    const others = [
      names.linkIdOf(mrn),
      names.linkIdOf({ ...mrn, value: '4712' }),
      names.linkIdOf(identifierSchema.parse({ system: 'insurance', value: '4711' })),
      new IdentifierNames(mspIdSchema.parse('HospitalBMSP'), secret).linkIdOf(mrn),
      new IdentifierNames(A, newPrivateKey()).linkIdOf(mrn),
    ];
    expect(new Set(others).size).toBe(others.length);
    expect(others).not.toContain(sha256('4711'));
  });

  it('needs a secret that nobody else can read, and takes no other file for one', async () => {
    const broken = join(folder, 'broken.pem');
    writeFileSync(broken, 'no key', { mode: 0o600 });
    await expect(IdentifierNames.open(A, broken)).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
    const open = join(folder, 'open.pem');
    writeFileSync(open, 'no key', { mode: 0o644 });
    await expect(IdentifierNames.open(A, open)).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
  });

  it.each<readonly [string, (lost: string) => void]>([
    [
      'is gone',
      (lost) => {
        rmSync(lost);
      },
    ],
    [
      'is another',
      (lost) => {
        cpSync(file, lost);
      },
    ],
    [
      'is cut off',
      (lost) => {
        truncateSync(lost, 40);
      },
    ],
  ])('needs the secret it had before: one that %s is refused, and none is made', async (_what, lose) => {
    const lost = join(folder, 'lost.pem');
    await IdentifierNames.open(A, file);
    const before = await IdentifierNames.open(A, lost);
    const kept = readFileSync(lost);
    lose(lost);
    const left = existsSync(lost);
    await expect(IdentifierNames.open(A, lost)).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE', details: { path: lost } });
    expect(existsSync(lost)).toBe(left);
    writeFileSync(lost, kept, { mode: 0o600 });
    expect((await IdentifierNames.open(A, lost)).linkIdOf(mrn)).toBe(before.linkIdOf(mrn));
    rmSync(lost);
    rmSync(`${lost}.sha256`);
  });

  it('is refused for what is no identifier', () => {
    const system = identifierSchema.shape.system.parse('national-id');
    const refused = (): unknown => new IdentifierNames(A, newPrivateKey()).linkIdOf({ system, value: '1' });
    expect(refused).toThrow(DomainError);
    expect(refused).toThrow(/IDENTIFIER_INVALID|identifier/i);
  });
});
