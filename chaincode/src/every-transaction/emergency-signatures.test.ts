import { A, B, must } from './cast.fixture';
import { type Outcome, sha256Of, type Staff } from './consortium.fixture';
import { countersigning, hireIn, reviewing } from './emergency.fixture';
import { adopt } from './governance.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;
const MINUTE = 60_000;
const MISSING = { decision: 'deny', reasons: ['COUNTERSIGNATURE_MISSING'] };

/** B's cardiologist, who asks for a record of the patient of A. */
const stranger = (): Staff => stage().cast.staff(B, 'clinician');
const surgeon = (): Promise<Staff> => hireIn(stage(), 'clinician', 'surgery', B);
const sign = (signed: Json, by: Staff): Promise<Outcome> => stage().cast.invoke('CountersignEmergency', signed, by);
const breakGlass = async (glass: Json, by: Staff = stranger()): Promise<Json | undefined> =>
  must(await stage().cast.invoke('BreakGlass', glass, by)).answer;
/** An emergency that somebody has signed for, and what it comes to. */
async function broken(second: Staff, twist: { readonly signed?: Json; readonly glass?: Json } = {}): Promise<Json | undefined> {
  const { signed, glass } = countersigning(stage(), stranger());
  must(await sign({ ...signed, ...twist.signed }, second));
  return breakGlass({ ...glass, second: second.actorTag, ...twist.glass });
}

describe('an emergency that a second person has to sign for', () => {
  beforeEach(async () => {
    const value = { '1': 'alone', '2': 'alone', '3': 'countersigned', '4': 'alone', '5': 'countersigned' };
    await adopt(stage().cast, { name: 'emergency-signers', value });
  });

  it('opens with the word of a clinician or privacy officer of another department, and is denied without, saying what is missing', async () => {
    expect(await breakGlass(countersigning(stage(), stranger()).glass)).toMatchObject(MISSING);
    for (const role of ['clinician', 'privacyOfficer'])
      expect(await broken(await hireIn(stage(), role, 'surgery', B))).toMatchObject({ decision: 'permit', provisionIds: ['emergency'] });
  });

  it('opens level 5 with it, of a patient who has said nothing, and nothing above what one has said', async () => {
    const { cast, patient } = stage();
    const recordIds = [await cast.anchor(patient, { dataLevel: 5 })];
    const asked = { signed: { recordIds }, glass: { recordIds } };
    expect(await broken(await surgeon(), asked)).toMatchObject({ decision: 'permit' });
    const choice = { stance: 'allowed', maxConfidentiality: 'R', maxDataLevel: 4 };
    must(await cast.invoke('SetEmergencyChoice', { pseudonym: patient.pseudonym, choice }, patient));
    expect(await broken(await surgeon(), asked)).toMatchObject({ reasons: ['LEVEL_NEEDS_APPROVAL'] });
  });

  it.each<readonly [string, () => Promise<Json | undefined>]>([
    ['another record was signed for', async () => broken(await surgeon(), { signed: { recordIds: ['another'] } })],
    ['it was signed for another patient', async () => broken(await surgeon(), { signed: { pseudonym: 'psn-other' } })],
    [
      'it was signed for another asker',
      async () => {
        const [colleague, second] = [await stage().cast.colleague(B, 'clinician'), await surgeon()];
        must(await sign(countersigning(stage(), colleague).signed, second));
        return breakGlass({ ...countersigning(stage(), stranger()).glass, second: second.actorTag });
      },
    ],
    [
      'it was signed too long ago',
      async () => {
        const second = await surgeon();
        const { signed, glass } = countersigning(stage(), stranger());
        must(await sign(signed, second));
        stage().cast.now += 30 * MINUTE;
        return breakGlass({ ...glass, second: second.actorTag });
      },
    ],
    [
      'who has signed was revoked',
      async () => {
        const { cast } = stage();
        const second = await surgeon();
        const { signed, glass } = countersigning(stage(), stranger());
        must(await sign(signed, second));
        must(await cast.invoke('RevokeStaff', { actorTag: second.actorTag }, cast.admin(B)));
        return breakGlass({ ...glass, second: second.actorTag });
      },
    ],
    ['somebody else is named who has not signed', async () => broken(await surgeon(), { glass: { second: (await surgeon()).actorTag } })],
    ['the asker names themself', async () => broken(await surgeon(), { glass: { second: stranger().actorTag } })],
    ['nobody of that name is there', async () => broken(await surgeon(), { glass: { second: 'nobody' } })],
  ])('is denied where %s', async (_why, brought) => {
    expect(await brought()).toMatchObject(MISSING);
  });

  it.each<readonly [string, string, () => Promise<Staff>]>([
    ['the asker', 'SECOND_PERSON_NEEDED', () => Promise.resolve(stranger())],
    ['a colleague of their department', 'NOT_PERMITTED', () => stage().cast.colleague(B, 'clinician')],
    ['somebody of another hospital', 'ID_MISMATCH', () => hireIn(stage(), 'clinician', 'surgery', A)],
    ['a nurse', 'NOT_PERMITTED', () => hireIn(stage(), 'nurse', 'surgery', B)],
  ])('is signed for by nobody who is %s', async (_who, code, by) => {
    const { signed } = countersigning(stage(), stranger());
    expect(await sign(signed, await by())).toMatchObject({ code, writes: 0 });
  });

  it('answers a signature for invented records alike, and says nothing of them to the patient', async () => {
    const { cast, patient } = stage();
    cast.now += 1_000;
    const { signed } = countersigning(stage(), stranger(), { recordIds: ['invented'] });
    const { answer, written } = must(await sign(signed, await surgeon()));
    expect([Object.keys(answer ?? {}).sort(), written]).toEqual([['signer', 'ticketId', 'until'], ['emergencySignature']]);
    const { items } = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient)).answer as {
      readonly items: readonly Json[];
    };
    expect(items[0]?.['event']).not.toBe('EmergencyCountersigned');
  });

  it('stays open when the signature’s time is over, and closes with the standing of who has given it', async () => {
    const { cast, recordId } = stage();
    const second = await surgeon();
    const { signed, glass } = countersigning(stage(), stranger());
    must(await sign(signed, second));
    must(await cast.invoke('BreakGlass', { ...glass, second: second.actorTag }, stranger()));
    const release = (): Promise<Outcome> => {
      const input = { ticketId: glass['ticketId'], recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
      return cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
    };
    cast.now += 45 * MINUTE;
    must(await release());
    must(await cast.invoke('RevokeStaff', { actorTag: second.actorTag }, cast.admin(B)));
    expect(await release()).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
  });

  it('is reviewed by nobody who has signed for it', async () => {
    const { cast } = stage();
    const second = await hireIn(stage(), 'privacyOfficer', 'data-protection', B);
    const opened = await broken(second);
    const review = await reviewing(stage(), opened?.['ticketId']);
    expect(await cast.invoke('ReviewEmergency', review, second)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    must(await cast.invoke('ReviewEmergency', review, await hireIn(stage(), 'privacyOfficer', 'data-protection', B)));
  });
});

describe('what deciding on an emergency reads', () => {
  it('is as many keys in two rounds, whoever has signed and of whichever record', async () => {
    const { cast, recordId } = stage();
    const readsOf = async (recordIds: readonly string[], second: string): Promise<readonly number[]> => {
      const { glass } = countersigning(stage(), stranger(), { recordIds, second });
      const from = cast.state.reads.length;
      await breakGlass(glass);
      // the first says who asks; what comes after is what is about to be written
      return cast.state.reads.slice(from + 1, from + 3).map(({ keys }) => keys.length);
    };
    const reads = await readsOf([recordId], 'nobody');
    expect(reads).toEqual([9, 8]);
    const { actorTag } = await surgeon();
    for (const id of [recordId, 'no-such-record']) expect(await readsOf([id], actorTag)).toEqual(reads);
  });
});
