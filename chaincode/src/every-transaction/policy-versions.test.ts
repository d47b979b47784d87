import { canonicalJson } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
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
