import { canonicalJson } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
import { type Assistants, sha256Of } from './consortium.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

const keyOf = (): { readonly pseudonym: string; readonly grantee: object } => ({
  pseudonym: stage().patient.pseudonym,
  grantee: stage().cast.cardiologyOf(B),
});
const command = async (name: 'GrantPolicy' | 'AmendPolicy' | 'RevokePolicy', input: object = {}): Promise<void> => {
  must(await stage().cast.invoke(name, { ...keyOf(), ...input }, stage().patient));
};
const present = async (): Promise<unknown> => must(await stage().cast.invoke('GetPolicy', keyOf(), stage().patient)).answer;
const replaced = async (page: object = { limit: 10 }): Promise<unknown> =>
  must(await stage().cast.invoke('ListPolicyVersions', { ...keyOf(), ...page }, stage().patient)).answer;
const permits = (maxDataLevel: number): object => ({ provisions: [{ ...stage().cast.permit(), maxDataLevel }] });

describe('what a policy said before', () => {
  it('is nothing while it has one version, and where there is none', async () => {
    expect(await replaced()).toEqual({ items: [] });
    await command('GrantPolicy', permits(1));
    expect(await replaced()).toEqual({ items: [] });
  });

  it('stays as it was through amendment, revocation and a new grant', async () => {
    const said: unknown[] = [];
    await command('GrantPolicy', permits(1));
    said.push(await present());
    await command('AmendPolicy', { previousVersion: 1, ...permits(2) });
    said.push(await present());
    await command('RevokePolicy', { previousVersion: 2 });
    said.push(await present());
    await command('GrantPolicy', permits(3));
    expect(await replaced()).toEqual({ items: said });
    expect(said).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3, state: 'revoked' }]);
    expect(await present()).toMatchObject({ version: 4, state: 'active' });
  });

  it('is listed in the order of versions, page by page', async () => {
    await command('GrantPolicy', permits(1));
    for (let version = 1; version <= 11; version += 1) await command('AmendPolicy', { previousVersion: version, ...permits(2) });
    const first = (await replaced({ limit: 10 })) as { items: { version: number }[]; next?: string };
    expect(first.items.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await replaced({ limit: 10, after: first.next })).toMatchObject({ items: [{ version: 11 }] });
  });

  it.each(['not JSON', 'another version'])(
    'keeps nobody from changing a policy, though others have written %s in its place',
    async (what) => {
      const { cast, patient } = stage();
      await command('GrantPolicy', permits(1));
      const planted =
        what === 'not JSON' ? what : canonicalJson({ ...((await present()) as object), version: 1, grantedAt: cast.instant(-1) });
      const key = `\u0000replacedGrant\u0000${patient.pseudonym}\u0000department\u0000${B}\u0000cardiology\u0000000001\u0000`;
      await cast.state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from(planted) }]);
      await command('RevokePolicy', { previousVersion: 1 });
      expect(await present()).toMatchObject({ state: 'revoked' });
      expect(await replaced()).toMatchObject({ items: [{ version: 1, grantedAt: cast.instant() }] });
    },
  );

  it('is told to no other staff', async () => {
    const { cast } = stage();
    await command('GrantPolicy', permits(1));
    await command('AmendPolicy', { previousVersion: 1, ...permits(2) });
    const page = { ...keyOf(), limit: 10 };
    expect(must(await cast.invoke('ListPolicyVersions', page, cast.staff(A, 'registrar'))).answer).toMatchObject({
      items: [{ version: 1 }],
    });
    expect(await cast.invoke('ListPolicyVersions', page, cast.staff(B, 'registrar'))).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await cast.invoke('ListPolicyVersions', page, cast.staff(A, 'clinician'))).toMatchObject({ code: 'NOT_PERMITTED' });
  });
});

describe('what was shown to who agreed', () => {
  const evidence = (ceremony: string, text = 'the text'): object => ({
    evidence: { wording: { name: 'lianyi-consent', version: 1 }, language: 'zh', formSha256: sha256Of(text), ceremony },
  });
  const twoOfA = (pseudonym: string): Assistants => {
    const { cast } = stage();
    return { kind: 'assisted', msp: A, pseudonym, pair: [cast.staff(A, 'registrar'), cast.staff(A, 'nurse')] };
  };

  it('stays with the version that it is of, and a revocation says nothing of it', async () => {
    await command('GrantPolicy', { ...permits(1), ...evidence('wallet') });
    expect(await present()).toMatchObject(evidence('wallet'));
    await command('AmendPolicy', { previousVersion: 1, ...permits(2), ...evidence('wallet', 'another') });
    await command('RevokePolicy', { previousVersion: 2 });
    expect(await present()).not.toHaveProperty('evidence');
    expect(await replaced()).toMatchObject({ items: [evidence('wallet'), evidence('wallet', 'another')] });
  });

  it('is read by the privacy officer of the hospital, and by nobody of another', async () => {
    const { cast } = stage();
    await command('GrantPolicy', { ...permits(1), ...evidence('wallet') });
    expect(must(await cast.invoke('GetPolicy', keyOf(), cast.staff(A, 'privacyOfficer'))).answer).toMatchObject(evidence('wallet'));
    expect(await cast.invoke('GetPolicy', keyOf(), cast.staff(B, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  const refused = { code: 'INVALID_REQUEST', details: { path: 'input.evidence.ceremony' }, writes: 0 };
  it.each(['witnessed', 'paper'])('is not %s where the patient signs', async (ceremony) => {
    const { cast, patient } = stage();
    expect(await cast.invoke('GrantPolicy', { ...keyOf(), ...permits(1), ...evidence(ceremony) }, patient)).toMatchObject(refused);
    await command('GrantPolicy', permits(1));
    const amendment = { ...keyOf(), previousVersion: 1, ...permits(2), ...evidence(ceremony) };
    expect(await cast.invoke('AmendPolicy', amendment, patient)).toMatchObject(refused);
  });

  it.each(['witnessed', 'paper'])('is %s where two of the hospital sign, and never of a wallet', async (ceremony) => {
    const { cast } = stage();
    const { pseudonym } = await cast.newPatient(A, 'assisted');
    const input = { ...keyOf(), pseudonym, ...permits(1) };
    expect(await cast.invoke('GrantPolicy', { ...input, ...evidence('wallet') }, twoOfA(pseudonym))).toMatchObject(refused);
    must(await cast.invoke('GrantPolicy', { ...input, ...evidence(ceremony) }, twoOfA(pseudonym)));
  });

  it('decides nothing', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    await command('GrantPolicy', { ...permits(3), ...evidence('wallet', 'of something else') });
    const asked = cast.accessInput(patient, [recordId], clinician);
    expect(must(await cast.invoke('RequestAccess', asked, clinician)).answer).toMatchObject({ decision: 'permit' });
  });
});
