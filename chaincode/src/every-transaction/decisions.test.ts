import { A, B, DEPARTMENT, HOSPITALS, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { newKey } from './consortium.fixture';

const stage = useStage();

describe('decisions', () => {
  it('of Simulate and RequestAccess are the same', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    const question = {
      recordId,
      purpose: 'TREAT',
      at: cast.instant(),
      actor: { mspId: B, actorTag: clinician.actorTag, roles: ['clinician'], department: DEPARTMENT },
    };
    for (const expected of ['deny', 'permit']) {
      if (expected === 'permit')
        must(
          await cast.invoke(
            'GrantPolicy',
            { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
            patient,
          ),
        );
      expect(must(await cast.invoke('Simulate', { pseudonym: patient.pseudonym, question }, patient)).answer).toMatchObject({
        effect: expected,
      });
      expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], clinician), clinician)).answer).toMatchObject({
        decision: expected,
      });
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
