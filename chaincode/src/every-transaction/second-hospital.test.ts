import { canonicalJson } from '@lianyi/domain';
import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { evidence, proposed } from './recovery-steps.fixture';

describe('the second who vouches', () => {
  const stage = useStage();

  it.each([['insurer'], ['laboratory']])('is of a hospital, and not of an organisation that is but a %s', async (kind) => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    must(await cast.registerOrganisation('OtherMSP', [kind]));
    const clerk = await cast.hire('OtherMSP', 'registrar');
    const registrar = cast.staff(A, 'registrar');
    const refused = { code: 'NOT_PERMITTED' };
    const recovery = cast.recovery(patient);
    must(await cast.invoke('ProposeRecovery', { ...recovery.input, evidence }, registrar));
    expect(await cast.invoke('ConfirmRecovery', { ...recovery.key, evidence }, clerk)).toMatchObject(refused);
    const { input } = cast.delegation(patient, { basis: 'court', evidence, scopes: ['consents', 'view'] });
    must(await cast.invoke('ProposeDelegation', input, registrar));
    expect(await cast.invoke('ConfirmDelegation', input, clerk)).toMatchObject(refused);
    const said = { pseudonym, evidence: sha256Of('death') };
    must(await cast.invoke('ProposeDeath', said, registrar));
    expect(await cast.invoke('ConfirmDeath', said, clerk)).toMatchObject(refused);
    expect(await cast.invoke('RevokeDeath', said, clerk)).toMatchObject(refused);
  });

  const space = { kind: 'public' } as const;
  /** What colluding endorsers write over an entry. */
  const writtenOver = async (objectType: string, holding: string, change: (entry: { readonly mspId: string }) => object): Promise<void> => {
    const { state } = stage().cast;
    const found = [...state.dump(space)].find(([key, value]) => key.startsWith(`\u0000${objectType}\u0000`) && value.includes(holding));
    if (found === undefined) throw new Error('no entry');
    const [key, value] = found;
    const entry = JSON.parse(value) as { readonly mspId: string };
    await state.apply([{ kind: 'put', space, key, value: Buffer.from(canonicalJson({ ...entry, ...change(entry) })) }]);
  };
  const byAdministrator = (mspId: string) => ({ kind: 'administrator', mspId, keyHash: sha256Of('a key') });
  const byStaff = (mspId: string, actorTag: string) => ({ kind: 'staff', mspId, actorTag });
  const madeBy = (actor: object, confirmedBy?: object) => ({
    origin: { requestHash: sha256Of('a request'), actor },
    ...(confirmedBy === undefined ? {} : { confirmedBy }),
  });

  it.each<readonly [string, (own: string, tag: string) => object, boolean]>([
    ['the administrator of their own hospital', (own) => madeBy(byAdministrator(own)), true],
    ['two colleagues', (own) => madeBy(byStaff(own, 'hr-1'), byStaff(own, 'hr-2')), true],
    ['a colleague and the administrator', (own) => madeBy(byStaff(own, 'hr-1'), byAdministrator(own)), true],
    ['the administrator of another one', () => madeBy(byAdministrator(A)), false],
    ['one colleague alone', (own) => madeBy(byStaff(own, 'hr-1')), false],
    ['one colleague twice', (own) => madeBy(byStaff(own, 'hr-1'), byStaff(own, 'hr-1')), false],
    ['a colleague and themselves', (own, tag) => madeBy(byStaff(own, 'hr-1'), byStaff(own, tag)), false],
    ['themselves and a colleague', (own, tag) => madeBy(byStaff(own, tag), byStaff(own, 'hr-1')), false],
    ['a colleague and somebody of another hospital', (own) => madeBy(byStaff(own, 'hr-1'), byStaff(A, 'hr-1')), false],
    ['a patient', (_own, tag) => madeBy({ kind: 'patient', pseudonym: tag }), false],
  ])('has an entry that says that it was made by %s', async (_who, said, isBelieved) => {
    const { input, as } = await proposed(stage());
    const registrar = stage().cast.staff(B, 'registrar');
    await writtenOver('staff', registrar.actorTag, ({ mspId }) => said(mspId, registrar.actorTag));
    const outcome = await stage().cast.invoke('ConfirmRecovery', input, as);
    expect(outcome).toMatchObject(isBelieved ? { status: 200 } : { code: 'NOT_PERMITTED', writes: 0 });
  });
  it('is of an organisation that its own administrator has registered', async () => {
    const { input, as } = await proposed(stage());
    await writtenOver('organisation', `"mspId":"${B}","origin"`, () => madeBy(byAdministrator(A)));
    expect(await stage().cast.invoke('ConfirmRecovery', input, as)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });
});
