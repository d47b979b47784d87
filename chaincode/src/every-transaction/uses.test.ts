import { A, B, C, must } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Answer = Readonly<Record<string, unknown>> | undefined;

const grantUses = async (uses: number, more: Readonly<Record<string, unknown>> = {}): Promise<void> => {
  const { cast, patient } = stage();
  const provisions = [cast.permit({ provisionId: 'counted', uses, ...more })];
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
};
const inputFor = (recordIds: readonly string[]): Readonly<Record<string, unknown>> =>
  stage().cast.accessInput(stage().patient, recordIds, stage().cast.staff(B, 'clinician'));
const ask = async (input = inputFor([stage().recordId])): Promise<Answer> =>
  must(await stage().cast.invoke('RequestAccess', input, stage().cast.staff(B, 'clinician'))).answer;
const EXHAUSTED = { decision: 'deny', reasons: ['USES_EXHAUSTED'] };
const PERMITTED = { decision: 'permit', provisionIds: ['counted'] };
const policy = async (): Promise<Answer> => {
  const { cast, patient } = stage();
  return must(await cast.invoke('GetPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) }, patient)).answer;
};
const left = async (): Promise<unknown> => (await policy())?.['taken'];
const amend = async (uses: number): Promise<void> => {
  const { cast, patient } = stage();
  const provisions = [cast.permit({ provisionId: 'counted', uses })];
  const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1, provisions };
  must(await cast.invoke('AmendPolicy', input, patient));
};

describe('the uses of a consent', () => {
  it('are taken one by one, and after the last nothing is permitted', async () => {
    await grantUses(2);
    expect(await left()).toBeUndefined();
    expect(await ask()).toMatchObject(PERMITTED);
    expect(await left()).toEqual([{ provisionId: 'counted', count: 1 }]);
    expect(await ask()).toMatchObject(PERMITTED);
    for (let more = 0; more < 3; more += 1) expect(await ask()).toMatchObject(EXHAUSTED);
    expect(await left()).toEqual([{ provisionId: 'counted', count: 2 }]);
    const { cast, patient } = stage();
    const { items } = must(await cast.invoke('ListPolicies', { pseudonym: patient.pseudonym, limit: 10 }, patient)).answer as {
      items: object[];
    };
    expect(items).toMatchObject([{ taken: [{ provisionId: 'counted', count: 2 }] }]);
  });

  it('are written with the ticket that takes one, and with no other', async () => {
    await grantUses(1);
    const { cast } = stage();
    const by = cast.staff(B, 'clinician');
    const written = async (): Promise<readonly string[]> =>
      [...must(await cast.invoke('RequestAccess', inputFor([stage().recordId]), by)).written].sort();
    expect(await written()).toEqual(['access', 'accessEvent', 'grantUses']);
    expect(await written()).toEqual(['access', 'accessEvent']);
  });

  it('are not taken by the same request sent again', async () => {
    await grantUses(2);
    const input = inputFor([stage().recordId]);
    const first = await ask(input);
    for (let again = 0; again < 3; again += 1) expect(await ask(input)).toEqual(first);
    expect(await left()).toEqual([{ provisionId: 'counted', count: 1 }]);
  });

  it('are not taken by a denial, by asking what would be decided, nor by a key that is released', async () => {
    await grantUses(2);
    const { cast, patient, recordId } = stage();
    expect(await ask({ ...inputFor([recordId]), purpose: 'PATRQT' })).toMatchObject({ reasons: ['PURPOSE_NOT_ALLOWED'] });
    const by = cast.staff(B, 'clinician');
    expect(must(await cast.invoke('ExplainAccess', cast.explainInput(patient, recordId, by), patient)).answer).toMatchObject({
      decision: { effect: 'permit', use: { provisionId: 'counted', version: 1 } },
    });
    expect(await left()).toBeUndefined();
    const input = inputFor([recordId]);
    expect(await ask(input)).toMatchObject(PERMITTED);
    const releaseId = cast.id('rel');
    must(
      await cast.invoke(
        'RecordKeyRelease',
        { ticketId: input['ticketId'], recordId, releaseId, sealedSha256: sha256Of('s') },
        cast.staff(A, 'keyService'),
      ),
    );
    expect(await left()).toEqual([{ provisionId: 'counted', count: 1 }]);
  });

  it('are a use for each record of a request, and those after the last are denied', async () => {
    await grantUses(2);
    const { cast, patient, recordId } = stage();
    const asked = [recordId, await cast.anchor(patient), await cast.anchor(patient)];
    expect(await ask(inputFor(asked))).toMatchObject({ ...PERMITTED, denied: [{ recordId: asked[2], reasons: ['USES_EXHAUSTED'] }] });
    expect(await left()).toEqual([{ provisionId: 'counted', count: 2 }]);
  });

  it('are not taken where another consent permits without a limit', async () => {
    await grantUses(1);
    const { cast, patient } = stage();
    const grantee = { kind: 'organisation', mspId: B, name: 'all' };
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit({ provisionId: 'free' })] },
        patient,
      ),
    );
    expect(await ask()).toMatchObject({ decision: 'permit', provisionIds: ['free'] });
    expect(await left()).toBeUndefined();
  });

  it('begin anew with what the patient says anew, and what was permitted before opens nothing', async () => {
    await grantUses(1);
    const { cast, recordId } = stage();
    const input = inputFor([recordId]);
    expect(await ask(input)).toMatchObject(PERMITTED);
    expect(await ask()).toMatchObject(EXHAUSTED);
    await amend(1);
    expect(await left()).toBeUndefined();
    expect(await ask()).toMatchObject(PERMITTED);
    expect(await ask()).toMatchObject(EXHAUSTED);
    const { answer } = must(await cast.invoke('GetTicketStanding', { ticketId: input['ticketId'] }, { kind: 'member', msp: C }));
    expect(answer).toMatchObject({ obstacle: 'consent-changed' });
  });

  it('let the ticket that has taken the last one open what it is for', async () => {
    await grantUses(1);
    const { cast, recordId } = stage();
    const input = inputFor([recordId]);
    expect(await ask(input)).toMatchObject(PERMITTED);
    const { answer } = must(await cast.invoke('GetTicketStanding', { ticketId: input['ticketId'] }, { kind: 'member', msp: C }));
    expect(answer).not.toHaveProperty('obstacle');
  });

  it.each([0, 1_001, 1.5, -1])('are a number of 1 to 1000, and not %d', async (uses) => {
    const { cast, patient } = stage();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit({ uses })] };
    expect(await cast.invoke('GrantPolicy', input, patient)).toMatchObject({ code: 'INVALID_REQUEST', writes: 0 });
  });

  it('are of no prohibition', async () => {
    const { cast, patient } = stage();
    const provisions = [{ provisionId: 'no', effect: 'deny', purposes: 'any', uses: 1 }];
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions };
    expect(await cast.invoke('GrantPolicy', input, patient)).toMatchObject({ code: 'INVALID_REQUEST', writes: 0 });
  });

  it('cost no round of reads: they are read with what the record’s labels ask for', async () => {
    const { cast } = stage();
    const pattern = async (): Promise<readonly number[]> => {
      const from = cast.state.reads.length;
      await ask();
      return cast.state.reads.slice(from).map((read) => read.keys.length);
    };
    await grantUses(5);
    // who asks, the ticket and the record; four grants and what was taken of each, the relationship, two parameters and the approval
    expect(await pattern()).toEqual([5, 12]);
  });
});
