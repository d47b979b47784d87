import { A, B, must } from './cast.fixture';
import { type Outcome, type Staff } from './consortium.fixture';
import { emergency, narrative } from './emergency.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

type Json = Readonly<Record<string, unknown>>;
/** B's cardiologist, whom the patient of A has never heard of. */
const stranger = (): Staff => stage().cast.staff(B, 'clinician');

describe('a narrative', () => {
  it('is kept by the asker’s hospital alone, as it was committed to', async () => {
    const { cast } = stage();
    const { ticketId } = await emergency(stage(), stranger());
    const put = (transient: Json, by = stranger()): Promise<Outcome> =>
      cast.invoke('PutEmergencyNarrative', { ticketId }, by, { transient });
    expect(await put({ ...narrative, text: 'what sounds better' })).toMatchObject({ code: 'HASH_MISMATCH', writes: 0 });
    expect(await put(narrative, await cast.colleague(B, 'clinician'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(must(await put(narrative)).written).toEqual([`${B}/emergencyNarrative`, `${B}/ownLine`]);
    expect(must(await cast.invoke('GetEmergencyNarrative', { ticketId }, cast.staff(B, 'privacyOfficer'))).answer).toMatchObject(narrative);
    expect(await cast.invoke('GetEmergencyNarrative', { ticketId }, cast.staff(A, 'privacyOfficer'))).toMatchObject({ code: 'NOT_FOUND' });
    expect([...cast.state.dump({ kind: 'public' }).values()].filter((text) => text.includes(narrative.text))).toEqual([]);
  });
});

describe('a narrative that the hospital’s own peers have written over', () => {
  it('is nobody’s, so that no reviewer judges what the clinician has never told', async () => {
    const { cast } = stage();
    const { ticketId } = await emergency(stage(), stranger());
    must(await cast.invoke('PutEmergencyNarrative', { ticketId }, stranger(), { transient: narrative }));
    const own = { kind: 'private', ownerMspId: B } as const;
    const [key = '', text = ''] = [...cast.state.dump(own)].find(([at]) => at.includes(ticketId)) ?? [];
    await cast.state.apply([{ kind: 'put', space: own, key, value: Buffer.from(text.replace('station', 'airport')) }]);
    const read = await cast.invoke('GetEmergencyNarrative', { ticketId }, cast.staff(B, 'privacyOfficer'));
    expect(read).toMatchObject({ code: 'CORRUPT_STATE' });
    expect(JSON.stringify(read)).not.toContain('airport');
  });
});
