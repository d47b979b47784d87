import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { type ConsentEvidence } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { displayWidth } from './columns';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

type Asked = {
  readonly pseudonym: string;
  readonly grantee: object;
  readonly provisions: readonly object[];
  readonly evidence: ConsentEvidence;
};

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  await as('patient', ['wallet', 'pseudonym']);
});
afterAll(() => hospital.close());

const as = (profile: string, argv: readonly string[], columns = Number.POSITIVE_INFINITY): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { columns, env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const to = ['--to', 'department:HospitalBMSP:cardiology'];
const terms = ['--purposes', 'TREAT', '--until', '2040-01-01T00:00:00Z', '--dry-run'];
/** What would be sent of a grant, and what was shown before. */
async function agreed(...more: readonly string[]): Promise<{ readonly input: Asked; readonly shown: string }> {
  const { code, stdout, stderr } = await as('patient', ['consent', 'grant', ...to, ...terms, ...more]);
  if (code !== 0) throw new Error(stderr);
  return { input: (JSON.parse(stdout) as { readonly input: Asked }).input, shown: stderr };
}
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('base64url');

const now = '2030-01-01T00:00:00.000Z';
/** The ledger has of it what was asked, with the beginning that it fills in; a version before it had no evidence. */
const recorded = ({ evidence, ...asked }: Asked, changes: object = {}): void => {
  const origin = { requestHash: evidence.formSha256, actor: { kind: 'patient', pseudonym: asked.pseudonym } };
  const times = { grantedAt: now, changedAt: now, origin };
  const provisions = asked.provisions.map((provision) => ({ ...provision, validFrom: now }));
  const grant = { schemaVersion: 1, ...asked, ...times, version: 2, state: 'active', provisions };
  const before = { ...grant, version: 1 };
  hospital.answer = (name) => Promise.resolve({ result: name === 'GetPolicy' ? { ...grant, evidence, ...changes } : { items: [before] } });
};
const evidence = (pseudonym: string, ...more: readonly string[]): Promise<Run> =>
  as('registrar', ['consent', 'evidence', '--pseudonym', pseudonym, ...to, ...more]);

describe('consent grant', () => {
  it.each([
    ['en', 'Consent to the reading of medical records', 'cannot be taken back'],
    ['zh', '病历阅读授权书', '无法收回'],
  ])('shows the exact text before it is signed, and sends its hash: %s', async (language, title, last) => {
    const { input, shown } = await agreed('--lang', language);
    expect(shown).toContain(title);
    expect(shown).toContain(last);
    expect(input.evidence).toEqual({
      wording: { name: 'lianyi-consent', version: 1 },
      language,
      formSha256: sha256Of(shown),
      ceremony: 'wallet',
    });
  });
  it('says it of an amendment, too, and in lines that fit', async () => {
    const amend = ['consent', 'amend', ...to, '--previous-version', '1', ...terms];
    const { stdout, stderr } = await as('patient', amend, 80);
    expect((JSON.parse(stdout) as { readonly input: Asked }).input.evidence.ceremony).toBe('wallet');
    for (const part of stderr.split('\n')) expect(displayWidth(part)).toBeLessThanOrEqual(80);
  });
  it('says nothing of what was shown where a program runs it, to whom nothing is', async () => {
    const { stdout, stderr } = await as('patient', ['consent', 'grant', ...to, ...terms, '--json']);
    expect([(JSON.parse(stdout) as { readonly input: object }).input, stderr]).toEqual([
      expect.not.objectContaining({ evidence: expect.anything() as unknown }),
      '',
    ]);
  });
  it('shows no text of what is not sent', async () => {
    const wrong = await as('patient', ['consent', 'grant', ...to, '--purposes', 'TREAT', '--until', '+1d', '--uses', '0']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.not.stringContaining('Consent to the reading')]);
  });
});

describe('consent evidence', () => {
  it('shows the exact text that was agreed to', async () => {
    const { input, shown } = await agreed();
    recorded(input);
    const { code, stdout } = await evidence(input.pseudonym);
    expect(code).toBe(0);
    expect(stdout).toContain('to the letter');
    expect(stdout).toContain(shown.trimEnd());
    expect(JSON.parse((await evidence(input.pseudonym, '--json')).stdout)).toMatchObject({ outcome: 'agreed', text: shown, version: 2 });
  });
  it.each<readonly [string, (input: Asked) => object, string]>([
    [
      'the ledger has a later end',
      ({ provisions }) => ({ provisions: [{ ...provisions[0], validFrom: now, validUntil: '2041-01-01T00:00:00.000Z' }] }),
      'IT DIFFERS',
    ],
    ['the hash is of another text', (input) => ({ evidence: { ...input.evidence, formSha256: sha256Of('x') } }), 'IT DIFFERS'],
    [
      'the wording is of a later version',
      (input) => ({ evidence: { ...input.evidence, wording: { name: 'lianyi-consent', version: 9 } } }),
      'UNKNOWN WORDING',
    ],
    [
      'the wording is another house’s',
      (input) => ({ evidence: { ...input.evidence, wording: { name: 'city-form', version: 1 } } }),
      'UNKNOWN WORDING',
    ],
  ])('says plainly that %s', async (_what, changes, said) => {
    const { input } = await agreed();
    recorded(input, changes(input));
    const { code, stdout } = await evidence(input.pseudonym);
    expect([code, stdout]).toEqual([1, expect.stringContaining(said)]);
    expect(stdout).not.toContain('to the letter');
  });
  it('says that an earlier version has none, and which versions there are', async () => {
    const { input } = await agreed();
    recorded(input);
    const first = await evidence(input.pseudonym, '--policy-version', '1');
    expect([first.code, first.stdout]).toEqual([1, expect.stringContaining('NO EVIDENCE')]);
    const third = await evidence(input.pseudonym, '--policy-version', '3');
    expect([third.code, third.stderr]).toEqual([2, expect.stringContaining('1, 2')]);
  });
});

describe('assist sign', () => {
  /** Signs a grant as the first; `said` is what the first has written of evidence themself. */
  const sign = async (out: string, transaction: string, more: readonly string[], said: object = {}): Promise<Run> => {
    const { input } = await agreed();
    const file = join(hospital.dataDir, 'grant.json');
    const { pseudonym, grantee, provisions } = input;
    writeFileSync(file, JSON.stringify({ pseudonym, grantee, provisions, ...said }));
    hospital.answer = () =>
      Promise.resolve({
        result: {
          schemaVersion: 1,
          pseudonym,
          mspId: 'HospitalBMSP',
          suite: 'P256-SHA256',
          state: 'active',
          kind: 'assisted',
          nextKeyHash: sha256Of('key'),
          registeredAt: now,
          origin: { requestHash: sha256Of('r'), actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } },
        },
      });
    const asked = ['--pseudonym', pseudonym, '--input', file, '--with', 'clinician-1', '--out', out];
    return as('registrar', ['assist', 'sign', transaction, ...asked, ...more]);
  };

  it.each(['witnessed', 'paper'])('shows the text of a grant and says that it was %s; the second is shown it, too', async (ceremony) => {
    const out = join(hospital.dataDir, `half-${ceremony}.json`);
    const { code, stderr } = await sign(out, 'ConsentContract:GrantPolicy', ['--ceremony', ceremony]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Consent to the reading of medical records')]);
    const half = JSON.parse(readFileSync(out, 'utf8')) as { readonly input: Asked };
    expect(half.input.evidence).toMatchObject({ ceremony, formSha256: sha256Of(stderr) });
    const { stdout } = await as('clinician', ['assist', 'send', out]);
    expect(stdout).toContain(stderr.trimEnd());
  });

  const written = {
    wording: { name: 'lianyi-consent', version: 1 },
    language: 'zh',
    formSha256: sha256Of('something nicer'),
    ceremony: 'paper',
  };
  it('lets the second sign no text that the provisions do not make', async () => {
    const out = join(hospital.dataDir, 'half-other-text.json');
    expect((await sign(out, 'ConsentContract:GrantPolicy', [], { evidence: written })).code).toBe(0);
    const { code, stdout, stderr } = await as('clinician', ['assist', 'send', out]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('input.evidence.formSha256')]);
  });
  it('tells the second of a form that this release does not know', async () => {
    const out = join(hospital.dataDir, 'half-city-form.json');
    const evidence = { ...written, wording: { name: 'city-form', version: 3 } };
    expect((await sign(out, 'ConsentContract:GrantPolicy', [], { evidence })).code).toBe(0);
    expect((await as('clinician', ['assist', 'send', out])).stdout).toContain('UNKNOWN WORDING');
  });
  it.each<readonly [string, string, string, ...string[]]>([
    ['a wallet', 'ConsentContract:GrantPolicy', 'wallet'],
    ['a revocation', 'ConsentContract:RevokePolicy', 'paper'],
    ['a program, which shows nobody anything', 'ConsentContract:GrantPolicy', 'paper', '--json'],
  ])('refuses the ceremony of %s, and signs nothing', async (_what, transaction, ceremony, ...more) => {
    const out = join(hospital.dataDir, `half-refused-${ceremony}.json`);
    const { code, stderr } = await sign(out, transaction, ['--ceremony', ceremony, ...more]);
    expect([code, stderr, existsSync(out)]).toEqual([2, expect.stringContaining('--ceremony'), false]);
  });
});
