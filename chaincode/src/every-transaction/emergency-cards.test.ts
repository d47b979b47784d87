import { A, B, must } from './cast.fixture';
import { type Outcome, type Staff } from './consortium.fixture';
import { cardShown, countersigning, emergency, glassInput, hireIn } from './emergency.fixture';
import { adopt } from './governance.fixture';
import { retract, suspendRelationship } from './refusal-case.fixture';
import { card } from './sample.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;
const DATASET = { scope: 'dataset' };
/** As the program has it. */
const ALONE = { '1': 'alone', '2': 'alone', '3': 'alone', '4': 'alone', '5': 'closed' };

/** B's cardiologist, before whom the patient of A lies. */
const stranger = (): Staff => stage().cast.staff(B, 'clinician');
const summaryOf = (twist: Json = {}): Promise<string> => stage().cast.anchor(stage().patient, { class: 'patient-summary', ...twist });

async function show(cardId: string): Promise<{ readonly ticketId: string; readonly outcome: Outcome }> {
  const input = cardShown(stage(), cardId, stranger());
  return { ticketId: input.ticketId, outcome: must(await stage().cast.invoke('ShowCardInEmergency', input, stranger())) };
}
const list = (ticketId: string, opening: Json = DATASET, by = stranger()): Promise<Outcome> =>
  stage().cast.invoke('ListForEmergency', { ticketId, opening, limit: 16 }, by);
async function listed(cardId: string, opening: Json = DATASET): Promise<Json | undefined> {
  const { ticketId } = await show(cardId);
  return must(await list(ticketId, opening)).answer;
}

/** The answer, and of which kinds what is read for it is, in which rounds. */
async function asked(ticketId: string, opening: Json): Promise<Json> {
  const { state } = stage().cast;
  const from = state.reads.length;
  const { answer } = must(await list(ticketId, opening));
  return { answer, reads: state.reads.slice(from).map(({ keys }) => keys.map((key) => key.split('\u0000')[1])) };
}

describe('the card of an unconscious patient', () => {
  it('leads to the prepared summary alone, and the glass is broken by what was told', async () => {
    const { cast, patient } = stage();
    const summary = await summaryOf();
    const { ticketId } = await show(await card(stage()));
    const { items } = must(await list(ticketId)).answer as { readonly items: readonly Json[] };
    expect(items).toMatchObject([{ pseudonym: patient.pseudonym, recordId: summary, class: 'patient-summary' }]);
    const input = glassInput(stage(), stranger(), { opening: DATASET, recordIds: [summary] });
    expect(must(await cast.invoke('BreakGlass', input, stranger())).answer).toMatchObject({ decision: 'permit' });
  });

  it('leads to the rest after the summary, for the same department and no other card', async () => {
    const { cast, recordId } = stage();
    const cardId = await card(stage());
    const summary = await summaryOf();
    const first = glassInput(stage(), stranger(), { opening: DATASET, recordIds: [summary] });
    const after = { scope: 'full', after: first.ticketId };
    const { ticketId } = await show(cardId);
    expect(await list(ticketId, after)).toMatchObject({ code: 'NOT_FOUND' });
    must(await cast.invoke('BreakGlass', first, stranger()));
    const { items } = must(await list(ticketId, after)).answer as { readonly items: readonly Json[] };
    expect(items.map((item) => item['recordId']).sort()).toEqual([recordId, summary].sort());
    expect(await list((await show('nobody')).ticketId, after)).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  it('is told to the patient, whatever its state, and opens nothing', async () => {
    const { cast, patient } = stage();
    const cardId = await card(stage());
    must(await cast.invoke('ReportCardLost', { cardId }, patient));
    cast.now += 1_000;
    const { ticketId, outcome } = await show(cardId);
    expect([...outcome.written].sort()).toEqual(['accessEvent', 'emergencyCard']);
    const line = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient)).answer;
    expect(line).toMatchObject({ items: [{ event: 'EmergencyLookupNoted', ticketId }] });
  });

  it.each<readonly [string, (cardId: string) => Promise<unknown>]>([
    ['there is not', () => Promise.resolve()],
    ['is lost', (cardId) => stage().cast.invoke('ReportCardLost', { cardId }, stage().patient)],
    ['is suspended', (cardId) => stage().cast.invoke('SuspendCard', { cardId, reason: 'lost' }, stage().patient)],
    ['is closed', (cardId) => stage().cast.invoke('CloseCard', { cardId }, stage().cast.staff(A, 'registrar'))],
    [
      'is of who refuses emergencies',
      () =>
        stage().cast.invoke('SetEmergencyChoice', { pseudonym: stage().patient.pseudonym, choice: { stance: 'refused' } }, stage().patient),
    ],
    [
      'is of who has closed their hospital',
      async () => {
        await suspendRelationship(stage());
      },
    ],
  ])('tells nothing of one that %s, by which it could be told from a card that is none', async (what, happens) => {
    await summaryOf();
    const cardId = await card(stage());
    await happens(cardId);
    const [none, some] = [await show('nobody'), await show(what === 'there is not' ? 'no-such-card' : cardId)];
    expect({ ...some.outcome.answer, ticketId: '' }).toEqual({ ...none.outcome.answer, ticketId: '' });
    for (const opening of [DATASET, { scope: 'full', withoutDataset: 'none-prepared' }])
      expect(await asked(some.ticketId, opening)).toEqual(await asked(none.ticketId, opening));
    expect(must(await list(some.ticketId)).answer).toEqual({ items: [] });
  });

  it('tells nothing of one of whom nothing is prepared, or only what the patient has closed', async () => {
    const cardId = await card(stage());
    expect(await listed(cardId)).toEqual({ items: [] });
    await summaryOf({ confidentiality: 'V' });
    expect(await listed(cardId)).toEqual({ items: [] });
    await retract(stage());
    expect(await listed(cardId, { scope: 'full', withoutDataset: 'none-prepared' })).toEqual({ items: [] });
  });

  it.each<readonly [string, string]>([
    ...['1', '2', '3', '4'].map((level) => [level, 'alone'] as const),
    ...['1', '2', '3', '4', '5'].map((level) => [level, 'countersigned'] as const),
    ['5', 'closed'],
  ])('lists of level %s, %s, what opens alone or with a second person, says which, and nothing else', async (level, value) => {
    const { cast, patient } = stage();
    const cardId = await card(stage());
    const recordIds = [await summaryOf({ dataLevel: Number(level) })];
    const second = await hireIn(stage(), 'clinician', 'surgery', B);
    const outcomeOf = async (by?: Staff): Promise<unknown> => {
      const { signed, glass } = countersigning(stage(), stranger(), { recordIds });
      if (by !== undefined) must(await cast.invoke('CountersignEmergency', signed, by));
      const asked = { ...glass, opening: DATASET, ...(by === undefined ? {} : { second: by.actorTag }) };
      return must(await cast.invoke('BreakGlass', asked, stranger())).answer?.['decision'];
    };
    await adopt(cast, { name: 'emergency-signers', value: { ...ALONE, [level]: value } });
    const { items } = (await listed(cardId)) as { readonly items: readonly Json[] };
    const permitted = { alone: await outcomeOf(), signed: await outcomeOf(second) };
    expect(permitted).toEqual({ alone: value === 'alone' ? 'permit' : 'deny', signed: value === 'closed' ? 'deny' : 'permit' });
    expect(items.map((item) => item['recordId'])).toEqual(permitted.signed === 'permit' ? recordIds : []);
    expect(items.map((item) => item['needsSecondPerson'])).toEqual(items.map(() => (permitted.alone === 'permit' ? undefined : true)));
    const choice = { stance: 'allowed', maxConfidentiality: 'R', maxDataLevel: Number(level) - 1 };
    if (level !== '1') must(await cast.invoke('SetEmergencyChoice', { pseudonym: patient.pseudonym, choice }, patient));
    if (level !== '1') expect(await listed(cardId)).toEqual({ items: [] });
  });

  it('tells nothing of a card that is none, one that is lost, or who refuses, where a second person has to sign', async () => {
    const { cast, patient } = stage();
    await adopt(cast, { name: 'emergency-signers', value: { ...ALONE, '3': 'countersigned' } });
    const cardId = await card(stage());
    await summaryOf({ dataLevel: 3 });
    expect(await listed('nobody')).toEqual({ items: [] });
    must(await cast.invoke('SetEmergencyChoice', { pseudonym: patient.pseudonym, choice: { stance: 'refused' } }, patient));
    expect(await listed(cardId)).toEqual({ items: [] });
    must(await cast.invoke('ReportCardLost', { cardId }, patient));
    expect(await listed(cardId)).toEqual({ items: [] });
  });

  it('tells nothing to who owes reviews', async () => {
    await summaryOf();
    const cardId = await card(stage());
    for (let count = 0; count < 8; count += 1) await emergency(stage(), stranger());
    expect(await listed(cardId)).toEqual({ items: [] });
  });

  it('tells nothing to a colleague, nor after a quarter of an hour', async () => {
    const { cast } = stage();
    const { ticketId } = await show(await card(stage()));
    expect(await list(ticketId, DATASET, await cast.colleague(B, 'clinician'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await list(ticketId, DATASET, cast.staff(A, 'clinician'))).toMatchObject({ code: 'NOT_FOUND' });
    cast.now += 15 * 60_000 - 1;
    must(await list(ticketId));
    cast.now += 1;
    expect(await list(ticketId)).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  it.each(['nurse', 'lab', 'privacyOfficer', 'registrar'] as const)('is shown to no %s', async (role) => {
    const { cast } = stage();
    const by = cast.staff(B, role);
    expect(await cast.invoke('ShowCardInEmergency', cardShown(stage(), await card(stage()), by), by)).toMatchObject({
      code: 'NOT_PERMITTED',
      writes: 0,
    });
  });
});
