import { B, A, C, must } from './cast.fixture';
import { type Outcome, sha256Of, type Staff } from './consortium.fixture';
import { countersigning, emergency, glassInput, hireIn, reviewing } from './emergency.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;
const HOUR = 3_600_000;

/** B's cardiologist, who asks for a record of the patient of A. */
const stranger = (): Staff => stage().cast.staff(B, 'clinician');
const decided = async (twist: Json = {}, by = stranger()): Promise<Json | undefined> =>
  must(await stage().cast.invoke('BreakGlass', glassInput(stage(), by, twist), by)).answer;
const release = ({ ticketId }: { readonly ticketId: string }): Promise<Outcome> => {
  const { cast, recordId } = stage();
  const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  return cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
};
const review = async (ticketId: string): Promise<Outcome> =>
  stage().cast.invoke('ReviewEmergency', await reviewing(stage(), ticketId), stage().cast.staff(A, 'privacyOfficer'));

const OVERDUE = { decision: 'deny', reasons: ['COUNTERSIGNATURE_MISSING', 'EMERGENCY_DEBT'] };

describe('what nobody has reviewed', () => {
  it('has a second person sign for the next one with the second that is overdue, until one of them is reviewed', async () => {
    const { cast } = stage();
    const [first] = [await emergency(stage(), stranger()), await emergency(stage(), stranger())];
    cast.now += 72 * HOUR - 1;
    expect(await decided()).toMatchObject({ decision: 'permit' });
    cast.now += 1;
    expect(await decided()).toMatchObject(OVERDUE);
    expect(await decided({}, await cast.colleague(B, 'clinician'))).toMatchObject({ decision: 'permit' });
    must(await review(first.ticketId));
    expect(await decided()).toMatchObject({ decision: 'permit' });
  });

  it('opens by the word of a second person of another department, which lasts after it, and of nobody else', async () => {
    const { cast } = stage();
    for (let count = 0; count < 2; count += 1) await emergency(stage(), stranger());
    cast.now += 72 * HOUR;
    const surgeon = await hireIn(stage(), 'clinician', 'surgery', B);
    const { signed, glass } = countersigning(stage(), stranger());
    expect(await decided({ ...glass, second: surgeon.actorTag })).toMatchObject(OVERDUE);
    const other = countersigning(stage(), stranger());
    expect(await cast.invoke('CountersignEmergency', other.signed, await cast.colleague(B, 'clinician'))).toMatchObject({
      code: 'NOT_PERMITTED',
    });
    expect(await cast.invoke('CountersignEmergency', other.signed, stranger())).toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    must(await cast.invoke('CountersignEmergency', other.signed, surgeon));
    expect(await decided({ ...other.glass, second: surgeon.actorTag })).toMatchObject({ decision: 'permit' });
    expect(signed['ticketId']).not.toBe(other.signed['ticketId']);
    must(await release({ ticketId: String(other.signed['ticketId']) }));
  });

  it('asks for a second person of the whole department with the sixth that is overdue, whoever of it asks', async () => {
    const { cast } = stage();
    for (let count = 0; count < 6; count += 1) await emergency(stage(), await cast.colleague(B, 'clinician'));
    cast.now += 72 * HOUR;
    expect(await decided({}, await cast.colleague(B, 'clinician'))).toMatchObject(OVERDUE);
    expect(await decided({}, cast.staff(C, 'clinician'))).toMatchObject({ decision: 'permit' });
  });

  it('opens nothing from the eighth on that waits, whoever signs', async () => {
    const { cast } = stage();
    for (let count = 0; count < 8; count += 1) await emergency(stage(), stranger());
    const surgeon = await hireIn(stage(), 'clinician', 'surgery', B);
    const { signed, glass } = countersigning(stage(), stranger());
    must(await cast.invoke('CountersignEmergency', signed, surgeon));
    expect(await decided({ ...glass, second: surgeon.actorTag })).toMatchObject({ decision: 'deny', reasons: ['EMERGENCY_DEBT'] });
  });

  it('holds back who opens one after the other, of which none is overdue', async () => {
    const permits = [];
    for (let count = 0; count < 12; count += 1) permits.push((await decided())?.['decision']);
    expect(permits.filter((decision) => decision === 'permit')).toHaveLength(8);
    expect(permits.slice(8)).toEqual(Array.from({ length: 4 }, () => 'deny'));
  });
});
