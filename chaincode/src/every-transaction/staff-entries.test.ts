import { A, B, type Cast, DEPARTMENT, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { newKey, type Staff } from './consortium.fixture';

/** One person, one key, one entry, of which a denial finds every side. */

const stage = useStage();

type Fields = Readonly<Record<string, unknown>>;
const CLINICAL = ['clinician', 'recordAdmin', 'registrar', 'privacyOfficer'];

async function hireWith(cast: Cast, changes: Fields, msp: string = B): Promise<Staff> {
  const { input, staff } = cast.staffInput(['clinician']);
  must(await cast.invoke('RegisterStaff', { ...input, ...changes }, cast.admin(msp)));
  return staff(msp);
}

describe('a prohibition for one department', () => {
  const psychiatry = { kind: 'department', mspId: B, name: 'psychiatry' };

  async function forbidden(cast: Cast, reader: Staff): Promise<Fields | undefined> {
    const { patient, recordId } = stage();
    const provision = { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1_000) };
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: psychiatry, provisions: [provision] }, patient));
    return must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], reader), reader)).answer;
  }

  it('denies the same person who asks for another of their departments', async () => {
    const { cast, patient } = stage();
    const both = await hireWith(cast, { departments: [DEPARTMENT, 'psychiatry'] });
    const grantee = cast.cardiologyOf(B);
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    expect(await forbidden(cast, both)).toMatchObject({ decision: 'deny', reasons: ['DENIED_BY_PROVISION'] });
  });

  it('is foretold to the patient, who knows one department only', async () => {
    const { cast, patient, recordId } = stage();
    const both = await hireWith(cast, { departments: [DEPARTMENT, 'psychiatry'] });
    const grantee = cast.cardiologyOf(B);
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    await forbidden(cast, both);
    const question = cast.explainInput(patient, recordId, both, { at: cast.instant() });
    const { answer } = must(await cast.invoke('ExplainAccess', question, patient));
    expect(answer).toMatchObject({ decision: { effect: 'deny', reasons: ['DENIED_BY_PROVISION'] } });
  });

  it('leaves others of the department they share alone', async () => {
    const { cast, patient } = stage();
    await hireWith(cast, { departments: [DEPARTMENT, 'psychiatry'] });
    const grantee = cast.cardiologyOf(B);
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    expect(await forbidden(cast, cast.staff(B, 'clinician'))).toMatchObject({ decision: 'permit' });
  });

  it('stops the key of a ticket that was permitted before it', async () => {
    const { cast, patient, recordId } = stage();
    const both = await hireWith(cast, { departments: [DEPARTMENT, 'psychiatry'] });
    const grantee = cast.cardiologyOf(B);
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    const asked = cast.accessInput(patient, [recordId], both);
    expect(must(await cast.invoke('RequestAccess', asked, both)).answer).toMatchObject({ decision: 'permit' });
    await forbidden(cast, both);
    const release = { ticketId: asked['ticketId'], releaseId: 'r-1', recordId, sealedSha256: newKey().hash };
    expect(await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED' });
  });
});

describe('a key', () => {
  it.each(['active', 'revoked'])('of an entry that is %s gets no second one, not even from the administrator', async (state) => {
    const { cast } = stage();
    const nurse = cast.staff(A, 'nurse');
    if (state === 'revoked') must(await cast.invoke('RevokeStaff', { actorTag: nurse.actorTag }, cast.admin(A)));
    for (const by of [cast.admin(A), cast.staff(A, 'hrAdmin')]) {
      const { input } = cast.staffInput(['nurse'], undefined, nurse.key);
      expect(await cast.invoke('RegisterStaff', input, by)).toMatchObject({ code: 'STAFF_KEY_TAKEN', writes: 0 });
    }
  });

  it('of the hrAdmin gets no second one with roles that read', async () => {
    const { cast } = stage();
    const hr = cast.staff(A, 'hrAdmin');
    const { input } = cast.staffInput(CLINICAL, undefined, hr.key);
    expect(await cast.invoke('RegisterStaff', input, hr)).toMatchObject({ code: 'STAFF_KEY_TAKEN', writes: 0 });
  });

  it('may be registered by another hospital, where the same person works too', async () => {
    const { cast } = stage();
    const { input } = cast.staffInput(['nurse'], undefined, cast.staff(A, 'nurse').key);
    expect(must(await cast.invoke('RegisterStaff', input, cast.admin(B))).answer).toMatchObject({ state: 'active' });
  });
});

describe('an entry that staff have made', () => {
  const hired = (cast: Cast, roles: readonly string[] = ['clinician']) => {
    const { input, staff } = cast.staffInput(roles);
    const { actorTag, departments, publicKeyHash } = input;
    return { input, person: staff(A), said: { actorTag, roles, departments, publicKeyHash } };
  };

  it.each(['registrar', 'clinician', 'nurse', 'lab', 'recordAdmin', 'privacyOfficer', 'researcher', 'ethics', 'monitor'])(
    'is pending: %s',
    async (role) => {
      const { cast } = stage();
      const { input } = hired(cast, [role]);
      expect(must(await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin'))).answer).toMatchObject({ state: 'pending' });
    },
  );

  it('opens nothing, whether its key signs or its certificate asks', async () => {
    const { cast, patient, recordId } = stage();
    const { input, person } = hired(cast);
    must(await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin')));
    expect(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], person), person)).toMatchObject({
      code: 'STAFF_PENDING',
      writes: 0,
    });
  });

  it('is confirmed by another hrAdmin, and acts from then on', async () => {
    const { cast, patient, recordId } = stage();
    const { input, person, said } = hired(cast);
    const second = await hireWith(cast, { roles: ['hrAdmin'] }, A);
    must(await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin')));
    expect(must(await cast.invoke('ConfirmStaff', said, second)).answer).toMatchObject({ state: 'active' });
    expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], person), person)).answer).toMatchObject({
      decision: 'permit',
    });
  });

  it('is not confirmed by another hospital', async () => {
    const { cast } = stage();
    const { input, said } = hired(cast);
    must(await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin')));
    expect(await cast.invoke('ConfirmStaff', said, cast.admin(B))).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
  });

  it('answers its maker what it is now, not what it was', async () => {
    const { cast } = stage();
    const { input, said } = hired(cast);
    const again = async (): Promise<unknown> => (await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin'))).answer?.['state'];
    expect(await again()).toBe('pending');
    must(await cast.invoke('ConfirmStaff', said, cast.admin(A)));
    expect(await again()).toBe('active');
    must(await cast.invoke('RevokeStaff', { actorTag: said.actorTag }, cast.admin(A)));
    expect(await again()).toBe('revoked');
  });
});
