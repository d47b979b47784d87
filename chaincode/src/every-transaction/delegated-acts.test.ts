import {
  canonicalJson,
  type DelegationBasis,
  delegationBases,
  delegationScopes,
  patientsOwnEvents,
  type TransactionName,
  transactions,
} from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Delegate } from './consortium.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

const isPatients = (name: TransactionName): boolean => samples[name].callers.split(' ').includes('P');

function mayAct(name: TransactionName, basis: DelegationBasis, scope: string): boolean {
  const [said = '-'] = (samples[name].forPatient ?? '-').split(', ');
  const [only, scopes = only] = said.split(': ');
  if (said === '-' || (scopes !== only && only?.split(' ').includes(basis) !== true)) return false;
  return said === 'own' || (scopes ?? '').split(' ').includes(scope);
}

/** As if nobody had taken the pseudonym over: parents act for who has no wallet. */
async function assisted(pseudonym: string): Promise<void> {
  const { state } = stage().cast;
  const key = `\u0000pseudonym\u0000${pseudonym}\u0000`;
  const entry = JSON.parse(state.dump(publicSpace).get(key) ?? '{}') as object;
  await state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from(canonicalJson({ ...entry, kind: 'assisted' })) }]);
}

/** A delegate of the basis and the one scope. */
async function delegateOf(basis: DelegationBasis, scope: string): Promise<Delegate> {
  const { cast, patient } = stage();
  const delegate = await cast.appoint(patient, { scopes: [scope] });
  const key = `\u0000delegation\u0000${patient.pseudonym}\u0000${delegate.delegationId}\u0000`;
  const text = cast.state.dump(publicSpace).get(key) ?? '';
  await cast.state.apply([
    { kind: 'put', space: publicSpace, key, value: Buffer.from(text.replace('"basis":"proxy"', `"basis":"${basis}"`)) },
  ]);
  if (basis === 'parent') await assisted(patient.pseudonym);
  return delegate;
}

describe('what a patient’s own transaction brings', () => {
  it('is said as `patientsOwn`, in the catalogue of its area, and is nothing else', () => {
    // a completion also brings the second, where another recovery was open; and the last is the other answer about own records
    const brought = [...names.filter(isPatients).flatMap((name) => samples[name].events), 'RecoverySuperseded', 'OwnRecordsDenied'];
    expect([...patientsOwnEvents].sort()).toEqual([...new Set(brought)].sort());
  });
});

describe('what acts for a patient may be carried by', () => {
  it('is said as `forPatient`, in the fixture of its area, of every transaction of a patient and of no other', () => {
    expect(names.filter((name) => samples[name].forPatient !== undefined)).toEqual(names.filter(isPatients));
    expect(names.filter((name) => transactions[name].callers.some(({ kind }) => kind === 'patient'))).toEqual(names.filter(isPatients));
  });

  const cells = names.flatMap((name) =>
    delegationBases.flatMap((basis) =>
      delegationScopes.map((scope) => ({ name, basis, scope, may: mayAct(name, basis, scope), isOpen: samples[name].callers === 'M' })),
    ),
  );
  it.each(cells.filter(({ may, isOpen }) => !may && !isOpen))(
    '$name is refused to a $basis for $scope, and writes nothing',
    async ({ name, basis, scope }) => {
      const { input, bend } = await samples[name].prepare(stage());
      const outcome = await stage().cast.invoke(name, input, await delegateOf(basis, scope), bend);
      expect(outcome).toMatchObject({ status: 500, writes: 0, events: [] });
      expect(outcome.code).toBe(isPatients(name) ? 'BEYOND_DELEGATION' : 'NOT_PERMITTED');
    },
  );
  it.each(cells.filter(({ may }) => may))('$name is past the catalogue for a $basis for $scope', async ({ name, basis, scope }) => {
    const { input, bend } = await samples[name].prepare(stage());
    const { code, details } = await stage().cast.invoke(name, input, await delegateOf(basis, scope), bend);
    expect(code).not.toBe('BEYOND_DELEGATION');
    expect(code === 'NOT_PERMITTED' && 'transaction' in details).toBe(false);
  });
});

describe('a delegate', () => {
  const grant = (delegate: Delegate, provisions = [stage().cast.permit()]) => {
    const { cast, patient } = stage();
    return cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, delegate);
  };
  const appoint = (overrides = {}) => stage().cast.appoint(stage().patient, overrides);

  it('grants for the patient: the consent and the audit name the delegate, and the patient’s key stays', async () => {
    const { cast, patient } = stage();
    const delegate = await appoint();
    cast.now += 1_000;
    const outcome = must(await grant(delegate));
    expect([...outcome.written].sort()).toEqual(['accessEvent', 'delegation', 'grant', 'pseudonym']);
    const lines = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient)).answer?.['items'];
    const actor = { kind: 'delegate', pseudonym: patient.pseudonym, delegationId: delegate.delegationId };
    expect(lines).toMatchObject([{ event: 'PolicyGranted', actor }]);
    const policy = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    expect(must(await cast.invoke('GetPolicy', policy, cast.staff(A, 'registrar'))).answer).toMatchObject({ origin: { actor } });
    must(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient));
  });

  it('has a key for each command, used up once', async () => {
    const delegate = await appoint();
    const used = { ...delegate };
    must(await grant(delegate));
    expect(await grant(used)).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it.each([
    ['a millisecond before the end', 86_399_999, undefined],
    ['at the end', 86_400_000, 'DELEGATION_NOT_IN_FORCE'],
    ['a year after it', 86_400_000 * 366, 'DELEGATION_NOT_IN_FORCE'],
  ])('acts until its end, which nothing is written for: %s', async (_when, offset, code) => {
    const delegate = await appoint();
    stage().cast.now += offset;
    expect((await grant(delegate)).code).toBe(code);
  });

  it('does nothing any more when the patient has ended it, with the very next command', async () => {
    const { cast, patient } = stage();
    const delegate = await appoint();
    const { pseudonym } = patient;
    must(await cast.invoke('EndDelegation', { pseudonym, delegationId: delegate.delegationId }, patient));
    expect(await grant(delegate)).toMatchObject({ code: 'DELEGATION_NOT_IN_FORCE', details: { standing: 'ended' }, writes: 0 });
    expect(await cast.invoke('ListForPatient', { pseudonym, limit: 1 }, delegate)).toMatchObject({ code: 'DELEGATION_NOT_IN_FORCE' });
  });

  it('ends its own delegation, and no other', async () => {
    const { cast, patient } = stage();
    const [one, other] = [await appoint(), await appoint()];
    const end = (whose: Delegate, by: Delegate) =>
      cast.invoke('EndDelegation', { pseudonym: patient.pseudonym, delegationId: whose.delegationId }, by);
    expect(await end(other, one)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(must(await end(one, one)).answer).toMatchObject({ state: 'ended' });
    must(await grant(other));
  });

  it('neither extends itself nor appoints another', async () => {
    const { cast, patient } = stage();
    const delegate = await appoint();
    const { input } = cast.delegation(patient, { validUntil: cast.instant(90_000_000) });
    expect(await cast.invoke('AppointDelegate', input, delegate)).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    expect(await cast.invoke('AppointDelegate', { ...input, delegationId: delegate.delegationId }, delegate)).toMatchObject({ writes: 0 });
  });

  it.each(['AmendPolicy', 'RevokePolicy'] as const)('lifts no prohibition of the patient’s: %s', async (name) => {
    const { cast, patient } = stage();
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    const forbidden = { provisionId: 'no', effect: 'deny', purposes: 'any' };
    must(await cast.invoke('GrantPolicy', { ...key, provisions: [forbidden] }, patient));
    const delegate = await appoint();
    const change = { ...key, previousVersion: 1, ...(name === 'AmendPolicy' ? { provisions: [cast.permit()] } : {}) };
    expect(await cast.invoke(name, change, delegate)).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    must(await cast.invoke(name, change, patient));
  });

  it('of one patient does nothing for another', async () => {
    const { cast, patient } = stage();
    const other = await cast.newPatient();
    const delegate = await appoint();
    const input = { pseudonym: other.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    expect(await cast.invoke('GrantPolicy', input, delegate)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(await cast.invoke('GrantPolicy', input, { ...delegate, pseudonym: other.pseudonym })).toMatchObject({
      code: 'NOT_PERMITTED',
      writes: 0,
    });
    expect(
      await cast.invoke('GrantPolicy', { ...input, pseudonym: patient.pseudonym }, { ...delegate, delegationId: 'dAnother' }),
    ).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('cannot pass a signature of its key for the patient’s, nor the patient’s for its own', async () => {
    const { cast, patient } = stage();
    const delegate = await appoint();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    const asPatient = { ...patient, key: delegate.key, next: delegate.next };
    const asDelegate = { ...delegate, key: patient.key, next: patient.next };
    expect(await cast.invoke('GrantPolicy', input, asPatient)).toMatchObject({ code: 'STALE_KEY', writes: 0 });
    expect(await cast.invoke('GrantPolicy', input, asDelegate)).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it('whom the patient has chosen is dismissed by no registrar', async () => {
    const { cast, patient } = stage();
    const { delegationId } = await appoint();
    for (const msp of [A, B]) {
      const ended = await cast.invoke('EndDelegation', { pseudonym: patient.pseudonym, delegationId }, cast.staff(msp, 'registrar'));
      expect(ended).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    }
  });
});
