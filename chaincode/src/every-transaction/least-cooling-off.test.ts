import { canonicalJson } from '@lianyi/domain';
import { A, B, C, must, type Stage } from './cast.fixture';
import { type Outcome, newKey } from './consortium.fixture';
import { evidence, HOUR } from './recovery-steps.fixture';
import { useStage } from './stage.fixture';

const WEEK = 7 * 24 * HOUR;

/** What the members have agreed on, written anew: by an older chaincode, or as others have agreed. */
const agreedOn = async ({ cast }: Stage, said: object): Promise<void> => {
  const value = Buffer.from(canonicalJson({ schemaVersion: 1, genesis: cast.genesis, ...said }));
  await cast.state.apply([{ kind: 'put', space: { kind: 'public' }, key: '\u0000parameter\u0000network\u0000', value }]);
};
const register = ({ cast }: Stage, said: object): Promise<Outcome> => {
  const encapsulationKeys = [{ epoch: 1, publicKey: newKey().publicKey }];
  return cast.invoke(
    'RegisterOrganisation',
    { kinds: ['hospital'], genesis: cast.genesis, encapsulationKeys, ...said },
    cast.admin('DeltaMSP'),
  );
};
/** By when a recovery may be completed that the first two of these guardians vouch for, after its opening. */
const vouchedFor = async ({ cast, patient }: Stage, guardians: Awaited<ReturnType<typeof cast.nameGuardians>>) => {
  const { input, key, comesBack } = cast.recovery(patient);
  must(await cast.invoke('OpenRecovery', input, guardians[0]));
  must(await cast.invoke('ApproveRecovery', key, guardians[1]));
  return { key, comesBack };
};

describe('the least time for the old key', () => {
  const stage = useStage();

  it('is a week in a network that is older than it: for whom the patient names, and for whom they have named before', async () => {
    const { cast, patient } = stage();
    const guardians = await cast.nameGuardians(patient); // two days
    await agreedOn(stage(), {});
    const named = cast.guardiansInput(patient, guardians);
    const refused = { code: 'COOLING_OFF_TOO_SHORT', details: { leastCoolingOffMinutes: 10_080 } };
    expect(await cast.invoke('SetGuardians', named, patient)).toMatchObject(refused);
    const { key, comesBack } = await vouchedFor(stage(), guardians);
    cast.now += WEEK - 1;
    expect(await cast.invoke('CompleteRecovery', key, comesBack)).toMatchObject({ code: 'RECOVERY_NOT_DUE' });
    cast.now += 1;
    must(await cast.invoke('CompleteRecovery', key, comesBack));
  });

  it.each([
    ['states nothing', {}],
    ['states a week', { leastCoolingOffMinutes: 10_080 }],
  ])('lets who %s into such a network', async (_what, said) => {
    await agreedOn(stage(), {});
    must(await register(stage(), said));
  });

  it.each([
    ['less than a week into such a network', {}, { leastCoolingOffMinutes: 10_079 }],
    ['more than a week into such a network', {}, { leastCoolingOffMinutes: 10_081 }],
    ['nothing where the others have agreed on more than a week', { leastCoolingOffMinutes: 20_160 }, {}],
  ])('does not let in who states %s', async (_what, agreed, said) => {
    await agreedOn(stage(), agreed);
    expect(await register(stage(), said)).toMatchObject({
      code: 'COOLING_OFF_DIFFERS',
      details: { ...{ leastCoolingOffMinutes: 10_080 }, ...agreed },
    });
  });

  it('holds registrars to no less than a week where the members have agreed on less, and to more where they have agreed on more', async () => {
    const { cast, patient } = stage();
    const until = async (): Promise<unknown> =>
      must(await cast.invoke('ProposeRecovery', { ...cast.recovery(patient).input, evidence }, await cast.colleague(A, 'registrar')))
        .answer;
    expect(await until()).toMatchObject({ coolingOffUntil: cast.instant(WEEK) });
    await agreedOn(stage(), { leastCoolingOffMinutes: 20_160 });
    expect(await until()).toMatchObject({ coolingOffUntil: cast.instant(2 * WEEK) });
  });

  it('is fixed for all by the first that registers', async () => {
    const { cast } = stage();
    const [parameter] = [...cast.state.dump({ kind: 'public' })].filter(([key]) => key.startsWith('\u0000parameter\u0000'));
    expect(JSON.parse(parameter?.[1] ?? '')).toEqual({ schemaVersion: 1, genesis: cast.genesis, leastCoolingOffMinutes: 60 });
    for (const msp of [A, B, C]) expect(await cast.registerOrganisation(msp)).toMatchObject({ code: 'ALREADY_EXISTS' });
  });
});
