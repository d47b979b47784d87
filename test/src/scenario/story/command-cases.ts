import { sha256Schema, transactions, newRequest } from '@lianyi/domain';
import { carry } from '../carry';
import { PatientCase, permission } from '../patient-case';
import { refusalOf } from '../scenario';
import { type GetWorld } from './world';

const { GrantPolicy, GetPseudonym, GetPolicy } = transactions;

/** Features 11 and 51: a command of a patient is theirs, once. */
export function commandCases(world: GetWorld): void {
  const related = (): Promise<PatientCase> => PatientCase.related(world().scenario, world().staff);
  const grantInput = (known: PatientCase) => ({ pseudonym: known.pseudonym, grantee: known.cardiology, provisions: [permission()] });
  const nextKeyHash = async (known: PatientCase): Promise<string> =>
    (await known.see(GetPseudonym, { pseudonym: known.pseudonym })).nextKeyHash;
  const policy = (known: PatientCase) => known.seeOwn(GetPolicy, { pseudonym: known.pseudonym, grantee: known.cardiology });

  it('announces the next key with every command', async () => {
    const known = await related();
    const announced = known.patient.followingKeyHash;
    await known.grant([permission()]);
    expect(await nextKeyHash(known)).toBe(announced);
  });

  it('signs twenty commands with twenty different keys', async () => {
    const known = await related();
    const keys = new Set<string>([await nextKeyHash(known)]);
    for (let version = 1; version <= 19; version += 2) {
      await known.grant([permission()]);
      keys.add(await nextKeyHash(known));
      await known.revoke(version);
      keys.add(await nextKeyHash(known));
      // a grant after a revocation continues the count: granted 1, revoked 2, granted 3 …
    }
    expect(keys.size).toBe(21);
  });

  it('refuses the same signed command a second time, by any member, and does it once', async () => {
    const known = await related();
    const input = grantInput(known);
    const proof = known.patient.signFor(known.pseudonym, GrantPolicy, input);
    await known.attempt(GrantPolicy, input, proof);
    known.patient.roll();
    expect(await refusalOf(known.attempt(GrantPolicy, input, proof))).toBe('STALE_KEY');
    const elsewhere = carry(world().scenario.client(world().scenario.b), GrantPolicy, input, { proof });
    expect(await refusalOf(elsewhere)).toBe('STALE_KEY');
    expect((await policy(known)).version).toBe(1);
  });

  it('refuses a command with another patient’s key, and grants nothing', async () => {
    const [known, thief] = await Promise.all([related(), related()]);
    const input = grantInput(known);
    const proof = thief.patient.signFor(known.pseudonym, GrantPolicy, input);
    expect(await refusalOf(known.attempt(GrantPolicy, input, proof))).toBe('STALE_KEY');
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
  });

  it('refuses a command about somebody else’s pseudonym, and grants nothing', async () => {
    const [known, other] = await Promise.all([related(), related()]);
    const input = grantInput(other);
    const proof = known.patient.signFor(known.pseudonym, GrantPolicy, input);
    expect(await refusalOf(known.attempt(GrantPolicy, input, proof))).toBe('NOT_PERMITTED');
    expect(await refusalOf(policy(other))).toBe('NOT_FOUND');
  });

  it('refuses a command that announces its own key as the next', async () => {
    const known = await related();
    const input = grantInput(known);
    const proof = known.patient.signFor(known.pseudonym, GrantPolicy, input, { repeatsKey: true });
    expect(await refusalOf(known.attempt(GrantPolicy, input, proof))).toBe('PROOF_MISMATCH');
    expect(await nextKeyHash(known)).toBe(known.patient.firstKeyHash);
  });

  it.each(['the member node', 'the chaincode'] as const)('has %s refuse a command that was changed after it was signed', async (by) => {
    const known = await related();
    const input = grantInput(known);
    const proof = known.patient.signFor(known.pseudonym, GrantPolicy, input);
    const changed = { ...input, provisions: [permission({ purposes: 'any' })] };
    await world().scenario.catchUp(world().scenario.b);
    const ledger = await world().scenario.ledger(world().scenario.b);
    const attempt =
      by === 'the chaincode' ? ledger.submit(newRequest(GrantPolicy, changed, { proof })) : known.attempt(GrantPolicy, changed, proof);
    expect(await refusalOf(attempt)).toBe('PROOF_MISMATCH');
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
  });

  it('refuses a command signed for another transaction', async () => {
    const known = await related();
    const input = grantInput(known);
    const proof = known.patient.signFor(known.pseudonym, transactions.AmendPolicy, input);
    const ledger = await world().scenario.ledger(world().scenario.a);
    expect(await refusalOf(ledger.submit(newRequest(GrantPolicy, input, { proof })))).toBe('PROOF_MISMATCH');
  });

  it('refuses a command signed for another network', async () => {
    const known = await related();
    const input = grantInput(known);
    const network = { ...world().scenario.network, genesis: sha256Schema.parse('A'.repeat(43)) };
    const proof = known.patient.signFor(known.pseudonym, GrantPolicy, input, { network });
    const ledger = await world().scenario.ledger(world().scenario.a);
    expect(await refusalOf(ledger.submit(newRequest(GrantPolicy, input, { proof })))).toBe('PROOF_MISMATCH');
  });

  it('leaves the key good when a command is refused', async () => {
    const known = await related();
    const before = await nextKeyHash(known);
    const revocation = { pseudonym: known.pseudonym, grantee: known.cardiology, previousVersion: 1 };
    expect(await refusalOf(known.attempt(transactions.RevokePolicy, revocation))).toBe('NOT_FOUND');
    expect(await nextKeyHash(known)).toBe(before);
    await known.grant([permission()]);
    expect((await policy(known)).state).toBe('active');
  });

  it('refuses a grant by staff, whoever they are', async () => {
    const known = await related();
    for (const who of [world().staff.registrarA, world().staff.cardiologistB]) {
      expect(await refusalOf(carry(who.client, GrantPolicy, grantInput(known), { sign: who.sign }))).toBe('NOT_PERMITTED');
    }
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
  });

  it('carries a patient’s command by any member: hospital C grants what A’s patient signed', async () => {
    const known = await related();
    const input = grantInput(known);
    const { scenario } = world();
    await scenario.catchUp(scenario.c);
    await carry(scenario.client(scenario.c), GrantPolicy, input, { sign: known.patient.sign });
    known.patient.roll();
    expect(await policy(known)).toMatchObject({ version: 1, state: 'active' });
  });
}
