import { A, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { evidence } from './recovery-steps.fixture';

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
    const { input, delegate } = cast.delegation(patient, { basis: 'court', evidence, scopes: ['consents', 'view'] });
    must(await cast.invoke('ProposeDelegation', input, registrar));
    const { delegationId } = delegate;
    expect(await cast.invoke('ConfirmDelegation', { pseudonym, delegationId, evidence }, clerk)).toMatchObject(refused);
    const said = { pseudonym, evidence: sha256Of('death') };
    must(await cast.invoke('ProposeDeath', said, registrar));
    expect(await cast.invoke('ConfirmDeath', said, clerk)).toMatchObject(refused);
    expect(await cast.invoke('RevokeDeath', said, clerk)).toMatchObject(refused);
  });
});
