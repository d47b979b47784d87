import {
  canonicalJson,
  instantOf,
  openByGuardian,
  openByRegistrar,
  type RecoveryCase,
  setGuardians,
  supersedeRecovery,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { nonce, registrarA, signedBy } from './member-chain.fixture';
import { MINUTE, type PatientChain, pseudonymKey } from './patient-chain.fixture';
import { auditLine, circumstances, origin, RecoveryWorld, setKey } from './recovery-world.fixture';
import { useRecovery } from './recovery-chain.fixture';

/** Whoever opens a case keeps nobody else from theirs; once enough have vouched for one, the others are void. */
describe('recoveries that are open beside each other', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  let other: RecoveryWorld;
  let proposed: RecoveryCase;
  beforeEach(() => {
    other = new RecoveryWorld();
  });

  /** A registrar of the patient's hospital opens a case of their own. */
  const proposal = (named: readonly string[]): Call => {
    const actor = { kind: 'staff', mspId: registrarA.mspId, actorTag: registrarA.actorTag } as const;
    proposed = openByRegistrar(other.draft, other.evidence, recovery().set, circumstances(chain().now, { ...origin, actor }));
    const shown = { [pseudonymKey()]: chain().standing({ recoveries: named }), ...auditLine('RecoveryOpened', chain().now) };
    const writes = { ...shown, [other.caseKey]: canonicalJson(proposed) };
    return signedBy(registrarA, transactions.ProposeRecovery, { ...other.draft, nonce, evidence: other.evidence }, writes, chain().now);
  };
  /** The guardians' case is opened beside it. */
  const opening = (named = [other.caseId, recovery().world.caseId]): Call => {
    const call = recovery().opening();
    return { ...call, writes: { ...call.writes, [pseudonymKey()]: chain().standing({ recoveries: named }) } };
  };
  const overtaken = (): Record<string, string> => ({
    ...recovery().keyKept(),
    [other.caseKey]: canonicalJson(supersedeRecovery(proposed, instantOf(chain().now))),
  });

  it('do not keep the guardians out, who are first to be enough', async () => {
    await chain().say(recovery().naming());
    await chain().add(proposal([other.caseId]));
    await chain().add(opening());
    const call = recovery().approving();
    await chain().add({ ...call, writes: { ...call.writes, ...overtaken() } });
    recovery().untilDue();
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  it('are void once enough have vouched for one, whether or not that is written', async () => {
    await chain().say(recovery().naming());
    await chain().add(proposal([other.caseId]));
    await chain().add(opening());
    await chain().add(recovery().approving());
    expect(chain().names()).toEqual(['recovery-not-as-commanded']);
    const revived = { ...proposed, state: 'coolingOff' as const };
    await chain().add(chain().forged({ [other.caseKey]: canonicalJson(revived) }));
    expect(chain().names().slice(1)).toEqual(['recovery-without-command']);
  });

  it('are all shown: one that an opening leaves out of the entry ends them', async () => {
    await chain().say(recovery().naming());
    await chain().add(proposal([other.caseId]));
    await chain().add(opening([recovery().world.caseId]));
    await chain().add(recovery().approving());
    recovery().untilDue();
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('unproven');
    expect(chain().names()[0]).toBe('key-without-command');
  });

  it('of registrars leave the old key as long as the patient has said, also where that came late', async () => {
    const named = { ...recovery().world.named, coolingOffMinutes: 30 * 24 * 60 };
    recovery().set = setGuardians(named, instantOf(chain().now), origin);
    const naming = chain().command(transactions.SetGuardians, named, { [setKey]: canonicalJson(recovery().set) });
    chain().now += 6 * MINUTE;
    await chain().say(naming);
    await chain().add(proposal([other.caseId]));
    expect(proposed.coolingOffUntil).toBe(instantOf(chain().now + 30 * 24 * 60 * MINUTE));
    expect(chain().names()).toEqual(['guardians-late']);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  it('are one of each who opens: a second one of the same guardian is nobody’s word', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    const second = openByGuardian(
      other.draft,
      recovery().world.hash(0),
      recovery().set,
      circumstances(chain().now, recovery().world.openedBy(0)),
    );
    const shown = {
      [pseudonymKey()]: chain().standing({ recoveries: [recovery().world.caseId, other.caseId] }),
      ...auditLine('RecoveryOpened', chain().now),
    };
    const writes = { ...shown, [other.caseKey]: canonicalJson(second) };
    await chain().add(recovery().byGuardian(recovery().world.guardians[0], transactions.OpenRecovery, { ...other.draft, nonce }, writes));
    expect(chain().names()).toEqual(['key-without-command', 'recovery-without-command']);
  });
});
