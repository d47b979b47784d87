import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';

const stage = useStage();

describe('the main story, in memory', () => {
  it('denies without consent, permits with it, releases the key, denies after revocation, and tells the patient all of it', async () => {
    const { cast, patient, recordId } = stage();
    const clinician = cast.staff(B, 'clinician');
    const keyService = cast.staff(A, 'keyService');
    const grantee = cast.cardiologyOf(B);

    expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], clinician), clinician)).answer).toMatchObject({
      decision: 'deny',
      reasons: ['NO_CONSENT'],
    });
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    const input = cast.accessInput(patient, [recordId], clinician);
    expect(must(await cast.invoke('RequestAccess', input, clinician)).answer).toMatchObject({
      decision: 'permit',
      expiresAt: cast.instant(900_000),
    });
    const release = { ticketId: input['ticketId'], recordId, releaseId: 'rel-1', sealedSha256: sha256Of('sealed') };
    must(await cast.invoke('RecordKeyRelease', release, keyService));
    must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee, previousVersion: 1 }, patient));
    expect((await cast.invoke('RecordKeyRelease', { ...release, releaseId: 'rel-2' }, keyService)).code).toBe('TICKET_CLOSED');
    expect(must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], clinician), clinician)).answer).toMatchObject({
      decision: 'deny',
    });

    const audit = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient)).answer as unknown as {
      items: { event: string }[];
    };
    expect(audit.items.map((line) => line.event).sort()).toEqual(
      [
        'PatientRegistered',
        'RelationshipProposed',
        'RelationshipAccepted',
        'RecordAnchored',
        'AccessDenied',
        'PolicyGranted',
        'AccessPermitted',
        'KeyReleased',
        'PolicyRevoked',
        'AccessDenied',
      ].sort(),
    );
  });
});
