import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  canonicalJson,
  confirmDeath,
  confirmDelegation,
  type Death,
  type Delegation,
  type DelegationConfirmation,
  disputeDeath,
  hashOfKey,
  idNonceSchema,
  instantOf,
  proposeDeath,
  proposeDelegation,
  revokeDeath,
  sha256,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, originOf, person, type Person, registered, registrarA, signedBy } from './member-chain.fixture';
import { B, consent, consentKey, MINUTE, provisions, pseudonym, pseudonymEntry, pseudonymKey } from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';
import { auditLine } from './recovery-world.fixture';
import { colleagueA, evidence, registerUnheardOf, registrarB, registrarC, unheardOf, useSaidByStaff } from './said-by-staff.fixture';

const DAY = 24 * 60 * MINUTE;
describe('a death that somebody has recorded whom no index believes', () => {
  const { chain, now, byStaff } = useSaidByStaff();
  const registrarD = person('DMSP', 'registrar-d', ['registrar']);
  const deathKey = `\u0000death\u0000${pseudonym}\u0000`;
  let death: Death;
  const entry = (changes: object): Record<string, string> => ({
    [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(chain().key)), chain().last, changes),
  });
  const written = () => ({ [deathKey]: canonicalJson(death) });
  const proposed = (): Call => {
    death = proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA));
    return byStaff(registrarA, transactions.ProposeDeath, written());
  };
  const recorded = (by: Person): Call => {
    death = confirmDeath(death, originOf(by).actor, evidence, now());
    return byStaff(by, transactions.ConfirmDeath, { ...entry({ isDeceased: true }), ...written() });
  };
  const disputed = (): Call => {
    death = disputeDeath(death, originOf(colleagueA).actor, evidence, now());
    return byStaff(colleagueA, transactions.DisputeDeath, written());
  };
  const revoked = (by: Person): Call => {
    death = revokeDeath(death, originOf(by).actor, evidence, now());
    return byStaff(by, transactions.RevokeDeath, { ...entry({}), ...written() });
  };
  const word = async (version = 1): Promise<string> => {
    await chain().say(chain().granted(B, version));
    return chain().word({ grantee: B, version });
  };
  beforeEach(async () => {
    await chain().add(registered('DMSP'), hired(registrarB), hired(colleagueA), hired(registrarD));
    await registerUnheardOf(chain());
    await chain().add(proposed());
  });

  it('silences nobody before another registrar has recorded it once more', async () => {
    await chain().add(recorded(unheardOf));
    expect(await word()).toBe('given');
    await chain().add(recorded(registrarB));
    expect(await word(2)).toBe('unproven');
  });
  it('is taken back by somebody whom no index believes only when another registrar takes it back once more', async () => {
    await chain().add(recorded(registrarB));
    await chain().add(disputed());
    await chain().add(revoked(unheardOf));
    // who lives by the ledger speaks, and each key of theirs signs once
    expect(await word()).toBe('unproven');
    await chain().say(chain().command(transactions.RotateKey, { pseudonym }));
    await chain().add(revoked(registrarD));
    chain().alarms.splice(0);
    expect(await word(2)).toBe('given');
    expect(chain().names()).toEqual([]);
  });
  it('is recorded and taken back once more by others of the same hospital, where there are few', async () => {
    const [one, other, another] = ['c1', 'c2', 'unheard-of-2'].map((tag) => person('CMSP', `registrar-${tag}`, ['registrar'])) as [
      Person,
      Person,
      Person,
    ];
    await chain().add(...[one, other].map((who) => ({ ...hired(who), atMillis: chain().now })));
    await chain().add(recorded(unheardOf));
    await chain().add(recorded(one));
    expect(await word()).toBe('unproven');
    await chain().add(disputed());
    await chain().add(revoked(another));
    expect(await word(2)).toBe('unproven');
    await chain().add(revoked(other));
    expect(await word(3)).toBe('given');
  });
  it('is taken back by a late dispute that was said before it was recorded once more', async () => {
    await chain().add({ ...hired(registrarC), atMillis: chain().now });
    await chain().add(recorded(registrarB));
    const [held, saidAt] = [byStaff(colleagueA, transactions.DisputeDeath, {}), now()];
    chain().now += 3 * MINUTE;
    await chain().add(recorded(registrarD));
    chain().now += 3 * MINUTE;
    death = disputeDeath(death, originOf(colleagueA).actor, evidence, saidAt);
    await chain().add({ ...held, writes: written() });
    await chain().add(revoked(registrarC));
    expect(chain().names()).toEqual([]);
    expect(await word()).toBe('given');
  });
});

describe('whom a court has named, confirmed by somebody whom no index believes', () => {
  const { chain, now } = useSaidByStaff();
  let proxy: Proxy;
  let delegation: Delegation;
  beforeEach(async () => {
    proxy = new Proxy(chain());
    await chain().add(hired(registrarB), hired(registrarC));
    await registerUnheardOf(chain());
  });
  const court = sha256('the decision');
  const step = (by: Person, transaction: Call['transaction'], event: string, input: object): Call =>
    signedBy(by, transaction, input, { [proxy.ledgerKey]: canonicalJson(delegation), ...auditLine(event, chain().now) }, chain().now);
  let said: DelegationConfirmation;
  const proposed = (): Call => {
    const draft = {
      ...proxy.term,
      validUntil: instantOf(chain().now + DAY),
      scopes: ['consents'] as const,
      nextKeyHash: proxy.firstKeyHash,
    };
    const { delegationId, nonce } = proxy;
    said = { pseudonym, delegationId, ...draft, nonce, basis: 'court', evidence: court };
    delegation = proposeDelegation(said, { basis: 'court', evidence: court }, now(), originOf(registrarA));
    return step(registrarA, transactions.ProposeDelegation, 'DelegationProposed', said);
  };
  const confirmed = (by: Person, otherThan: Partial<DelegationConfirmation> = {}): Call => {
    delegation = confirmDelegation(delegation, originOf(by).actor, said, now());
    return step(by, transactions.ConfirmDelegation, 'DelegationConfirmed', { ...said, ...otherThan });
  };
  /** What they grant, with what the chaincode writes of their delegation. */
  const word = async (version = 1): Promise<string> => {
    const input = { pseudonym, grantee: B, provisions };
    const writes = { ...proxy.counted(), [consentKey(B)]: consent(version) };
    const call = proxy.command(transactions.GrantPolicy, input, writes, { atMillis: chain().now });
    const rolled = JSON.parse(call.writes?.[proxy.ledgerKey] ?? '{}') as Delegation; // of the fixture's own making
    const { nextKeyHash, lastCommand } = rolled;
    delegation = { ...delegation, nextKeyHash, ...(lastCommand === undefined ? {} : { lastCommand }) };
    await chain().add({ ...call, writes: { ...call.writes, [proxy.ledgerKey]: canonicalJson(delegation) } });
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
    return chain().word({ grantee: B, version });
  };

  it('speaks for the patient once another registrar has confirmed it, and not before', async () => {
    await chain().add(proposed());
    await chain().add(confirmed(unheardOf));
    expect(await word()).toBe('unproven');
    expect(await word(2)).toBe('unproven');
    expect(
      chain()
        .names()
        .filter((name) => name === 'command-not-signed'),
    ).toEqual([]);
    await chain().add(confirmed(registrarB));
    chain().alarms.splice(0);
    // what was written without their word, the patient alone takes away
    await chain().say(chain().revoked(B, 2));
    expect(await word(4)).toBe('given');
    expect(chain().names()).toEqual([]);
  });
  it.each<readonly [string, Partial<DelegationConfirmation>]>([
    ['for what', { scopes: ['view'] }],
    ['until when', { validUntil: instantOf(2_000_000_000_000) }],
    ['who acts', { nextKeyHash: sha256('another key') }],
    ['which offer', { nonce: idNonceSchema.parse(`${'B'.repeat(21)}A`) }],
    ['by which paper', { evidence: sha256('another decision') }],
  ])('speaks not at all where the second was shown something else of %s', async (_what, otherThan) => {
    await chain().add(proposed());
    await chain().add(confirmed(registrarB, otherThan));
    expect(chain().names()).toEqual(['delegation-without-command']);
    expect(await word()).toBe('unproven');
  });
  it('gives it back also where nobody believes that they have it: nobody puts it in force again', async () => {
    await chain().add(proposed());
    await chain().add(confirmed(unheardOf));
    const key = { pseudonym, delegationId: proxy.delegationId };
    await chain().add(proxy.command(transactions.EndDelegation, key, { [proxy.ledgerKey]: proxy.entry({ state: 'ended' }) }));
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
    await chain().add(confirmed(registrarB));
    expect(await word()).toBe('unproven');
  });
  it('speaks at once when it is confirmed once more before they say anything', async () => {
    await chain().add(proposed());
    await chain().add(confirmed(unheardOf));
    await chain().add(confirmed(registrarB));
    expect(await word()).toBe('given');
  });
  it.each<readonly [string, Person, string]>([
    ['in time', registrarC, 'given'],
    ['as late', registrarC, 'late'],
  ])('confirmed late, and once more %s: what they say is %s', async (when, by, expected) => {
    await chain().add(proposed());
    const late = confirmed(registrarB);
    chain().now += 6 * MINUTE;
    await chain().add(late);
    const again = confirmed(by);
    if (when === 'as late') chain().now += 6 * MINUTE;
    await chain().add(again);
    expect(await word()).toBe(expected);
  });
  it('speaks on when one whom nobody believes, or one who is late, confirms it after one in time', async () => {
    await chain().add(proposed());
    await chain().add(confirmed(registrarB));
    await chain().add(confirmed(unheardOf));
    const late = confirmed(registrarC);
    chain().now += 6 * MINUTE;
    await chain().add(late);
    expect(await word()).toBe('given');
  });
});
