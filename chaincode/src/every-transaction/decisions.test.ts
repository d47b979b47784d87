import { A, AUTHORITY, B, HOSPITALS, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { newKey } from './consortium.fixture';

const stage = useStage();

describe('decisions', () => {
  it('of ExplainAccess and RequestAccess are the same', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    const question = cast.explainInput(patient, recordId, clinician);
    for (const expected of ['deny', 'permit']) {
      if (expected === 'permit')
        must(
          await cast.invoke(
            'GrantPolicy',
            { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
            patient,
          ),
        );
      expect(must(await cast.invoke('ExplainAccess', question, patient)).answer).toMatchObject({ decision: { effect: expected } });
      expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], clinician), clinician)).answer).toMatchObject({
        decision: expected,
      });
    }
  });

  it('tell who asks reasons, and neither provision nor grant: what the patient has said is not theirs to know', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    const grantee = cast.cardiologyOf(B);
    const provision = { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1_000) };
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [provision, cast.permit()] }, patient));
    const asked = cast.accessInput(patient, [recordId], clinician);
    const { answer } = must(await cast.invoke('RequestAccess', asked, clinician));
    const { ticketId } = asked;
    expect(answer).toEqual({ ticketId, decision: 'deny', reasons: ['DENIED_BY_PROVISION'], provisionIds: [] });
    const question = cast.explainInput(patient, recordId, clinician);
    expect(await cast.invoke('ExplainAccess', question, clinician)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    const forbiddenBy = [{ provisionId: 'no', grantVersion: { grantee, version: 1 } }];
    for (const who of [patient, cast.staff(A, 'privacyOfficer')]) {
      const told = must(await cast.invoke('ExplainAccess', question, who)).answer as { readonly sources: readonly unknown[] };
      expect(told.sources).toContainEqual({ source: 'prohibitions', denials: ['DENIED_BY_PROVISION'], forbiddenBy });
    }
  });

  it.each(HOSPITALS)('permit the custodian’s own clinicians by default, and nobody else: %s', async (msp) => {
    const { cast, patient, recordId } = stage();
    const { answer } = must(
      await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(msp, 'clinician')), cast.staff(msp, 'clinician')),
    );
    expect(answer).toMatchObject(
      msp === A ? { decision: 'permit', provisionIds: ['default'] } : { decision: 'deny', reasons: ['NO_CONSENT'] },
    );
  });

  const PERMITTED = { decision: 'permit' };
  const denied = (reason: string): object => ({ decision: 'deny', reasons: [reason] });
  const anyPurpose = { purposes: 'any' };
  it.each<readonly [role: string, purpose: string, grant: object | undefined, decided: object]>([
    ['nurse', 'TREAT', {}, PERMITTED],
    ['lab', 'TREAT', {}, PERMITTED],
    ['nurse', 'TREAT', undefined, denied('NO_CONSENT')],
    ['lab', 'TREAT', undefined, denied('NO_CONSENT')],
    ['researcher', 'HRESCH', undefined, denied('NO_CONSENT')],
    ['researcher', 'HRESCH', { purposes: ['HRESCH'] }, PERMITTED],
    ['researcher', 'HRESCH', {}, denied('PURPOSE_NOT_ALLOWED')],
    // what a role may not claim, no consent lends it
    ['researcher', 'TREAT', anyPurpose, denied('ROLE_MAY_NOT_CLAIM_PURPOSE')],
    ['nurse', 'ETREAT', anyPurpose, denied('ROLE_MAY_NOT_CLAIM_PURPOSE')],
    ['nurse', 'HRESCH', anyPurpose, denied('ROLE_MAY_NOT_CLAIM_PURPOSE')],
    ['lab', 'PUBHLTH', anyPurpose, denied('ROLE_MAY_NOT_CLAIM_PURPOSE')],
    // and what no consent opens, none of any purpose opens
    ['clinician', 'EMPLOYMENT', anyPurpose, denied('PURPOSE_NEVER_OPENS')],
    ['researcher', 'UNDERWRITING', anyPurpose, denied('PURPOSE_NEVER_OPENS')],
    ['clinician', 'PUBHLTH', anyPurpose, denied('ROLE_MAY_NOT_CLAIM_PURPOSE')],
  ])('of a %s who asks for %s under a consent for the department %j: %j', async (role, purpose, grant, decided) => {
    const { cast, patient, recordId } = stage();
    const asking = cast.staff(B, role);
    if (grant !== undefined) {
      const provisions = [{ ...cast.permit(), ...grant }];
      must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
    }
    const input = { ...cast.accessInput(patient, [recordId], asking), purpose };
    expect(must(await cast.invoke('RequestAccess', input, asking)).answer).toMatchObject(decided);
  });

  it('are by months of care and encounter where the record says them, and a permission for them opens nothing else', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    const care = { careMonths: { first: '2025-03', last: '2025-04' }, encounter: 'enc-1' };
    const told = await cast.anchor(patient, care);
    const stored = must(
      await cast.invoke('GetRecord', { pseudonym: patient.pseudonym, recordId: told }, { kind: 'member', msp: B }),
    ).answer;
    expect(stored).toMatchObject(care);
    const ask = async (asked: string): Promise<unknown> =>
      must(await cast.invoke('RequestAccess', cast.accessInput(patient, [asked], clinician), clinician)).answer;
    const permits = { careMonths: { first: '2025-01', last: '2025-12' }, encounters: ['enc-1'] };
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    must(await cast.invoke('GrantPolicy', { ...key, provisions: [{ ...cast.permit(), ...permits }] }, patient));
    expect(await ask(told)).toMatchObject(PERMITTED);
    expect(await ask(recordId)).toMatchObject(denied('RECORD_NOT_COVERED'));
    const forbids = { effect: 'deny', provisionId: 'd1', purposes: 'any', encounters: ['enc-2'] };
    const provisions = [{ ...cast.permit(), provisionId: 'p2' }, forbids];
    must(await cast.invoke('AmendPolicy', { ...key, previousVersion: 1, provisions }, patient));
    expect(await ask(told)).toMatchObject(PERMITTED);
    expect(await ask(recordId)).toMatchObject(denied('DENIED_BY_PROVISION'));
  });

  it.each(['nurse', 'lab', 'researcher'])('give the custodian’s own %s nothing by default', async (role) => {
    const { cast, patient, recordId } = stage();
    const own = cast.staff(A, role);
    expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], own), own)).answer).toMatchObject({
      decision: 'deny',
    });
  });

  it('let a regulator read for public health what a patient has granted them for it, and nothing else', async () => {
    const { cast, patient, recordId } = stage();
    const regulator = cast.staff(AUTHORITY, 'regulator');
    const ask = async (purpose: string): Promise<unknown> =>
      must(await cast.invoke('RequestAccess', { ...cast.accessInput(patient, [recordId], regulator), purpose }, regulator)).answer;
    expect(await ask('PUBHLTH')).toMatchObject(denied('NO_CONSENT'));
    const grantee = { kind: 'role', mspId: AUTHORITY, name: 'regulator' };
    const provisions = [{ ...cast.permit(), purposes: ['PUBHLTH'] }];
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
    expect(await ask('PUBHLTH')).toMatchObject(PERMITTED);
    expect(await ask('TREAT')).toMatchObject(denied('ROLE_MAY_NOT_CLAIM_PURPOSE'));
  });

  it('end a ticket with the consent, when that is sooner', async () => {
    const { cast, patient, recordId } = stage();
    const validUntil = cast.instant(60_000);
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit({ validUntil })] },
        patient,
      ),
    );
    expect(
      must(
        await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')),
      ).answer,
    ).toMatchObject({ expiresAt: validUntil });
    cast.now += 60_000;
    expect(
      must(
        await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')),
      ).answer,
    ).toMatchObject({ decision: 'deny', reasons: ['EXPIRED'] });
  });

  it('keep the ephemeral key and the versions they rest on, and no key', async () => {
    const { cast, patient, recordId } = stage();
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        patient,
      ),
    );
    const ephemeralPublicKey = newKey().publicKey;
    const asked = cast.accessInput(patient, [recordId], cast.staff(B, 'clinician'));
    const input = { ...asked, ephemeralPublicKey };
    const ticketId = asked['ticketId'];
    must(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician')));
    expect(must(await cast.invoke('GetDecision', { ticketId }, { kind: 'member', msp: A })).answer).toMatchObject({
      custodianMspId: A,
      recordVersions: [1],
      ephemeralPublicKey,
      grantVersions: [{ version: 1 }],
      state: 'open',
    });
  });
});
