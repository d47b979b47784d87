import { type TransactionName } from '@lianyi/domain';
import { A, B, C, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Delegate, type Patient, sha256Of } from './consortium.fixture';

const stage = useStage();
const evidence = sha256Of('what was found');
const granting = (pseudonym: string) => ({ pseudonym, grantee: stage().cast.cardiologyOf(B), provisions: [stage().cast.permit()] });
const by = (msp: string, role: string, name: TransactionName, fields: object = {}) =>
  stage().cast.invoke(name, { pseudonym: stage().patient.pseudonym, evidence, ...fields }, stage().cast.staff(msp, role));
const declare = async () => must(await by(A, 'clinician', 'DeclareIncapacity'));
const confirm = async () => must(await by(B, 'clinician', 'ConfirmIncapacity'));

describe('whom the patient has appointed for the loss of capacity', () => {
  const appointed = (): Promise<Delegate> => stage().cast.appoint(stage().patient, { scopes: ['consents', 'view'], onIncapacity: true });
  const grants = (delegate: Delegate) => stage().cast.invoke('GrantPolicy', granting(stage().patient.pseudonym), delegate);
  const standby = { code: 'DELEGATION_NOT_IN_FORCE', details: { standing: 'standby' }, writes: 0 };

  it('does nothing before two clinicians of two hospitals have said that the patient cannot decide, and acts then', async () => {
    const delegate = await appointed();
    expect(await grants(delegate)).toMatchObject(standby);
    await declare();
    expect(await grants(delegate)).toMatchObject(standby);
    await confirm();
    must(await grants(delegate));
  });
  it('acts no more once the patient has spoken by their own key, and again when it is declared anew', async () => {
    const { cast, patient } = stage();
    const delegate = await appointed();
    await declare();
    await confirm();
    must(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient));
    expect(await grants(delegate)).toMatchObject(standby);
    await declare();
    expect(await grants(delegate)).toMatchObject(standby);
    await confirm();
    must(await grants(delegate));
  });
  it('acts no more after the end that the patient has named, and lifts no prohibition', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    const forbidden = { ...granting(pseudonym), provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] };
    must(await cast.invoke('GrantPolicy', forbidden, patient));
    const delegate = await appointed();
    await declare();
    await confirm();
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    expect(await cast.invoke('RevokePolicy', revocation, delegate)).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    cast.now += 86_400_000;
    expect(await grants(delegate)).toMatchObject({ code: 'DELEGATION_NOT_IN_FORCE', details: { standing: 'over' } });
  });
  it('is another than a proxy who acts at once, for whom nobody’s capacity matters', async () => {
    const { cast, patient } = stage();
    const delegate = await cast.appoint(patient);
    must(await grants(delegate));
  });
});

describe('whom a court has named', () => {
  const proposed = async (patient: Patient = stage().patient, fields: object = {}) => {
    const { cast } = stage();
    const { input, delegate } = cast.delegation(patient, { basis: 'court', evidence, scopes: ['consents', 'view'], ...fields });
    must(await cast.invoke('ProposeDelegation', input, cast.staff(A, 'registrar')));
    const { pseudonym, delegationId } = delegate;
    return { delegate, key: { pseudonym, delegationId }, confirmation: input };
  };
  it('acts for an adult with a wallet once a registrar of another hospital has confirmed it, and not a colleague', async () => {
    const { cast, patient } = stage();
    const { delegate, confirmation } = await proposed();
    expect(await cast.invoke('GrantPolicy', granting(patient.pseudonym), delegate)).toMatchObject({ code: 'DELEGATION_NOT_IN_FORCE' });
    const colleague = await cast.colleague(A, 'registrar');
    expect(await cast.invoke('ConfirmDelegation', confirmation, colleague)).toMatchObject({ code: 'SECOND_PERSON_NEEDED', writes: 0 });
    must(await cast.invoke('ConfirmDelegation', confirmation, cast.staff(B, 'registrar')));
    must(await cast.invoke('GrantPolicy', granting(patient.pseudonym), delegate));
  });
  it('acts until the end of the decision, at most five years, and no further', async () => {
    const { cast, patient } = stage();
    const { delegate, confirmation } = await proposed();
    must(await cast.invoke('ConfirmDelegation', confirmation, cast.staff(B, 'registrar')));
    cast.now += 86_400_000;
    expect(await cast.invoke('GrantPolicy', granting(patient.pseudonym), delegate)).toMatchObject({ details: { standing: 'over' } });
    const tooLong = cast.delegation(patient, { basis: 'court', evidence, validUntil: cast.instant(1_827 * 86_400_000 + 1) });
    expect(await cast.invoke('ProposeDelegation', tooLong.input, cast.staff(A, 'registrar'))).toMatchObject({ code: 'DELEGATION_TERM' });
  });
  it('lifts no prohibition of the patient, and is dismissed by the patient, or by a registrar of the hospital', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    const forbidden = { ...granting(pseudonym), provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] };
    must(await cast.invoke('GrantPolicy', forbidden, patient));
    const { delegate, key, confirmation } = await proposed();
    must(await cast.invoke('ConfirmDelegation', confirmation, cast.staff(B, 'registrar')));
    const revocation = { pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    expect(await cast.invoke('RevokePolicy', revocation, delegate)).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    expect(await cast.invoke('EndDelegation', key, cast.staff(B, 'registrar'))).toMatchObject({ code: 'NOT_PERMITTED' });
    must(await cast.invoke('EndDelegation', key, patient));
    const another = await proposed();
    must(await cast.invoke('EndDelegation', another.key, cast.staff(A, 'registrar')));
  });
});

describe('a death', () => {
  const record = async () => {
    must(await by(A, 'registrar', 'ProposeDeath'));
    return must(await by(B, 'registrar', 'ConfirmDeath'));
  };
  const deceased = { code: 'PATIENT_DECEASED', writes: 0, events: [] };
  it('once two registrars of two hospitals have recorded it, lets nobody command in the patient’s name; reading by consents goes on', async () => {
    const { cast, patient, recordId } = stage();
    const { pseudonym } = patient;
    must(await cast.invoke('GrantPolicy', granting(pseudonym), patient));
    const proxy = await cast.appoint(patient);
    const [guardian] = await cast.nameGuardians(patient);
    must(await by(A, 'registrar', 'ProposeDeath'));
    must(await cast.invoke('RotateKey', { pseudonym }, patient));
    must(await by(B, 'registrar', 'ConfirmDeath'));
    expect(await cast.invoke('RotateKey', { pseudonym }, patient)).toMatchObject(deceased);
    expect(await cast.invoke('GrantPolicy', granting(pseudonym), patient)).toMatchObject(deceased);
    expect(await cast.invoke('ListForPatient', { pseudonym, limit: 10 }, patient)).toMatchObject(deceased);
    expect(await cast.invoke('GrantPolicy', granting(pseudonym), proxy)).toMatchObject(deceased);
    const recovery = cast.recovery(patient);
    expect(await cast.invoke('OpenRecovery', recovery.input, guardian)).toMatchObject(deceased);
    expect(await cast.invoke('ProposeRecovery', { ...recovery.input, evidence }, cast.staff(A, 'registrar'))).toMatchObject(deceased);
    const asks = cast.accessInput(patient, [recordId], cast.staff(B, 'clinician'));
    expect(must(await cast.invoke('RequestAccess', asks, cast.staff(B, 'clinician'))).answer).toMatchObject({ decision: 'permit' });
  });
  it('keeps a new key from one whose recovery was on its way', async () => {
    const { cast, patient } = stage();
    const [one, other] = await cast.nameGuardians(patient);
    const { input, key, comesBack } = cast.recovery(patient);
    must(await cast.invoke('OpenRecovery', input, one));
    must(await cast.invoke('ApproveRecovery', key, other));
    await record();
    cast.now += 48 * 3_600_000;
    // the death has ended the recovery: its key is nobody's
    expect(await cast.invoke('CompleteRecovery', key, comesBack)).toMatchObject({ ...deceased, code: 'STALE_KEY' });
  });
  it('lets nobody act for an assisted patient', async () => {
    const { cast } = stage();
    const { pseudonym } = await cast.newPatient(A, 'assisted');
    must(await by(A, 'registrar', 'ProposeDeath', { pseudonym }));
    must(await by(B, 'registrar', 'ConfirmDeath', { pseudonym }));
    const assistants = { kind: 'assisted', msp: A, pseudonym, pair: [cast.staff(A, 'registrar'), cast.staff(A, 'nurse')] } as const;
    expect(await cast.invoke('GrantPolicy', granting(pseudonym), assistants)).toMatchObject(deceased);
  });
  it('that is wrong is taken back by two others, and the patient commands with the key that they had', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    await record();
    const inPerson = { evidence: sha256Of('the patient in person'), pseudonym };
    must(await cast.invoke('DisputeDeath', inPerson, await cast.colleague(A, 'registrar')));
    expect(await cast.invoke('RotateKey', { pseudonym }, patient)).toMatchObject(deceased);
    must(await cast.invoke('RevokeDeath', inPerson, cast.staff(C, 'registrar')));
    must(await cast.invoke('RotateKey', { pseudonym }, patient));
    must(await by(A, 'registrar', 'ProposeDeath'));
    must(await cast.invoke('RotateKey', { pseudonym }, patient));
  });
});
