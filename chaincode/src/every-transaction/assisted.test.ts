import { transactions } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Assistants, type Patient, sha256Of, type Staff } from './consortium.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

/** Somebody at A who has no device: the key is that of the hand-over code. */
const newAssisted = (): Promise<Patient> => stage().cast.newPatient(A, 'assisted');
const lastOf = (pseudonym: string): string | undefined => {
  const text = stage().cast.state.dump(publicSpace).get(`\u0000pseudonym\u0000${pseudonym}\u0000`) ?? '{}';
  return (JSON.parse(text) as { lastCommand?: { statementHash: string } }).lastCommand?.statementHash;
};
function assistants(pseudonym: string, pair?: readonly [Staff, Staff], after = lastOf(pseudonym)): Assistants {
  const { cast } = stage();
  const by = pair ?? [cast.staff(A, 'registrar'), cast.staff(A, 'nurse')];
  return { kind: 'assisted', msp: A, pseudonym, pair: by, ...(after === undefined ? {} : { after }) };
}
const granting = (pseudonym: string) => ({ pseudonym, grantee: stage().cast.cardiologyOf(B), provisions: [stage().cast.permit()] });
const grant = (pseudonym: string, as: Assistants) => stage().cast.invoke('GrantPolicy', granting(pseudonym), as);

/** All that staff may do for a patient. */
const assisted = names.filter((name) => samples[name].forPatient?.endsWith(', staff') === true);

describe('two of the hospital for a patient without a device', () => {
  it('grant; the audit says who the two were, and the key stays that of the code', async () => {
    const { cast } = stage();
    const { pseudonym, ...patient } = await newAssisted();
    cast.now += 1_000;
    const outcome = must(await grant(pseudonym, assistants(pseudonym)));
    expect([...outcome.written].sort()).toEqual(['accessEvent', 'grant', 'pseudonym']);
    const items = must(await cast.invoke('ListForPatient', { pseudonym, limit: 1 }, assistants(pseudonym))).answer?.['items'];
    const actorTags = [cast.staff(A, 'registrar').actorTag, cast.staff(A, 'nurse').actorTag];
    expect(items).toMatchObject([{ event: 'PolicyGranted', actor: { kind: 'assisted', pseudonym, mspId: A, actorTags } }]);
    must(await cast.invoke('TakeOverPseudonym', { pseudonym }, { pseudonym, ...patient }));
  });

  const others = names.filter((name) => samples[name].callers !== 'M' && !assisted.includes(name));
  it.each(others)('do not do %s, and write nothing', async (name) => {
    const { pseudonym } = await newAssisted();
    const { input, bend } = await samples[name].prepare(stage());
    const outcome = await stage().cast.invoke(name, input, assistants(pseudonym), bend);
    const isPatients = transactions[name].callers.some(({ kind }) => kind === 'patient');
    expect(outcome).toMatchObject({ code: isPatients ? 'BEYOND_DELEGATION' : 'NOT_PERMITTED', writes: 0, events: [] });
  });
  it.each(assisted)('do %s as far as the catalogue goes', async (name) => {
    const { pseudonym } = await newAssisted();
    const { input, bend } = await samples[name].prepare(stage());
    const { code, details } = await stage().cast.invoke(name, input, assistants(pseudonym), bend);
    expect(code === 'BEYOND_DELEGATION' || (code === 'NOT_PERMITTED' && 'transaction' in details)).toBe(false);
  });

  it.each<readonly [string, () => readonly [Staff, Staff] | Promise<readonly [Staff, Staff]>]>([
    ['one person twice', () => [stage().cast.staff(A, 'registrar'), stage().cast.staff(A, 'registrar')]],
    ['two registrars', async () => [stage().cast.staff(A, 'registrar'), await stage().cast.colleague(A, 'registrar')]],
    ['two who care', () => [stage().cast.staff(A, 'clinician'), stage().cast.staff(A, 'nurse')]],
    ['a registrar and one of the laboratory', () => [stage().cast.staff(A, 'registrar'), stage().cast.staff(A, 'lab')]],
  ])('are not %s: SECOND_PERSON_NEEDED', async (_who, pair) => {
    const { pseudonym } = await newAssisted();
    expect(await grant(pseudonym, assistants(pseudonym, await pair()))).toMatchObject({ code: 'SECOND_PERSON_NEEDED', writes: 0 });
  });

  it.each([0, 1] as const)('are stopped when one of them is revoked: number %d', async (index) => {
    const { cast } = stage();
    const { pseudonym } = await newAssisted();
    const as = assistants(pseudonym);
    must(await cast.invoke('RevokeStaff', { actorTag: as.pair[index].actorTag }, cast.admin(A)));
    expect(await grant(pseudonym, as)).toMatchObject({ code: 'STAFF_REVOKED', writes: 0 });
  });
  it.each([0, 1] as const)('need the signature of each: number %d has none', async (index) => {
    const { cast } = stage();
    const { pseudonym } = await newAssisted();
    const [one, other] = assistants(pseudonym).pair;
    const forged: readonly [Staff, Staff] = index === 0 ? [{ ...one, key: other.key }, other] : [one, { ...other, key: one.key }];
    expect(await cast.invoke('GrantPolicy', granting(pseudonym), assistants(pseudonym, forged))).toMatchObject({
      code: 'BAD_SIGNATURE',
      writes: 0,
    });
  });

  it('are of the patient’s hospital, and so is who carries', async () => {
    const { cast } = stage();
    const { pseudonym } = await newAssisted();
    const pair = [cast.staff(B, 'registrar'), cast.staff(B, 'nurse')] as const;
    expect(await grant(pseudonym, { ...assistants(pseudonym, pair), msp: B })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    const carried = await cast.invoke('GrantPolicy', granting(pseudonym), assistants(pseudonym), { carrier: B });
    expect(carried).toMatchObject({ code: 'PROOF_MISMATCH', writes: 0 });
  });

  it('say a thing once: what they have signed is carried no second time, nor after something else', async () => {
    const { cast } = stage();
    const { pseudonym } = await newAssisted();
    const first = assistants(pseudonym);
    must(await grant(pseudonym, first));
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    must(await cast.invoke('RevokePolicy', revocation, assistants(pseudonym)));
    expect(await grant(pseudonym, first)).toMatchObject({ code: 'STALE_KEY', writes: 0 });
    expect(await grant(pseudonym, assistants(pseudonym, undefined, sha256Of('something else')))).toMatchObject({
      code: 'STALE_KEY',
      writes: 0,
    });
  });

  it('lift no prohibition', async () => {
    const { cast } = stage();
    const { pseudonym } = await newAssisted();
    const forbidden = { ...granting(pseudonym), provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] };
    must(await cast.invoke('GrantPolicy', forbidden, assistants(pseudonym)));
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    expect(await cast.invoke('RevokePolicy', revocation, assistants(pseudonym))).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
  });

  it('do nothing for a patient who has a wallet', async () => {
    const { pseudonym } = stage().patient;
    expect(await grant(pseudonym, assistants(pseudonym))).toMatchObject({ code: 'PSEUDONYM_TAKEN_OVER', writes: 0 });
  });

  it.each(assisted)('do nothing any more once the patient has taken over: %s', async (name) => {
    const { cast } = stage();
    const patient = await newAssisted();
    const { pseudonym } = patient;
    must(await cast.invoke('TakeOverPseudonym', { pseudonym }, patient));
    const { input, bend } = await samples[name].prepare(stage());
    expect(await cast.invoke(name, input, assistants(pseudonym), bend)).toMatchObject({ code: 'PSEUDONYM_TAKEN_OVER', writes: 0 });
  });
});

describe('the hand-over code', () => {
  it('is good for taking over and for nothing else', async () => {
    const { cast } = stage();
    const patient = await newAssisted();
    const { pseudonym } = patient;
    expect(await cast.invoke('GrantPolicy', granting(pseudonym), patient)).toMatchObject({ code: 'TAKE_OVER_FIRST', writes: 0 });
    expect(await cast.invoke('RotateKey', { pseudonym }, patient)).toMatchObject({ code: 'TAKE_OVER_FIRST', writes: 0 });
    for (const name of ['ListPolicies', 'ListForPatient', 'ListRecords', 'ListDelegations'] as const)
      expect(await cast.invoke(name, { pseudonym, limit: 10 }, patient)).toMatchObject({ code: 'TAKE_OVER_FIRST', writes: 0 });
    must(await cast.invoke('TakeOverPseudonym', { pseudonym }, patient));
    must(await cast.invoke('GrantPolicy', granting(pseudonym), patient));
  });
  it('is good once', async () => {
    const { cast } = stage();
    const patient = await newAssisted();
    const { pseudonym } = patient;
    const code = { ...patient };
    must(await cast.invoke('TakeOverPseudonym', { pseudonym }, patient));
    expect(await cast.invoke('TakeOverPseudonym', { pseudonym }, code)).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });
});

describe('a parent', () => {
  const appointed = async (overrides = {}) => {
    const { cast } = stage();
    const child = await newAssisted();
    const { input, delegate } = cast.delegation(child, {
      evidence: sha256Of('shown'),
      scopes: ['consents', 'relationships'],
      ...overrides,
    });
    must(await cast.invoke('ProposeDelegation', input, cast.staff(A, 'registrar')));
    return { child, parent: delegate, confirm: input };
  };
  it('acts once a second registrar has confirmed, and not before', async () => {
    const { cast } = stage();
    const { child, parent, confirm } = await appointed();
    const input = granting(child.pseudonym);
    expect(await cast.invoke('GrantPolicy', input, parent)).toMatchObject({
      code: 'DELEGATION_NOT_IN_FORCE',
      details: { standing: 'proposed' },
    });
    must(await cast.invoke('ConfirmDelegation', confirm, await cast.colleague(A, 'registrar')));
    must(await cast.invoke('GrantPolicy', input, parent));
  });
  it('lifts a prohibition, and does nothing at the end, for which nothing is written', async () => {
    const { cast } = stage();
    const { child, parent, confirm } = await appointed();
    must(await cast.invoke('ConfirmDelegation', confirm, await cast.colleague(A, 'registrar')));
    const { pseudonym } = child;
    const forbidden = { ...granting(pseudonym), provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] };
    must(await cast.invoke('GrantPolicy', forbidden, parent));
    cast.now += 86_399_999;
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    must(await cast.invoke('RevokePolicy', revocation, parent));
    cast.now += 1;
    expect(await cast.invoke('GrantPolicy', forbidden, parent)).toMatchObject({
      code: 'DELEGATION_NOT_IN_FORCE',
      details: { standing: 'over' },
    });
  });
  it('acts no more once the patient has a wallet', async () => {
    const { cast } = stage();
    const { child, parent, confirm } = await appointed();
    must(await cast.invoke('ConfirmDelegation', confirm, await cast.colleague(A, 'registrar')));
    const { pseudonym } = child;
    must(await cast.invoke('TakeOverPseudonym', { pseudonym }, child));
    must(
      await cast.invoke(
        'GrantPolicy',
        { ...granting(pseudonym), provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] },
        child,
      ),
    );
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    for (const [name, input] of [
      ['RevokePolicy', revocation],
      ['ListPolicies', { pseudonym, limit: 10 }],
      ['RotateKey', { pseudonym }],
    ] as const)
      expect(await cast.invoke(name, input, parent)).toMatchObject({ code: 'PSEUDONYM_TAKEN_OVER', writes: 0 });
  });
  it('is dismissed by one registrar of the hospital, and by none of another', async () => {
    const { cast } = stage();
    const { parent, confirm } = await appointed();
    must(await cast.invoke('ConfirmDelegation', confirm, await cast.colleague(A, 'registrar')));
    const { pseudonym, delegationId } = parent;
    const ended = await cast.invoke('EndDelegation', { pseudonym, delegationId }, cast.staff(B, 'registrar'));
    expect(ended).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    must(await cast.invoke('EndDelegation', { pseudonym, delegationId }, cast.staff(A, 'registrar')));
    expect(await cast.invoke('RotateKey', { pseudonym }, parent)).toMatchObject({ code: 'DELEGATION_NOT_IN_FORCE' });
  });
});
