import { hashOfJson } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, C, DEPARTMENT, HOSPITALS, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type As, type Bend, newKey, type Patient } from './consortium.fixture';

const stage = useStage();
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The twin (r, N−s) of a signature, which Node's verifier accepts too. */
function twin(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex')]).toString('base64url');
}

/** The hash that the ledger keeps of a command, from the argument that stands in the block. */
function hashOfStatement(argument: string): string {
  const { proof } = JSON.parse(argument) as { readonly proof: { readonly statement: unknown } };
  return hashOfJson(proof.statement);
}

describe('staff, by their signature', () => {
  const ask = async (as: As, bend: Bend = {}) => stage().cast.invoke('RegisterPatient', stage().cast.registration(A), as, bend);
  const registrar = () => stage().cast.staff(A, 'registrar');

  it.each([B, C])('are refused when %s carries the request of A’s registrar', async (carrier) => {
    expect(await ask(registrar(), { carrier })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it.each([
    ['another client of their own organisation', { isNode: false }],
    ['their administrator', { role: 'admin', isNode: false }],
  ] as const)('are refused when %s carries their command, which only a member node may', async (_who, certificate) => {
    expect(await ask(registrar(), { certificate })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('are answered by any client of their organisation when they only ask', async () => {
    const { cast } = stage();
    const asked = await cast.invoke('ListStaff', { limit: 1 }, cast.staff(A, 'hrAdmin'), { certificate: { isNode: false } });
    expect(must(asked)).toMatchObject({ writes: 0 });
  });

  it('are refused when they claim the carrier’s organisation as theirs', async () => {
    expect(await ask(registrar(), { carrier: B, statement: { msp: B } })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('are refused in the name of a colleague, whose key they do not have', async () => {
    const { cast } = stage();
    expect(await ask({ ...cast.staff(A, 'nurse'), actorTag: registrar().actorTag })).toMatchObject({ code: 'BAD_SIGNATURE', writes: 0 });
  });

  it('are refused when they show the colleague’s public key with their own signature', async () => {
    const { cast } = stage();
    const nurse = cast.staff(A, 'nurse');
    expect(await ask({ ...nurse, actorTag: registrar().actorTag }, { publicKey: registrar().key.publicKey })).toMatchObject({
      code: 'BAD_SIGNATURE',
      writes: 0,
    });
  });

  it('are refused with the twin of their own signature', async () => {
    expect(await ask(registrar(), { signature: twin })).toMatchObject({ code: 'BAD_SIGNATURE', writes: 0 });
  });

  it('are refused after they were revoked, with the very next request', async () => {
    const { cast } = stage();
    must(await ask(registrar()));
    must(await cast.invoke('RevokeStaff', { actorTag: registrar().actorTag }, cast.admin(A)));
    expect(await ask(registrar())).toMatchObject({ code: 'STAFF_REVOKED', writes: 0 });
  });

  it.each([
    ['a millisecond before their duty begins', -1, 'OFF_DUTY'],
    ['at its first instant', 0, undefined],
    ['a millisecond before its end', 3_599_999, undefined],
    ['at its end', 3_600_000, 'OFF_DUTY'],
  ])('are asked whether they are on duty: %s', async (_when, offset, code) => {
    const { cast } = stage();
    const from = cast.instant();
    must(
      await cast.invoke(
        'UpdateStaffDuty',
        { actorTag: registrar().actorTag, dutyWindows: [{ from, until: cast.instant(3_600_000) }] },
        cast.admin(A),
      ),
    );
    cast.now += offset;
    expect((await ask(registrar())).code).toBe(code);
  });

  it('are refused when their organisation is not active', async () => {
    const { cast } = stage();
    const [key, text] = [...cast.state.dump(publicSpace)].find(([at]) => at.startsWith(`\u0000organisation\u0000${A}`)) ?? ['', '{}'];
    await cast.state.apply([
      { kind: 'put', space: publicSpace, key, value: Buffer.from(text.replace('"status":"active"', '"status":"suspended"')) },
    ]);
    expect(await ask(registrar())).toMatchObject({ code: 'NOT_ACTIVE_ORGANISATION', writes: 0 });
  });

  it('say nothing of duty or revocation to whoever cannot sign', async () => {
    const { cast } = stage();
    must(await cast.invoke('RevokeStaff', { actorTag: registrar().actorTag }, cast.admin(A)));
    expect((await ask({ ...registrar(), key: newKey() })).code).toBe('BAD_SIGNATURE');
  });

  it('keep to their own hospital: a registrar of B does nothing for a pseudonym of A', async () => {
    const { cast, patient } = stage();
    const other = cast.staff(B, 'registrar');
    const { pseudonym } = patient;
    for (const outcome of [
      await cast.invoke('IssueCard', cast.cardInput(other.msp, pseudonym), other),
      await cast.invoke('ProposeRelationship', { pseudonym, type: 'care' }, other),
      await cast.invoke('SuspendRelationship', { pseudonym, mspId: A }, other),
      await cast.invoke('ProposeTermination', { pseudonym, mspId: A }, other),
      await cast.invoke('TerminateRelationship', { pseudonym, mspId: A }, other),
    ]) {
      expect(outcome).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    }
  });

  it('of another hospital neither amend, retract, list nor read policies of what A keeps', async () => {
    const { cast, patient, recordId } = stage();
    const { pseudonym } = patient;
    const other = cast.staff(B, 'recordAdmin');
    for (const outcome of [
      await cast.invoke('AmendRecord', cast.amendment(pseudonym, recordId), other),
      await cast.invoke('RetractRecord', { pseudonym, recordId, previousVersion: 1, reason: 'other' }, other),
      await cast.invoke('ListRecords', { pseudonym, limit: 10 }, other),
      await cast.invoke('ListRecords', { pseudonym: 'nobody', limit: 10 }, other),
      await cast.invoke('GetPolicy', { pseudonym, grantee: cast.cardiologyOf(B) }, other),
    ]) {
      expect(outcome).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    }
  });

  it('ask for their own department only', async () => {
    const { cast, patient, recordId } = stage();
    const input = { ...cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), department: 'oncology' };
    expect(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });
});

describe('administrators', () => {
  it('of an organisation that is not registered register nobody and nothing', async () => {
    const { cast } = stage();
    const stranger = cast.admin('DeltaMSP');
    expect(await cast.invoke('RegisterStaff', cast.staffInput(['nurse']).input, stranger)).toMatchObject({
      code: 'NOT_ACTIVE_ORGANISATION',
      writes: 0,
    });
    expect(await cast.invoke('UpdateEndpoint', cast.endpointInput(A), stranger)).toMatchObject({
      code: 'NOT_ACTIVE_ORGANISATION',
      writes: 0,
    });
  });

  it('reach the staff of their own organisation only', async () => {
    const { cast } = stage();
    const { actorTag } = cast.staff(A, 'nurse');
    expect(await cast.invoke('RevokeStaff', { actorTag }, cast.admin(B))).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
    expect(await cast.invoke('UpdateStaffDuty', { actorTag, dutyWindows: [] }, cast.admin(B))).toMatchObject({
      code: 'NOT_FOUND',
      writes: 0,
    });
  });

  it.each(HOSPITALS)('of %s see the staff of their own organisation only', async (msp) => {
    const { cast } = stage();
    const { answer } = must(await cast.invoke('ListStaff', { limit: 100 }, cast.admin(msp)));
    const items = answer?.['items'] as { mspId: string }[];
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map((item) => item.mspId))).toEqual(new Set([msp]));
  });
});

describe('patients, by one-time keys', () => {
  const grant = async (patient: Patient, bend: Bend = {}, department = DEPARTMENT) => {
    const { cast } = stage();
    return cast.invoke(
      'GrantPolicy',
      { pseudonym: patient.pseudonym, grantee: { kind: 'department', mspId: B, name: department }, provisions: [cast.permit()] },
      patient,
      bend,
    );
  };

  it.each(HOSPITALS)('are served by whichever member carries: %s', async (carrier) => {
    expect(must(await grant(stage().patient, { carrier })).answer).toMatchObject({ version: 1 });
  });

  it('are refused by a carrier that is no active member', async () => {
    expect(await grant(stage().patient, { carrier: 'DeltaMSP' })).toMatchObject({ code: 'NOT_ACTIVE_ORGANISATION', writes: 0 });
  });

  it('use each key once', async () => {
    const { patient } = stage();
    must(await grant(patient, { keepKey: true }));
    expect(await grant(patient, {}, 'oncology')).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it('are refused with the very same bytes again', async () => {
    const { cast, patient } = stage();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    const argument = cast.argument('GrantPolicy', input, patient);
    must(await cast.invoke('GrantPolicy', input, patient, { argument }));
    expect(await cast.invoke('GrantPolicy', input, patient, { argument })).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it('find in their entry which of several commands of one key was committed, and when by the ledger', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    const permit = { pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    const [held, carried] = [cast.argument('GrantPolicy', permit, patient), cast.argument('RotateKey', { pseudonym }, patient)];
    const before = must(await cast.invoke('GetPseudonym', { pseudonym }, { kind: 'member', msp: C })).answer ?? {};
    must(await cast.invoke('RotateKey', { pseudonym }, patient, { argument: carried }));
    const { lastCommand } = must(await cast.invoke('GetPseudonym', { pseudonym }, { kind: 'member', msp: C })).answer ?? {};
    expect(lastCommand).not.toEqual(before['lastCommand']);
    expect(lastCommand).toEqual({ statementHash: hashOfStatement(carried), at: cast.instant() });
    expect(hashOfStatement(held)).not.toBe(hashOfStatement(carried));
    expect(await cast.invoke('GrantPolicy', permit, patient, { argument: held })).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it('have no last command before their first one', async () => {
    const { cast } = stage();
    const { pseudonym } = await cast.newPatient();
    expect(must(await cast.invoke('GetPseudonym', { pseudonym }, { kind: 'member', msp: C })).answer).not.toHaveProperty('lastCommand');
  });

  it('use up nobody else’s key', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = await cast.newPatient();
    expect(await cast.invoke('RotateKey', { pseudonym }, patient)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('are refused with a key that was never announced', async () => {
    const { patient } = stage();
    expect(await grant({ ...patient, key: newKey() })).toMatchObject({ code: 'STALE_KEY', writes: 0 });
  });

  it('must announce another key than the one they use', async () => {
    const { patient } = stage();
    expect(await grant({ ...patient, next: patient.key })).toMatchObject({ code: 'PROOF_MISMATCH', writes: 0 });
  });

  it('are refused with the twin of their own signature', async () => {
    expect(await grant(stage().patient, { signature: twin })).toMatchObject({ code: 'BAD_SIGNATURE', writes: 0 });
  });

  it('are refused when somebody else signs under their key', async () => {
    const { patient } = stage();
    expect(await grant({ ...patient, key: newKey() }, { statement: { publicKey: patient.key.publicKey } })).toMatchObject({
      code: 'BAD_SIGNATURE',
      writes: 0,
    });
  });

  it('are refused under a pseudonym that nobody has registered', async () => {
    expect(await grant({ ...stage().patient, pseudonym: 'nobody' })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('read without using up their key', async () => {
    const { cast, patient } = stage();
    const before = cast.state.dump(publicSpace);
    must(await cast.invoke('ListPolicies', { pseudonym: patient.pseudonym, limit: 1 }, patient));
    must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient));
    expect(cast.state.dump(publicSpace)).toEqual(before);
    must(await grant(patient));
  });

  it('use no card but their own', async () => {
    const { cast, patient } = stage();
    const other = await cast.newPatient();
    const issued = cast.cardInput(A, patient.pseudonym);
    const { cardId } = issued;
    must(await cast.invoke('IssueCard', issued, cast.staff(A, 'registrar')));
    expect(await cast.invoke('ActivateCard', { cardId }, other)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(await cast.invoke('SuspendCard', { cardId, reason: 'lost' }, cast.staff(B, 'registrar'))).toMatchObject({
      code: 'NOT_PERMITTED',
      writes: 0,
    });
  });

  it('do not resume what the hospital has suspended', async () => {
    const { cast, patient } = stage();
    const ends = { pseudonym: patient.pseudonym, mspId: A };
    must(await cast.invoke('SuspendRelationship', ends, cast.staff(A, 'registrar')));
    expect(await cast.invoke('ResumeRelationship', ends, patient)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });
});
