import { type DelegationScope, instantOf, type Request, type TransactionEntry, transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { Delegate } from '../delegate';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { submitAt } from '../proposal-at';
import { newId, refusalOf } from '../scenario';
import { type GetWorld } from './world';

const { AppointDelegate, EndDelegation, GetDelegation, GetPolicy, GrantPolicy, ListDelegations, ListForPatient } = transactions;

/** Features 11, 51 and 60: somebody acts for the patient, as far and as long as the patient has said. */
export function delegationCases(world: GetWorld): void {
  const related = (): Promise<PatientCase> => PatientCase.related(world().scenario, world().staff);
  const grantInput = (known: PatientCase) => ({ pseudonym: known.pseudonym, grantee: known.cardiology, provisions: [permission()] });
  const policy = (known: PatientCase) => known.seeOwn(GetPolicy, { pseudonym: known.pseudonym, grantee: known.cardiology });

  async function appoint(
    known: PatientCase,
    { scopes = ['consents', 'view'], validUntil = fromNow(3_600_000) }: { scopes?: DelegationScope[]; validUntil?: string } = {},
  ): Promise<Delegate> {
    const delegate = new Delegate(world().scenario.network, known.pseudonym);
    await known.command(AppointDelegate, { ...delegate.offer, scopes, validUntil }, 'DelegateAppointed');
    return delegate;
  }
  /** Carried by A's node, as the patient's own commands are. */
  async function act<Entry extends TransactionEntry>(delegate: Delegate, entry: Entry, input: NoInfer<Request<Entry>>) {
    const outcome = await carry(world().scenario.client(world().scenario.a), entry, input, { sign: delegate.sign });
    if (entry.kind === 'submit') delegate.roll();
    return outcome.result;
  }

  it('a proxy grants for the patient, the clinician reads byte for byte, and the patient sees who has granted', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { cardiologistB } = world().staff;
    const delegate = await appoint(known);
    await act(delegate, GrantPolicy, grantInput(known));
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(ticket.answer.decision).toBe('permit');
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
    const granted = (await known.audit()).find(({ event }) => event === 'PolicyGranted');
    expect(granted?.actor).toEqual({ kind: 'delegate', pseudonym: known.pseudonym, delegationId: delegate.delegationId });
    const { items } = await known.seeOwn(ListDelegations, { pseudonym: known.pseudonym, limit: 10 });
    expect(items).toMatchObject([{ delegationId: delegate.delegationId, basis: 'proxy', state: 'active' }]);
    expect(items[0]?.lastCommand).toBeDefined();
  });

  it('a proxy revokes what they have granted, and the patient goes on with their own key in between', async () => {
    const known = await related();
    const delegate = await appoint(known);
    await act(delegate, GrantPolicy, grantInput(known));
    await known.command(transactions.RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated');
    const revocation = { pseudonym: known.pseudonym, grantee: known.cardiology, previousVersion: 1 };
    await act(delegate, transactions.RevokePolicy, revocation);
    expect(await policy(known)).toMatchObject({ state: 'revoked', version: 2 });
  });

  it.each<readonly [string, (known: PatientCase, delegate: Delegate) => Promise<unknown>]>([
    [
      'does what is outside the scopes',
      (known, delegate) => act(delegate, transactions.SuspendRelationship, { pseudonym: known.pseudonym, mspId: known.custodian }),
    ],
    [
      'ends the patient’s relationship',
      (known, delegate) => act(delegate, transactions.TerminateRelationship, { pseudonym: known.pseudonym, mspId: known.custodian }),
    ],
    [
      'appoints somebody else',
      (known, delegate) => {
        const other = new Delegate(world().scenario.network, known.pseudonym);
        return act(delegate, AppointDelegate, { ...other.offer, scopes: ['consents'], validUntil: fromNow(3_600_000) });
      },
    ],
    [
      'extends the own delegation',
      (_known, delegate) =>
        act(delegate, AppointDelegate, { ...delegate.offer, scopes: ['consents', 'view'], validUntil: fromNow(7_200_000) }),
    ],
  ])('refuses a proxy who %s, and nothing changes', async (_what, attempt) => {
    const known = await related();
    const delegate = await appoint(known);
    const before = await known.audit();
    expect(await refusalOf(attempt(known, delegate))).toBe('BEYOND_DELEGATION');
    expect(await known.audit()).toEqual(before);
  });

  it('refuses a proxy who only views to grant, and shows them the audit', async () => {
    const known = await related();
    const delegate = await appoint(known, { scopes: ['view'] });
    expect(await refusalOf(act(delegate, GrantPolicy, grantInput(known)))).toBe('BEYOND_DELEGATION');
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
    const { items } = await act(delegate, ListForPatient, { pseudonym: known.pseudonym, limit: 1 });
    expect(items).toMatchObject([{ event: 'DelegateAppointed' }]);
  });

  it('refuses a proxy who lifts what the patient has forbidden', async () => {
    const known = await related();
    const { validFrom } = permission();
    await known.grant([{ provisionId: newId(), effect: 'deny', purposes: 'any', validFrom }]);
    const delegate = await appoint(known);
    const revocation = { pseudonym: known.pseudonym, grantee: known.cardiology, previousVersion: 1 };
    expect(await refusalOf(act(delegate, transactions.RevokePolicy, revocation))).toBe('BEYOND_DELEGATION');
    expect(await policy(known)).toMatchObject({ state: 'active', version: 1 });
  });

  it('lets a proxy act a millisecond before the end, and refuses at the end: nothing is written for it', async () => {
    const known = await related();
    const { scenario } = world();
    const end = Date.now() + 20_000;
    const [early, late] = [await appoint(known, { validUntil: instantOf(end) }), await appoint(known, { validUntil: instantOf(end) })];
    const actAt = async (delegate: Delegate, atMillis: number): Promise<string> => {
      const input = grantInput(known);
      const proof = delegate.signAt(GrantPolicy, input, atMillis);
      return submitAt(await scenario.session(scenario.a), scenario.network, { entry: GrantPolicy, input, proof, atMillis });
    };
    expect(await actAt(late, end)).toBe('DELEGATION_NOT_IN_FORCE');
    expect(await actAt(early, end - 1)).toBe('committed');
    const key = { pseudonym: known.pseudonym, delegationId: early.delegationId };
    expect(await known.see(GetDelegation, key)).toMatchObject({ state: 'active', validUntil: instantOf(end) });
  });

  it.each(['patient', 'delegate'] as const)('refuses a proxy after the end by the %s, with the very next command', async (side) => {
    const known = await related();
    const delegate = await appoint(known);
    const key = { pseudonym: known.pseudonym, delegationId: delegate.delegationId };
    if (side === 'patient') await known.command(EndDelegation, key, 'DelegationEnded');
    else await act(delegate, EndDelegation, key);
    expect(await refusalOf(act(delegate, GrantPolicy, grantInput(known)))).toBe('DELEGATION_NOT_IN_FORCE');
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
    expect(await known.see(GetDelegation, key)).toMatchObject({ state: 'ended' });
  });

  it('refuses the proxy of one patient to act for another, and whoever was never appointed', async () => {
    const [known, other] = [await related(), await related()];
    const delegate = await appoint(known);
    expect(await refusalOf(act(delegate, GrantPolicy, grantInput(other)))).toBe('NOT_PERMITTED');
    const stranger = new Delegate(world().scenario.network, known.pseudonym);
    expect(await refusalOf(act(stranger, GrantPolicy, grantInput(known)))).toBe('NOT_PERMITTED');
    expect(await refusalOf(policy(known))).toBe('NOT_FOUND');
  });
}
