import { type Prepared } from './area.fixture';
import { A, B, C, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Guardian } from './consortium.fixture';
import { coolingOff, evidence, HOUR, opened, toPropose } from './recovery-steps.fixture';

type OfThree = readonly [Guardian, Guardian, Guardian];

/** Whoever opens a case keeps out nobody but themself: neither for those of the same way, nor for those of the other. */
describe('recoveries that wait beside each other', () => {
  const stage = useStage();
  const stateOf = async (key: Readonly<Record<string, unknown>>): Promise<unknown> =>
    must(await stage().cast.invoke('GetRecovery', key, { kind: 'member', msp: C })).answer;
  const propose = (by: Prepared['as']): Promise<unknown> => stage().cast.invoke('ProposeRecovery', toPropose(stage()).input, by);

  const badActors: Record<string, (guardians: OfThree) => () => Promise<unknown>> = {
    'a registrar of the patient’s hospital': () => () => propose(stage().cast.staff(A, 'registrar')),
    'a guardian': (guardians) => () => stage().cast.invoke('OpenRecovery', stage().cast.recovery(stage().patient).input, guardians[2]),
  };
  const others: Record<string, (guardians: OfThree) => readonly (() => Promise<unknown>)[]> = {
    'two guardians': (guardians) => {
      const { input, key } = stage().cast.recovery(stage().patient);
      return [
        () => stage().cast.invoke('OpenRecovery', input, guardians[0]),
        () => stage().cast.invoke('ApproveRecovery', key, guardians[1]),
        () => stateOf(key),
      ];
    },
    'another registrar and one of another hospital': () => {
      const { input, key } = stage().cast.recovery(stage().patient);
      return [
        async () => stage().cast.invoke('ProposeRecovery', { ...input, evidence }, await stage().cast.colleague(A, 'registrar')),
        () => stage().cast.invoke('ConfirmRecovery', { ...key, evidence }, stage().cast.staff(B, 'registrar')),
        () => stateOf(key),
      ];
    },
  };
  const pairs = Object.keys(badActors).flatMap((bad) => Object.keys(others).map((good) => [bad, good] as const));

  it.each(pairs)('%s who acts before every step of others does not keep out %s', async (bad, good) => {
    const guardians = await stage().cast.nameGuardians(stage().patient);
    const disturb = badActors[bad]?.(guardians);
    let answer: unknown;
    for (const step of others[good]?.(guardians) ?? []) {
      // many times, and from the block before on
      await disturb?.();
      await disturb?.();
      answer = await step();
      stage().cast.now += 20 * HOUR;
    }
    expect(answer).toMatchObject({ state: 'coolingOff' });
  });

  it('are all void once enough vouch for one, and named no more', async () => {
    const { cast, patient } = stage();
    const { key, guardians } = await opened(stage());
    const { input, as } = toPropose(stage());
    must(await cast.invoke('ProposeRecovery', input, as));
    const second = cast.recovery(patient);
    must(await cast.invoke('OpenRecovery', second.input, guardians[1]));
    must(
      await cast.invoke('ConfirmRecovery', { pseudonym: patient.pseudonym, caseId: input['caseId'], evidence }, cast.staff(B, 'registrar')),
    );
    for (const each of [key, second.key]) expect(await stateOf(each)).toMatchObject({ state: 'superseded' });
    const entry = must(await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: C })).answer;
    expect(entry).toMatchObject({ recoveries: [input['caseId']] });
    expect(await cast.invoke('ApproveRecovery', key, guardians[1])).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  it('are vetoed one by one: the others wait on', async () => {
    const { cast, patient } = stage();
    const { key } = await opened(stage());
    const { input, as } = toPropose(stage());
    must(await cast.invoke('ProposeRecovery', input, as));
    must(await cast.invoke('VetoRecovery', key, patient));
    const entry = must(await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: C })).answer;
    expect(entry).toMatchObject({ recoveries: [input['caseId']] });
  });

  it('make room when their time is over, also when somebody else vouches', async () => {
    const { cast, patient } = stage();
    const { key, guardians } = await opened(stage());
    cast.now += 71 * HOUR;
    const second = cast.recovery(patient);
    must(await cast.invoke('OpenRecovery', second.input, guardians[1]));
    cast.now += HOUR;
    must(await cast.invoke('ApproveRecovery', second.key, guardians[2]));
    expect(await stateOf(key)).toMatchObject({ state: 'expired' });
  });

  it('gain nothing by the guardians whom the patient has named last: theirs are void, those of registrars wait on', async () => {
    const { cast, patient } = stage();
    const { key } = await opened(stage());
    const { input, as } = toPropose(stage());
    must(await cast.invoke('ProposeRecovery', input, as));
    await cast.nameGuardians(patient);
    expect(await stateOf(key)).toMatchObject({ state: 'superseded' });
    expect(await stateOf({ pseudonym: patient.pseudonym, caseId: input['caseId'] })).toMatchObject({ state: 'opened' });
  });

  it('are completed by their own key alone', async () => {
    const { cast } = stage();
    const { key, comesBack } = await coolingOff(stage());
    cast.now += 48 * HOUR;
    const other = cast.recovery(stage().patient);
    expect(await cast.invoke('CompleteRecovery', other.key, comesBack)).toMatchObject({ code: 'STALE_KEY' });
    expect(await cast.invoke('CompleteRecovery', key, other.comesBack)).toMatchObject({ code: 'STALE_KEY' });
    must(await cast.invoke('CompleteRecovery', key, comesBack));
  });
});
