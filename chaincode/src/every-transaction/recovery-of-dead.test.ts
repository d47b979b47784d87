import { A, B, C, must, type Stage } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { coolingOff, evidence, HOUR, opened } from './recovery-steps.fixture';

const said = sha256Of('death');
/** Two registrars record a death, and two others take it back. */
const recordedDead = async ({ cast, patient: { pseudonym } }: Stage): Promise<void> => {
  must(await cast.invoke('ProposeDeath', { pseudonym, evidence: said }, cast.staff(A, 'registrar')));
  must(await cast.invoke('ConfirmDeath', { pseudonym, evidence: said }, cast.staff(C, 'registrar')));
};
const takenBack = async ({ cast, patient: { pseudonym } }: Stage): Promise<void> => {
  must(await cast.invoke('DisputeDeath', { pseudonym, evidence: said }, await cast.colleague(A, 'registrar')));
  must(await cast.invoke('RevokeDeath', { pseudonym, evidence: said }, cast.staff(B, 'registrar')));
};

/** A recorded death holds the veto off: a cooling-off that went by meanwhile was none. */
describe('a recovery that is open when a death is recorded', () => {
  const stage = useStage();

  it('is void for guardians and their new key, also once the death is taken back', async () => {
    const { cast, patient } = stage();
    const { key, comesBack } = await coolingOff(stage());
    await recordedDead(stage());
    expect(await cast.invoke('VetoRecovery', key, patient)).toMatchObject({ code: 'PATIENT_DECEASED' });
    cast.now += 48 * HOUR;
    await takenBack(stage());
    expect(await cast.invoke('CompleteRecovery', key, comesBack)).toMatchObject({ code: 'STALE_KEY' });
    expect(must(await cast.invoke('GetRecovery', key, { kind: 'member', msp: C }))).toMatchObject({ answer: { state: 'superseded' } });
    must(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient));
  });

  it('is void for registrars, who cannot confirm it while the patient is dead', async () => {
    const { cast, patient } = stage();
    const { input, key, comesBack } = cast.recovery(patient);
    must(await cast.invoke('ProposeRecovery', { ...input, evidence }, cast.staff(A, 'registrar')));
    await recordedDead(stage());
    expect(await cast.invoke('ConfirmRecovery', { ...key, evidence }, cast.staff(B, 'registrar'))).toMatchObject({ code: 'ILLEGAL_STATE' });
    cast.now += 9 * 24 * HOUR;
    await takenBack(stage());
    expect(await cast.invoke('CompleteRecovery', key, comesBack)).toMatchObject({ code: 'STALE_KEY' });
  });

  it('is void for the guardian who has not approved it yet', async () => {
    const { cast } = stage();
    const { key, guardians } = await opened(stage());
    await recordedDead(stage());
    expect(await cast.invoke('ApproveRecovery', key, guardians[1])).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  it('gives way to a new one once the death is taken back, with the whole time for the old key', async () => {
    const { cast, patient } = stage();
    const { guardians } = await coolingOff(stage());
    await recordedDead(stage());
    await takenBack(stage());
    const { input, key, comesBack } = cast.recovery(patient);
    must(await cast.invoke('OpenRecovery', input, guardians[0]));
    must(await cast.invoke('ApproveRecovery', key, guardians[1]));
    cast.now += 48 * HOUR - 1;
    expect(await cast.invoke('CompleteRecovery', key, comesBack)).toMatchObject({ code: 'RECOVERY_NOT_DUE' });
    cast.now += 1;
    must(await cast.invoke('CompleteRecovery', key, comesBack));
  });
});
