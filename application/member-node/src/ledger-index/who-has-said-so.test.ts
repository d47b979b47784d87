import {
  canonicalJson,
  confirmDeath,
  confirmDelegation,
  confirmIncapacity,
  confirmRecovery,
  declareIncapacity,
  openByRegistrar,
  proposeDeath,
  proposeDelegation,
  sha256,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, nonce, originOf, person, type Person, registrarA, signedBy } from './member-chain.fixture';
import { pseudonym, pseudonymKey } from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';
import { auditLine, circumstances, RecoveryWorld } from './recovery-world.fixture';
import { colleagueA, evidence, registerUnheardOf, registrarB, registrarC, unheardOf, useSaidByStaff } from './said-by-staff.fixture';

const clinicianA = person('AMSP', 'clinician-a', ['clinician']);
const clinicianB = person('BMSP', 'clinician-b', ['clinician']);
const actorOf = (who: Person) => originOf(who).actor;

/** What colluding endorsers write beside what the client of one of them asks: who is barred from saying the next thing. */
describe('who has said what of an entry', () => {
  const { chain, now, byStaff } = useSaidByStaff();
  const deathKey = `\u0000death\u0000${pseudonym}\u0000`;
  const incapacityKey = `\u0000incapacity\u0000${pseudonym}\u0000`;
  beforeEach(async () => {
    await chain().add(...[registrarB, colleagueA, registrarC, clinicianA, clinicianB].map((who) => hired(who)));
  });
  const living = (isDeceased: boolean) => ({ [pseudonymKey()]: chain().standing(isDeceased ? { isDeceased } : {}) });

  const proposed = (changes: object = {}): Call => {
    const death = { ...proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA)), ...changes };
    return byStaff(registrarA, transactions.ProposeDeath, { [deathKey]: canonicalJson(death) });
  };
  const recorded = (changes: object = {}, by = registrarB): Call => {
    const before = proposeDeath(undefined, pseudonym, evidence, now(), originOf(registrarA));
    const death = { ...confirmDeath(before, actorOf(by), evidence, now()), ...changes };
    return byStaff(by, transactions.ConfirmDeath, { ...living(true), [deathKey]: canonicalJson(death) });
  };

  it.each<readonly [string, () => readonly Call[]]>([
    ['who has proposed it', () => [proposed({ proposedBy: actorOf(colleagueA) })]],
    ['when it was proposed', () => [proposed({ proposedAt: '2020-01-01T00:00:00.000Z' })]],
    ['that one has disputed it', () => [proposed({ disputedBy: actorOf(colleagueA) })]],
    ['who has made it', () => [proposed({ origin: originOf(colleagueA) })]],
    ['who has recorded it', () => [proposed(), recorded({ confirmedBy: actorOf(registrarC) })]],
    ['that all of a hospital have recorded it', () => [proposed(), recorded({ confirmedAgainBy: [actorOf(colleagueA)] })]],
    ['that one has taken it back', () => [proposed(), recorded({ revokedBy: actorOf(registrarC) })]],
  ])('is told of a death where others write %s', async (_what, calls) => {
    await chain().add(...calls());
    expect(chain().names()).toEqual(['capacity-not-as-commanded']);
    expect(
      chain()
        .audit.report()
        .alarms.map(({ name }) => name),
    ).toEqual(chain().names());
  });

  it('is told of nothing more where the chaincode has heard somebody whom nobody believes', async () => {
    await registerUnheardOf(chain());
    await chain().add(proposed(), recorded({}, unheardOf));
    expect(chain().names()).toEqual(['key-without-command', 'capacity-without-command']);
    chain().alarms.splice(0);
    await chain().add(recorded({ confirmedBy: actorOf(unheardOf), confirmedAgainBy: [actorOf(registrarB)] }));
    expect(chain().names()).toEqual([]);
  });

  it('is told of an incapacity where others write who has confirmed it', async () => {
    const { last } = chain();
    const of = { pseudonym, ...(last === undefined ? {} : { lastCommand: { statementHash: last, at: now() } }) };
    const declared = declareIncapacity(undefined, of, evidence, now(), originOf(clinicianA));
    const confirmed = confirmIncapacity(declared, actorOf(clinicianB), of, evidence, now());
    await chain().add(byStaff(clinicianA, transactions.DeclareIncapacity, { [incapacityKey]: canonicalJson(declared) }));
    const written = { [incapacityKey]: canonicalJson({ ...confirmed, confirmedBy: actorOf(registrarC) }) };
    await chain().add(byStaff(clinicianB, transactions.ConfirmIncapacity, written));
    expect(chain().names()).toEqual(['capacity-not-as-commanded']);
  });

  it.each<readonly [string, object, object]>([
    ['other evidence', { evidence: sha256('other') }, {}],
    ['who has proposed it', { origin: originOf(colleagueA) }, {}],
    ['who has confirmed it', {}, { confirmedBy: actorOf(registrarC) }],
  ])('is told of a delegation where others write %s', async (_what, first, second) => {
    const { delegationId, nonce: ofId, term, firstKeyHash: nextKeyHash, ledgerKey } = new Proxy(chain());
    const draft = { pseudonym, delegationId, ...term, scopes: ['consents'] as const, nextKeyHash };
    const proposal = proposeDelegation(draft, { basis: 'court', evidence }, now(), originOf(registrarA));
    const asked = { ...draft, nonce: ofId, basis: 'court' as const, evidence };
    const confirmed = confirmDelegation(proposal, actorOf(registrarB), asked, now());
    const step = (by: Person, transaction: Call['transaction'], input: object, written: object, event: string): Call =>
      signedBy(by, transaction, input, { [ledgerKey]: canonicalJson(written), ...auditLine(event, chain().now) }, chain().now);
    await chain().add(step(registrarA, transactions.ProposeDelegation, asked, { ...proposal, ...first }, 'DelegationProposed'));
    await chain().add(step(registrarB, transactions.ConfirmDelegation, asked, { ...confirmed, ...second }, 'DelegationConfirmed'));
    expect(chain().names()).toEqual(['delegation-not-as-commanded']);
  });

  it.each<readonly [string, object, object]>([
    ['who has opened it', { origin: originOf(colleagueA) }, {}],
    ['who has confirmed it', {}, { confirmedBy: actorOf(registrarC) }],
  ])('is told of a recovery where others write %s, and it is void', async (_what, first, second) => {
    const of = new RecoveryWorld();
    const opened = openByRegistrar(of.draft, of.evidence, undefined, circumstances(chain().now, originOf(registrarA)));
    const confirmed = confirmRecovery(opened, actorOf(registrarB), of.evidence, now());
    const shown = { [pseudonymKey()]: chain().standing({ recoveries: [of.caseId] }) };
    const lines = (event: string) => auditLine(event, chain().now);
    const opening = { [of.caseKey]: canonicalJson({ ...opened, ...first }), ...shown, ...lines('RecoveryOpened') };
    const asked = { ...of.draft, nonce, evidence: of.evidence };
    await chain().add(signedBy(registrarA, transactions.ProposeRecovery, asked, opening, chain().now));
    const confirming = { [of.caseKey]: canonicalJson({ ...confirmed, ...second }), ...lines('RecoveryConfirmed') };
    await chain().add(signedBy(registrarB, transactions.ConfirmRecovery, { ...of.key, evidence: of.evidence }, confirming, chain().now));
    expect(chain().names()).toContain('recovery-not-as-commanded');
    expect((await chain().index.followedRecovery(of.key)).state).toBe('superseded');
  });
});
