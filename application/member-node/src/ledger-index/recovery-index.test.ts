import { newPrivateKey } from '@lianyi/client';
import { approveRecovery, canonicalJson, instantOf, openByGuardian, openByRegistrar, transactions, vetoRecovery } from '@lianyi/domain';
import { hired, nonce, originOf, registrarA, signedBy } from './member-chain.fixture';
import { B, MINUTE, pseudonymKey, type PatientChain } from './patient-chain.fixture';
import { auditLine, circumstances, RecoveryWorld, setKey, WEEK } from './recovery-world.fixture';
import { colleagueA, registrarB, useRecovery } from './recovery-chain.fixture';

describe('whether a recovery is the word of those whose it is', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  const openedByGuardian = (set = recovery().set, draft = recovery().world.draft) =>
    openByGuardian(draft, recovery().world.hash(0), set, circumstances(chain().now, recovery().world.openedBy(0)));
  const openedByRegistrar = () =>
    openByRegistrar(recovery().world.draft, recovery().world.evidence, undefined, circumstances(chain().now, originOf(registrarA)));

  const REFUSED = ['command-not-signed', 'key-without-command', 'recovery-without-command'];
  it.each<readonly [string, () => Promise<void>, readonly string[]]>([
    [
      'one guardian alone has recovery().opened it, and enough endorsers have written the other approval',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        recovery().opened = approveRecovery(recovery().opened, recovery().world.hash(1), recovery().set, instantOf(chain().now));
        await chain().add(chain().forged({ [recovery().world.caseKey]: canonicalJson(recovery().opened) }));
        recovery().untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'enough endorsers have written the guardians',
      async () => {
        recovery().set = recovery().world.set(chain().now);
        await chain().add(chain().forged({ [setKey]: canonicalJson(recovery().set) }));
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        recovery().untilDue();
      },
      ['guardians-without-command', 'key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'enough endorsers have written that one guardian is enough',
      async () => {
        await chain().say(recovery().naming());
        const one = { ...recovery().set, threshold: 1 };
        await chain().add(chain().forged({ [setKey]: canonicalJson(one) }));
        const approved = openedByGuardian(one);
        const call = recovery().opening();
        recovery().opened = approved;
        await chain().add({ ...call, writes: { ...call.writes, [recovery().world.caseKey]: canonicalJson(approved) } });
        recovery().untilDue();
      },
      ['guardians-without-command', 'recovery-not-as-commanded', ...REFUSED],
    ],
    [
      'the cooling-off is not over',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        recovery().untilDue(60 * MINUTE - 1);
      },
      REFUSED,
    ],
    [
      'it was recovery().opened with an earlier time than that of the block',
      async () => {
        await chain().say(recovery().naming());
        chain().now += 40 * MINUTE;
        await chain().add(recovery().opening(recovery().world.guardians[0], chain().now - 30 * MINUTE));
        await chain().add(recovery().approving());
        recovery().untilDue(30 * MINUTE);
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the old key has refused it, which nobody has carried out',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await chain().say(chain().command(transactions.VetoRecovery, recovery().world.key));
        recovery().untilDue();
      },
      ['command-not-carried-out', ...REFUSED],
    ],
    [
      'the old key has refused it, and enough endorsers have revived it',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        const vetoed = canonicalJson(vetoRecovery(recovery().opened, instantOf(chain().now)));
        await chain().say(chain().command(transactions.VetoRecovery, recovery().world.key, { [recovery().world.caseKey]: vetoed }));
        await chain().add(chain().forged({ [recovery().world.caseKey]: canonicalJson(recovery().opened) }));
        recovery().untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'the patient has named others, which nobody has carried out',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        chain().now += 1;
        await chain().say(chain().command(transactions.SetGuardians, { ...recovery().world.named, coolingOffMinutes: 61 }));
        recovery().untilDue();
      },
      ['command-not-carried-out', ...REFUSED],
    ],
    [
      'somebody has signed who is no guardian',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening(newPrivateKey()));
        await chain().add(recovery().approving());
        recovery().untilDue();
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'a registrar of the same hospital has confirmed it',
      async () => {
        await chain().add(hired(colleagueA));
        recovery().opened = openedByRegistrar();
        const proposal = { ...recovery().world.draft, nonce, evidence: recovery().world.evidence };
        const writes = {
          ...recovery().keyKept(),
          [recovery().world.caseKey]: canonicalJson(recovery().opened),
          ...auditLine('RecoveryOpened', chain().now),
        };
        await chain().add(signedBy(registrarA, transactions.ProposeRecovery, proposal, writes, chain().now));
        recovery().opened = { ...recovery().opened, state: 'coolingOff' };
        const confirmation = { ...recovery().world.key, evidence: recovery().world.evidence };
        await chain().add(
          signedBy(
            colleagueA,
            transactions.ConfirmRecovery,
            confirmation,
            { [recovery().world.caseKey]: canonicalJson(recovery().opened) },
            chain().now,
          ),
        );
        recovery().untilDue(WEEK);
      },
      ['recovery-confirmed-by-nobody', ...REFUSED],
    ],
    [
      'a registrar of another hospital has proposed it',
      async () => {
        await chain().add(hired(registrarB));
        recovery().opened = openedByRegistrar();
        const proposal = { ...recovery().world.draft, nonce, evidence: recovery().world.evidence };
        const writes = {
          ...recovery().keyKept(),
          [recovery().world.caseKey]: canonicalJson({ ...recovery().opened, state: 'coolingOff' }),
        };
        await chain().add(signedBy(registrarB, transactions.ProposeRecovery, proposal, writes, chain().now));
        recovery().untilDue(WEEK);
      },
      ['key-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the entry of the pseudonym does not name it',
      async () => {
        await chain().say(recovery().naming());
        const call = recovery().opening();
        await chain().add({ ...call, writes: { ...call.writes, [pseudonymKey()]: chain().standing() } });
        await chain().add(recovery().approving());
        recovery().untilDue();
      },
      ['key-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the patient’s audit has no line of its opening',
      async () => {
        await chain().say(recovery().naming());
        const call = recovery().opening();
        await chain().add({ ...call, writes: { ...recovery().keyKept(), [recovery().world.caseKey]: canonicalJson(recovery().opened) } });
        await chain().add(recovery().approving());
        recovery().untilDue();
      },
      ['recovery-not-as-commanded', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the patient’s audit has a line of its approval for another time',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        const call = recovery().approving();
        const line = auditLine('RecoveryApproved', chain().now - 365 * 24 * 60 * MINUTE);
        await chain().add({ ...call, writes: { [recovery().world.caseKey]: canonicalJson(recovery().opened), ...line } });
        recovery().untilDue();
      },
      ['audit-without-command', ...REFUSED],
    ],
    [
      'others have written the entry of the pseudonym without it',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await chain().add(chain().forged({ [pseudonymKey()]: chain().standing() }));
        recovery().untilDue();
      },
      ['key-without-command', ...REFUSED],
    ],
    [
      'the patient was written to be dead meanwhile',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await chain().add(
          chain().forged({ [pseudonymKey()]: chain().standing({ recoveries: [recovery().world.caseId], isDeceased: true }) }),
        );
        recovery().untilDue();
      },
      ['key-without-command', ...REFUSED],
    ],
    [
      'others have written that it is over, so that nobody sees it',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await chain().add(chain().forged({ [recovery().world.caseKey]: canonicalJson({ ...recovery().opened, state: 'vetoed' }) }));
        recovery().untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'another one was open before',
      async () => {
        await chain().say(recovery().naming());
        const first = new RecoveryWorld();
        const other = openedByGuardian(recovery().set, first.draft);
        const shown = { [pseudonymKey()]: chain().standing({ recoveries: [first.caseId] }), ...auditLine('RecoveryOpened', chain().now) };
        await chain().add(
          recovery().byGuardian(
            recovery().world.guardians[0],
            transactions.OpenRecovery,
            { ...first.draft, nonce },
            { ...shown, [first.caseKey]: canonicalJson(other) },
          ),
        );
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        recovery().untilDue();
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'a death was recorded and taken back meanwhile',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await recovery().recordedAndTakenBack();
        recovery().untilDue();
      },
      REFUSED,
    ],
    [
      'a death was recorded meanwhile, which left it as it was',
      async () => {
        await chain().say(recovery().naming());
        await chain().add(recovery().opening());
        await chain().add(recovery().approving());
        await recovery().recordedAndTakenBack({});
        recovery().untilDue();
      },
      ['recovery-not-as-commanded', ...REFUSED],
    ],
    [
      'nobody has recovery().opened one',
      async () => {
        await chain().say(recovery().naming());
        recovery().opened = openedByGuardian();
        recovery().untilDue();
      },
      REFUSED,
    ],
  ])('gives nothing to a new key if %s, and the old key goes on', async (_what, happens, alarms) => {
    await happens();
    const [key, next] = [chain().key, chain().next];
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('unproven');
    expect(chain().names().slice(0, alarms.length)).toEqual(alarms);
    [chain().key, chain().next] = [key, next];
    await chain().say(chain().granted(B, 2));
    expect(await chain().word({ grantee: B, version: 2 })).toBe('given');
  });
});
