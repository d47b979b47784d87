import { canonicalJson } from '@lianyi/domain';
import { A, B, C, must, type Stage } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { coolingOff, evidence, HOUR, opened, toPropose } from './recovery-steps.fixture';

const publicSpace = { kind: 'public' } as const;

/** Endorsers that collude leave in the pseudonym's entry what is not open any more. */
async function leaveNamed({ cast, patient }: Stage, ...caseIds: readonly unknown[]): Promise<void> {
  const found = [...cast.state.dump(publicSpace)].find(([key]) => key === `\u0000pseudonym\u0000${patient.pseudonym}\u0000`);
  if (found === undefined) throw new Error('no entry');
  const [key, value] = found;
  const entry = { ...(JSON.parse(value) as object), recoveries: caseIds };
  await cast.state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from(canonicalJson(entry as never)) }]);
}

describe('a pseudonym whose entry names a recovery that is not open', () => {
  const stage = useStage();
  const entryNow = async (): Promise<unknown> =>
    must(await stage().cast.invoke('GetPseudonym', { pseudonym: stage().patient.pseudonym }, { kind: 'member', msp: C })).answer;

  const over: Record<string, () => Promise<unknown>> = {
    vetoed: async () => {
      const { key } = await coolingOff(stage());
      must(await stage().cast.invoke('VetoRecovery', key, stage().patient));
      return key.caseId;
    },
    completed: async () => {
      const { key, comesBack } = await coolingOff(stage());
      stage().cast.now += 48 * HOUR;
      must(await stage().cast.invoke('CompleteRecovery', key, comesBack));
      return key.caseId;
    },
    'void because guardians were named anew': async () => {
      const { key } = await opened(stage());
      await stage().cast.nameGuardians(stage().patient);
      return key.caseId;
    },
    expired: async () => {
      const { key, guardians } = await opened(stage());
      stage().cast.now += 72 * HOUR;
      const { input, key: second } = stage().cast.recovery(stage().patient);
      must(await stage().cast.invoke('OpenRecovery', input, guardians[0]));
      must(await stage().cast.invoke('VetoRecovery', second, stage().patient));
      return key.caseId;
    },
    'one that never was': () => Promise.resolve(stage().cast.recovery(stage().patient).key.caseId),
  };

  it.each(Object.keys(over))('(%s) is recovered all the same, and the entry names it no more', async (which) => {
    const { cast } = stage();
    await leaveNamed(stage(), await over[which]?.());
    const { input, as } = toPropose(stage());
    must(await cast.invoke('ProposeRecovery', input, as));
    expect(await entryNow()).toMatchObject({ recoveries: [input['caseId']] });
    must(
      await cast.invoke(
        'ConfirmRecovery',
        { pseudonym: input['pseudonym'], caseId: input['caseId'], evidence },
        cast.staff(B, 'registrar'),
      ),
    );
  });

  it('is left by whoever vouches next, also for a case that was open before', async () => {
    const { cast, patient } = stage();
    const never = cast.recovery(patient).key.caseId;
    const { key, guardians } = await opened(stage());
    await leaveNamed(stage(), never, key.caseId);
    must(await cast.invoke('ApproveRecovery', key, guardians[1]));
    expect(await entryNow()).toMatchObject({ recoveries: [key.caseId] });
  });

  it('lets the patient name guardians and two registrars record a death', async () => {
    const { cast, patient } = stage();
    await leaveNamed(stage(), await over['vetoed']?.(), cast.recovery(patient).key.caseId);
    await cast.nameGuardians(patient);
    const said = { pseudonym: patient.pseudonym, evidence: sha256Of('death') };
    must(await cast.invoke('ProposeDeath', said, cast.staff(A, 'registrar')));
    must(await cast.invoke('ConfirmDeath', said, cast.staff(C, 'registrar')));
  });

  it('keeps room taken by what is open: a name left there makes none', async () => {
    const { cast, patient } = stage();
    const { key, guardians } = await coolingOff(stage());
    await leaveNamed(stage(), cast.recovery(patient).key.caseId, key.caseId);
    const { input } = cast.recovery(patient);
    expect(await cast.invoke('OpenRecovery', input, guardians[2])).toMatchObject({ code: 'RECOVERY_OPEN' });
  });
});
