import { canonicalJson, instantOf, openByGuardian, openByRegistrar, setGuardians, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, LEAST_COOLING_OFF_MINUTES, nonce, NOW, originOf, registered, registrarA, signedBy } from './member-chain.fixture';
import { MINUTE, PatientChain } from './patient-chain.fixture';
import { RecoveryChain, registrarB, useRecovery } from './recovery-chain.fixture';
import { auditLine, circumstances, origin, setKey, WEEK } from './recovery-world.fixture';

const LEAST = LEAST_COOLING_OFF_MINUTES * MINUTE;

/** The patient names guardians who are to wait for so many minutes; enough endorsers take it, and write the case of two of them for as long. */
const vouchedFor = async (recovery: RecoveryChain, coolingOffMinutes: number, leastCoolingOffMinutes: number): Promise<void> => {
  const { chain, world } = recovery;
  const named = { ...world.named, coolingOffMinutes };
  recovery.set = setGuardians(named, instantOf(chain.now), origin);
  await chain.say(chain.command(transactions.SetGuardians, named, { [setKey]: canonicalJson(recovery.set) }));
  const opening = recovery.opening();
  const by = { ...circumstances(chain.now, world.openedBy(0)), leastCoolingOffMinutes };
  recovery.opened = openByGuardian(world.draft, world.hash(0), recovery.set, by);
  await chain.add({ ...opening, writes: { ...opening.writes, [world.caseKey]: canonicalJson(recovery.opened) } });
  await chain.add(recovery.approving());
};
const grantsAfter = async (recovery: RecoveryChain, millis: number): Promise<string> => {
  recovery.untilDue(millis);
  await recovery.chain.add(recovery.completing());
  return recovery.grants();
};
/** What hospital and auditor find untrue. */
const alarmsOf = ({ chain }: RecoveryChain) => [chain.names(), chain.audit.report().alarms.map(({ name }) => name)];
const REFUSED = ['recovery-not-as-commanded', 'recovery-without-command', 'command-not-signed'] as const;

/** What the members have agreed on holds, whatever enough endorsers write, and whichever hospital says otherwise. */
describe('the least time for the old key, in the blocks', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;

  it.each([
    ['what the patient has chosen, if that is as much', LEAST_COOLING_OFF_MINUTES],
    ['what the members have agreed on, if the patient has chosen less', 1],
  ])('ends with %s', async (_what, coolingOffMinutes) => {
    await vouchedFor(recovery(), coolingOffMinutes, LEAST_COOLING_OFF_MINUTES);
    expect(await grantsAfter(recovery(), LEAST)).toBe('given');
    expect(alarmsOf(recovery())).toEqual([[], []]);
  });

  it.each<readonly [string, () => readonly Call[], number]>([
    ['enough endorsers write that a minute was enough', () => [], 1],
    ['they write one minute less than was agreed', () => [], LEAST_COOLING_OFF_MINUTES - 1],
    ['another hospital has registered with a minute since', () => [registered('DMSP', ['hospital'], 'DMSP', 1)], 1],
    ['the patient’s hospital has registered once more, with a minute', () => [registered('AMSP', ['hospital'], 'AMSP', 1)], 1],
    [
      'others have written anew what is agreed on',
      () => [chain().forged({ ['\u0000parameter\u0000network\u0000']: canonicalJson({ schemaVersion: 1, leastCoolingOffMinutes: 1 }) })],
      1,
    ],
  ])('is not over sooner where %s: neither hospital nor auditor believes the new key', async (_what, before, minutes) => {
    await chain().add(...before());
    await vouchedFor(recovery(), 1, minutes);
    expect(await grantsAfter(recovery(), LEAST - 1)).toBe('unproven');
    for (const told of alarmsOf(recovery())) expect(told).toEqual(expect.arrayContaining([...REFUSED]));
  });

  it('of registrars is a week also where the members have agreed on less', async () => {
    const { world } = recovery();
    await chain().add(hired(registrarB));
    const proposed = openByRegistrar(world.draft, world.evidence, undefined, circumstances(chain().now, originOf(registrarA)));
    const written = { ...proposed, coolingOffUntil: instantOf(chain().now + LEAST) };
    const shown = { ...recovery().keyKept(), ...auditLine('RecoveryOpened', chain().now) };
    const input = { ...world.draft, nonce, evidence: world.evidence };
    const writes = { ...shown, [world.caseKey]: canonicalJson(written) };
    await chain().add(signedBy(registrarA, transactions.ProposeRecovery, input, writes, chain().now));
    expect(proposed.coolingOffUntil).toBe(instantOf(chain().now + WEEK));
    expect(alarmsOf(recovery())).toEqual([['recovery-not-as-commanded'], ['recovery-not-as-commanded']]);
  });
});

/** Enough endorsers have let the members register with what they liked. */
describe('the least time for the old key, where the members state different ones', () => {
  let recovery: RecoveryChain;
  const begun = async (registrations: () => readonly Call[]): Promise<RecoveryChain> => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const chain = new PatientChain();
    clock.mockImplementation(() => chain.now);
    await chain.begin(undefined, registrations);
    return new RecoveryChain(chain);
  };
  afterEach(async () => {
    await recovery.chain.index.close();
    jest.restoreAllMocks();
  });
  const stating = (mspId: string, minutes: number): Call => registered(mspId, ['hospital'], mspId, minutes);

  it.each<readonly [string, () => readonly Call[], number]>([
    ['the first has stated, which the patient’s own hospital does not lower', () => [stating('BMSP', 30), stating('AMSP', 1)], 30],
    [
      'the first has stated, which a third hospital does not raise',
      () => [stating('BMSP', 30), stating('AMSP', 30), stating('CMSP', 60)],
      30,
    ],
    ['the patient’s own hospital has agreed to, also if the first has stated less', () => [stating('BMSP', 1), stating('AMSP', 30)], 30],
    ['a week is, if nobody has stated anything', () => [], 10_080],
  ])('is what %s', async (_what, registrations, minutes) => {
    recovery = await begun(registrations);
    await vouchedFor(recovery, 1, minutes);
    expect(await grantsAfter(recovery, minutes * MINUTE)).toBe('given');
    expect(alarmsOf(recovery)).toEqual([[], []]);
  });

  it.each<readonly [string, () => readonly Call[], number]>([
    ['the patient’s own hospital has stated a minute less than the first', () => [stating('BMSP', 30), stating('AMSP', 29)], 29],
    ['the first has stated a minute less than the patient’s own hospital', () => [stating('BMSP', 29), stating('AMSP', 30)], 29],
    ['nobody has stated anything', () => [], 10_079],
  ])('is not over sooner where %s', async (_what, registrations, minutes) => {
    recovery = await begun(registrations);
    await vouchedFor(recovery, 1, minutes);
    expect(await grantsAfter(recovery, minutes * MINUTE)).toBe('unproven');
    for (const told of alarmsOf(recovery)) expect(told).toEqual(expect.arrayContaining([...REFUSED]));
  });
});
