import { MOST_OPEN_BY_REGISTRARS } from '@lianyi/domain';
import { type Prepared, type Refusal } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { type Guardian, type Patient, sha256Of } from './consortium.fixture';
import { after } from './refusal-case.fixture';

/** How far a recovery may be when a case of the tests begins. */

export const HOUR = 3_600_000;
export const noSuch = { caseId: 'nothing' };
export const later = (hours: number): Refusal[2] =>
  after(({ cast }) => {
    cast.now += hours * HOUR;
    return Promise.resolve();
  });

type Opened = ReturnType<Stage['cast']['recovery']> & { readonly guardians: readonly [Guardian, Guardian, Guardian] };
/** A case that the first of three guardians has opened; two are needed. */
export const opened = async ({ cast, patient }: Stage): Promise<Opened> => {
  const guardians = await cast.nameGuardians(patient);
  const recovery = cast.recovery(patient);
  must(await cast.invoke('OpenRecovery', recovery.input, guardians[0]));
  return { ...recovery, guardians };
};
export const toApprove = async (stage: Stage): Promise<Prepared> => {
  const { key, guardians } = await opened(stage);
  return { input: key, as: guardians[1] };
};
/** A case that two guardians have approved. */
export const coolingOff = async (stage: Stage): Promise<Opened> => {
  const recovery = await opened(stage);
  must(await stage.cast.invoke('ApproveRecovery', recovery.key, recovery.guardians[1]));
  return recovery;
};
export const due = async (stage: Stage): Promise<Prepared> => {
  const { key, comesBack } = await coolingOff(stage);
  stage.cast.now += 48 * HOUR;
  return { input: key, as: comesBack };
};
export const evidence = sha256Of('passport');
export const toPropose = ({ cast, patient }: Stage): Prepared => ({
  input: { ...cast.recovery(patient).input, evidence },
  as: cast.staff(A, 'registrar'),
});
export const proposed = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = toPropose(stage);
  must(await stage.cast.invoke('ProposeRecovery', input, as));
  const { pseudonym, caseId } = input;
  return { input: { pseudonym, caseId, evidence }, as: stage.cast.staff(B, 'registrar') };
};
/** As many registrars of the hospital have proposed one each as may wait. */
export const crowded = async (stage: Stage): Promise<Prepared> => {
  for (let each = 0; each < MOST_OPEN_BY_REGISTRARS; each += 1)
    must(await stage.cast.invoke('ProposeRecovery', toPropose(stage).input, await stage.cast.colleague(A, 'registrar')));
  return toPropose(stage);
};
export const keyOf = ({ input: { pseudonym, caseId } }: Pick<Prepared, 'input'>): Prepared['input'] => ({ pseudonym, caseId });
export const veto = async ({ cast, patient }: Stage, prepared: Prepared): Promise<unknown> =>
  must(await cast.invoke('VetoRecovery', keyOf(prepared), patient));
/** Another case of the same patient, by who has opened the first. */
export const another: Refusal[2] = async (stage, valid) => {
  const prepared = await valid.prepare();
  must(await stage.cast.invoke(valid.name, prepared.input, prepared.as));
  const { input } = stage.cast.recovery(stage.patient);
  return { ...prepared, input: { ...prepared.input, ...input } };
};
export const assisted = ({ cast }: Stage): Promise<Patient> => cast.newPatient(A, 'assisted');
