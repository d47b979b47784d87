import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  canonicalJson,
  confirmDeath,
  type Death,
  disputeDeath,
  hashOfKey,
  instantOf,
  proposeDeath,
  revokeDeath,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, issueCertificates, originOf, type Person, registered, registrarA, signedBy } from './member-chain.fixture';
import {
  B,
  cardiologyOfB,
  consent,
  consentKey,
  NOW,
  PatientChain,
  provisions,
  pseudonym,
  pseudonymEntry,
  pseudonymKey,
} from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';
import { auditLine, setKey } from './recovery-world.fixture';
import { colleagueA, evidence, registrarB, registrarC, unheardOf, useSaidByStaff } from './said-by-staff.fixture';

const deathKey = `\u0000death\u0000${pseudonym}\u0000`;

/** Nothing that is said then counts, and each key that signs is used up as the chaincode has it. */
describe('who speaks while the ledger has a patient as living again, and the hospital does not', () => {
  const { chain, now, byStaff } = useSaidByStaff();
  let death: Death;
  let proxy: Proxy;
  const written = () => ({ [deathKey]: canonicalJson(death) });
  const entry = (changes: object): Record<string, string> => ({
    [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last, changes),
  });
  const recorded = (): Call => {
    death = confirmDeath(death, originOf(registrarB).actor, evidence, now());
    return byStaff(registrarB, transactions.ConfirmDeath, { ...entry({ isDeceased: true }), ...written() });
  };
  const revoked = (by: Person): Call => {
    death = revokeDeath(death, originOf(by).actor, evidence, now());
    return byStaff(by, transactions.RevokeDeath, { ...entry({}), ...written() });
  };
  const livesAgain = async (): Promise<void> => {
    await chain().add(revoked(registrarC));
    chain().alarms.splice(0);
  };
  const { EndDelegation, GrantPolicy, SetGuardians } = transactions;
  const byProxy = (version: number, grantee = B): Call => {
    const writes = { ...proxy.counted(), [consentKey(grantee)]: consent(version) };
    const call = proxy.command(GrantPolicy, { pseudonym, grantee, provisions }, writes, { atMillis: chain().now });
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
    return call;
  };
  const word = (version: number, grantee = B) => chain().word({ grantee, version });
  const alarmsOf = async (happens: () => Promise<void>): Promise<string[]> => {
    const before = chain().names().length;
    await happens();
    return chain().names().slice(before);
  };

  beforeEach(async () => {
    proxy = new Proxy(chain());
    await chain().add(hired(registrarB), hired(registrarC), hired(colleagueA));
    await chain().say(proxy.appointed());
    death = proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA));
    await chain().add(byStaff(registrarA, transactions.ProposeDeath, written()));
    await chain().add(recorded());
    death = disputeDeath(death, originOf(colleagueA).actor, evidence, now());
    await chain().add(byStaff(colleagueA, transactions.DisputeDeath, written()));
    await chain().add(revoked(unheardOf));
    chain().alarms.splice(0);
  });

  it('are the patient, who is heard with the next key', async () => {
    const told = await alarmsOf(() => chain().say(chain().granted()));
    expect(told).toEqual(['command-not-allowed', 'key-without-command', 'consent-without-command']);
    expect(await word(1)).toBe('unproven');
    await livesAgain();
    await chain().say(chain().revoked(B, 1));
    await chain().say(chain().granted(B, 3));
    expect(chain().names()).toEqual([]);
    expect(await word(3)).toBe('given');
    expect(
      chain()
        .audit.report()
        .alarms.map(({ name }) => name)
        .slice(-3),
    ).toEqual(told);
  });
  it.each<readonly [string, boolean, readonly string[]]>([
    ['take the place of whom they grant something, which the chaincode counts', true, []],
    ['take no place for a grant that is not written', false, ['key-without-command']],
  ])('%s', async (_what, isWritten, alarms) => {
    const counted = (call: Call): Call => {
      const own = JSON.parse(call.writes?.[pseudonymKey()] ?? '{}') as object; // of the chain's own making
      return { ...call, writes: { ...call.writes, [pseudonymKey()]: canonicalJson({ ...own, grantees: 1 }) } };
    };
    const grant = counted(chain().granted());
    const { [consentKey(B)]: _consent, ...unwritten } = grant.writes ?? {};
    await chain().say({ ...grant, writes: isWritten ? { ...grant.writes } : unwritten });
    await livesAgain();
    await chain().say(counted(chain().command(transactions.RotateKey, { pseudonym })));
    expect(chain().names()).toEqual(alarms);
  });
  it('are who acts for the patient, and are heard with the next key', async () => {
    await chain().add(byProxy(1));
    await chain().add(byProxy(2, cardiologyOfB));
    expect(new Set(chain().names())).toEqual(new Set(['command-not-allowed', 'key-without-command', 'consent-without-command']));
    expect(await word(1)).toBe('unproven');
    await livesAgain();
    await chain().say(chain().revoked(B, 1));
    await chain().say(chain().revoked(cardiologyOfB, 2));
    await chain().add(byProxy(3));
    expect(chain().names()).toEqual([]);
    expect(await word(3)).toBe('given');
  });
  it('are nobody whom the patient has not announced: no such key is used up, nor takes the place of one', async () => {
    const call = chain().granted(B, 1, { signed: newPrivateKey() });
    expect(await alarmsOf(() => chain().add(call))).toContain('command-not-signed');
    await livesAgain();
    await chain().say(chain().revoked(B, 1));
    await chain().say(chain().granted(B, 3));
    expect(chain().names()).toEqual([]);
    expect(await word(3)).toBe('given');
  });
  it('appoint nobody', async () => {
    const other = new Proxy(chain());
    const told = await alarmsOf(() => chain().say(other.appointed()));
    expect(told).toEqual(expect.arrayContaining(['command-not-allowed', 'delegation-without-command']));
    await livesAgain();
    expect(await alarmsOf(() => chain().add(other.granted({ atMillis: chain().now })))).toContain('command-not-signed');
    expect(await word(1)).toBe('unproven');
  });
  it('name nobody who vouches', async () => {
    const named = { pseudonym, guardians: [], threshold: 0, coolingOffMinutes: 10_080 };
    const set = { [setKey]: canonicalJson({ ...named, setAt: now() }) };
    const told = await alarmsOf(() => chain().say(chain().command(SetGuardians, named, set)));
    expect(told).toEqual(expect.arrayContaining(['command-not-allowed', 'guardians-without-command']));
    expect(await alarmsOf(() => chain().say(chain().command(SetGuardians, named)))).not.toContain('command-not-carried-out');
  });
  it('end whom the patient has appointed: what only closes is for ever on the ledger', async () => {
    const { delegationId } = proxy;
    await chain().say(chain().command(EndDelegation, { pseudonym, delegationId }, { [proxy.ledgerKey]: proxy.entry({ state: 'ended' }) }));
    await livesAgain();
    expect(await alarmsOf(() => chain().add(byProxy(1)))).toContain('command-not-allowed');
    expect(await word(1)).toBe('unproven');
  });
});

describe('who takes a pseudonym over while the hospital has the patient for dead', () => {
  it('has it from then on, by the next key', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const chain = new PatientChain();
    clock.mockImplementation(() => chain.now);
    await issueCertificates();
    await chain.add();
    await chain.add(hired(registrarA), chain.registration({ kind: 'assisted' }), registered('AMSP'), registered('BMSP'));
    await chain.add(hired(registrarB), hired(registrarC), hired(colleagueA), registered('CMSP'));
    const at = instantOf(chain.now);
    const say = async (by: Person, transaction: Call['transaction'], death: Death, event?: string): Promise<Death> => {
      const line = event === undefined ? {} : auditLine(event, chain.now);
      await chain.add(signedBy(by, transaction, { pseudonym, evidence }, { ...line, [deathKey]: canonicalJson(death) }, chain.now));
      return death;
    };
    const proposed = proposeDeath(undefined, pseudonym, evidence, at, originOf(registrarA));
    await say(registrarA, transactions.ProposeDeath, proposed, 'DeathProposed');
    const recorded = confirmDeath(proposed, originOf(registrarB).actor, evidence, at);
    await say(registrarB, transactions.ConfirmDeath, recorded, 'DeathConfirmed');
    const disputed = disputeDeath(recorded, originOf(colleagueA).actor, evidence, at);
    await say(colleagueA, transactions.DisputeDeath, disputed);
    expect(chain.names()).toEqual([]);
    await chain.say(chain.command(transactions.TakeOverPseudonym, { pseudonym }));
    expect(chain.names()).toEqual(['command-not-allowed', 'key-without-command']);
    await say(registrarC, transactions.RevokeDeath, revokeDeath(disputed, originOf(registrarC).actor, evidence, at));
    chain.alarms.splice(0);
    await chain.say(chain.granted());
    expect(chain.names()).toEqual([]);
    await chain.index.close();
    jest.restoreAllMocks();
  });
});
