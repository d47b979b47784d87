import { publicKeyOf } from '@lianyi/client';
import { canonicalJson, confirmDeath, type Death, disputeDeath, hashOfKey, proposeDeath, revokeDeath, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, originOf, person, registered, registrarA } from './member-chain.fixture';
import { B, pseudonym, pseudonymEntry, pseudonymKey } from './patient-chain.fixture';
import { colleagueA, evidence, registrarB, registrarC, untold, useSaidByStaff } from './said-by-staff.fixture';

const deathKey = `\u0000death\u0000${pseudonym}\u0000`;

describe('a death, by the word of those whose it is', () => {
  const { chain, now, later, byStaff } = useSaidByStaff();
  let death: Death;
  const deceased = (): Record<string, string> => ({
    [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last, { isDeceased: true }),
  });
  const proposed = (): Call => {
    death = proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA));
    return byStaff(registrarA, transactions.ProposeDeath, { [deathKey]: canonicalJson(death) });
  };
  const recorded = (by = registrarB): Call => {
    death = confirmDeath(death, originOf(registrarB).actor, evidence, now());
    return byStaff(by, transactions.ConfirmDeath, { ...deceased(), [deathKey]: canonicalJson(death) });
  };
  const disputed = (): Call => {
    death = disputeDeath(death, originOf(colleagueA).actor, evidence, now());
    return byStaff(colleagueA, transactions.DisputeDeath, { [deathKey]: canonicalJson(death) });
  };
  const living = (): Record<string, string> => ({
    [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last),
  });
  const revoked = (): Call => {
    death = revokeDeath(death, originOf(registrarC).actor, evidence, now());
    return byStaff(registrarC, transactions.RevokeDeath, { ...living(), [deathKey]: canonicalJson(death) });
  };
  beforeEach(async () => {
    await chain().add(hired(registrarB), hired(colleagueA), hired(registrarC));
  });

  const steps = { proposal: proposed, confirmation: recorded, dispute: disputed, revocation: revoked };
  /** All four, one of which reaches its block after the window. */
  const takenBack = async (late: keyof typeof steps): Promise<void> => {
    for (const [name, step] of Object.entries(steps)) {
      const call = step();
      if (name === late) later();
      await chain().add(call);
    }
  };
  it.each(['dispute', 'revocation'] as const)('is taken back by a %s that comes late, too', async (late) => {
    await takenBack(late);
    expect(chain().names()).toEqual([]);
    await chain().say(chain().granted());
    expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
    expect(chain().audit.report().alarms).toEqual([]);
  });
  it.each(['proposal', 'confirmation'] as const)(
    'whose %s came late silences nobody at the hospital; taken back, proposed and confirmed again, it does',
    async (late) => {
      await takenBack(late);
      await chain().say(chain().granted());
      expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
      await chain().add(proposed());
      await chain().add(recorded());
      await chain().add(chain().granted(B, 2));
      expect(await chain().word({ grantee: B, version: 2 })).toBe('unproven');
    },
  );
  it('is not taken back by what was said of an earlier record, carried again', async () => {
    await chain().add(proposed());
    await chain().add(recorded());
    const [dispute, revocation] = [disputed(), revoked()];
    await chain().add(dispute);
    await chain().add(revocation);
    later(60);
    await chain().add(proposed());
    await chain().add(recorded());
    await chain().add(dispute);
    await chain().add(revocation);
    await chain().add(chain().granted());
    expect(await chain().word({ grantee: B, version: 1 })).toBe('unproven');
    expect(chain().names()).toContain('capacity-without-command');
  });

  it('is told by registrars of two hospitals; what a key signs after it is nobody’s word, and what was permitted stays', async () => {
    await chain().say(chain().granted());
    await chain().add(proposed());
    await chain().add(recorded());
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
    expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
    await chain().add(chain().granted(B, 2));
    expect(await chain().word({ grantee: B, version: 2 })).toBe('unproven');
    expect(chain().names()).toContain('command-not-allowed');
  });
  it.each<readonly [string, () => Promise<void>, string]>([
    [
      'enough endorsers write it',
      async () => {
        proposed();
        await chain().add(chain().forged({ ...deceased(), [deathKey]: canonicalJson({ ...death, state: 'recorded' }) }));
      },
      'capacity-without-command',
    ],
    [
      'the patient’s audit has no line of the confirmation',
      async () => {
        await chain().add(proposed());
        await chain().add(untold(recorded()));
      },
      'capacity-without-command',
    ],
    [
      'the patient’s audit has no line of the proposal',
      async () => {
        await chain().add(untold(proposed()));
        await chain().add(recorded());
      },
      'capacity-without-command',
    ],
    ['one registrar alone says it', async () => chain().add(proposed()), ''],
    [
      'a colleague confirms it',
      async () => {
        const colleague = person('AMSP', 'registrar-2', ['registrar']);
        await chain().add(hired(colleague));
        await chain().add(proposed());
        await chain().add(recorded(colleague));
      },
      'capacity-without-command',
    ],
    [
      'an insurer confirms it',
      async () => {
        const clerk = person('DMSP', 'clerk', ['registrar']);
        await chain().add(registered('DMSP', ['insurer']), hired(clerk));
        await chain().add(proposed());
        await chain().add(recorded(clerk));
      },
      'capacity-without-command',
    ],
  ])('silences no patient if %s', async (_what, happens, alarm) => {
    await happens();
    if (alarm !== '') expect(chain().names()).toContain(alarm);
    await chain().say(chain().granted());
    expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
  });
});
