import { A, B, must } from './cast.fixture';
import { type As, type Outcome } from './consortium.fixture';
import { amended, asked, disputed, keyOf, officerOf, refusal, refused } from './correction.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
const DAY = 24 * 3_600_000;

type Json = Readonly<Record<string, unknown>>;
type Shown = { readonly correction: Json; readonly state: string; readonly isOverdue: boolean };
const itemsOf = async (
  name: 'ListCorrections' | 'ListCorrectionsAsked' | 'ListDisagreements',
  input: Json,
  as: As,
): Promise<readonly Json[]> => {
  const { answer } = must(await stage().cast.invoke(name, { ...input, limit: 10 }, as));
  return (answer as { readonly items: readonly Json[] }).items;
};
const own = async (): Promise<Shown | undefined> => {
  const { patient } = stage();
  // as the catalogue says
  return (await itemsOf('ListCorrections', { pseudonym: patient.pseudonym }, patient))[0] as Shown | undefined;
};
const told = (): Promise<readonly Json[]> => {
  const { pseudonym, recordId } = keyOf(stage());
  return itemsOf('ListDisagreements', { pseudonym, recordId }, { kind: 'member', msp: B });
};
/** What somebody sees of a refusal, and what a peer has read for it: which kinds of entries, in which rounds. */
const seen = async (asking: Promise<Outcome>): Promise<object> => {
  const { reads } = stage().cast.state;
  const from = reads.length;
  const { status, message, code, details, written, events } = await asking;
  const pattern = reads.slice(from).map(({ keys }) => keys.map((key) => key.split('\u0000')[1]));
  return { status, message, code, details, written, events, pattern };
};

describe('a correction', () => {
  it('is overdue for patient and hospital from the thirtieth day on, until it has its answer', async () => {
    const { cast } = stage();
    await asked(stage());
    cast.now += 30 * DAY - 1;
    expect(await own()).toMatchObject({ state: 'open', isOverdue: false });
    cast.now += 1;
    expect(await own()).toMatchObject({ state: 'open', isOverdue: true });
    expect(await itemsOf('ListCorrectionsAsked', {}, officerOf(stage()))).toMatchObject([{ isOverdue: true }]);
    must(await cast.invoke('AnswerCorrection', refusal(stage()), officerOf(stage())));
    expect(await own()).toMatchObject({ state: 'refused', isOverdue: false });
  });

  it('is accepted with the amendment that it has led to, and the next may be asked for', async () => {
    const { cast } = stage();
    await asked(stage());
    await amended(stage());
    const accepted = { ...keyOf(stage()), answer: { outcome: 'accepted', version: 2 } };
    expect(must(await cast.invoke('AnswerCorrection', accepted, officerOf(stage()))).answer).toMatchObject({ state: 'accepted' });
    await asked(stage(), 2);
    const { patient } = stage();
    const items = await itemsOf('ListCorrections', { pseudonym: patient.pseudonym }, patient);
    expect(items).toMatchObject([{ state: 'accepted' }, { state: 'open' }]);
  });

  it('is accepted also with a retraction: the record is right by not being there', async () => {
    const { cast, patient, recordId } = stage();
    await asked(stage());
    const retraction = { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'entered-in-error' };
    must(await cast.invoke('RetractRecord', retraction, cast.staff(A, 'recordAdmin')));
    const accepted = { ...keyOf(stage()), answer: { outcome: 'accepted', version: 2 } };
    expect(must(await cast.invoke('AnswerCorrection', accepted, officerOf(stage()))).answer).toMatchObject({ state: 'accepted' });
  });

  it('is told to readers of the record while the patient disagrees, and neither before nor after', async () => {
    await refused(stage());
    expect(await told()).toEqual([]);
    const { cast, patient } = stage();
    const statement = { ...keyOf(stage()), statementCommitment: 'A'.repeat(43) };
    must(await cast.invoke('StateDisagreement', statement, patient));
    expect(await told()).toMatchObject([{ number: 1, recordVersion: 1, statementCommitment: 'A'.repeat(43) }]);
    must(await cast.invoke('WithdrawCorrection', keyOf(stage()), patient));
    expect(await told()).toEqual([]);
  });

  it('is listed to its own hospital and to no other', async () => {
    await disputed(stage());
    expect(await itemsOf('ListCorrectionsAsked', {}, officerOf(stage()))).toHaveLength(1);
    expect(await itemsOf('ListCorrectionsAsked', {}, stage().cast.staff(B, 'privacyOfficer'))).toEqual([]);
  });

  it.each(['AnswerCorrection', 'GetCorrectionText'] as const)(
    'of another hospital’s patient answers %s as one that nobody has asked for, and is read as much',
    async (name) => {
      const { cast } = stage();
      await asked(stage());
      const rest = name === 'AnswerCorrection' ? { answer: { outcome: 'accepted', version: 2 } } : { part: 'reason' };
      const by = cast.staff(B, 'privacyOfficer');
      const foreign = await seen(cast.invoke(name, { ...keyOf(stage()), ...rest }, by));
      const absent = await seen(cast.invoke(name, { ...keyOf(stage()), number: 9, ...rest }, by));
      expect(foreign).toMatchObject({ status: 500, code: 'NOT_FOUND' });
      expect(foreign).toEqual(absent);
    },
  );

  it('of another patient’s record is refused as of a record that there is not, and is read as much', async () => {
    const { cast, patient } = stage();
    const other = await cast.newPatient(A);
    await cast.relate(other, A);
    const recordId = await cast.anchor(other);
    const asking = (id: string): Promise<object> =>
      seen(
        cast.invoke('RequestCorrection', { ...keyOf(stage()), recordId: id, recordVersion: 1, reasonCommitment: 'A'.repeat(43) }, patient, {
          keepKey: true,
        }),
      );
    expect(await asking(recordId)).toEqual(await asking(`r${'A'.repeat(43)}`));
  });
});
