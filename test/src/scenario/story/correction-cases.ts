import { memberOperations } from '@lianyi/client';
import { recordIdSchema, saltSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { correctionCommitmentOf } from '@lianyi/domain/deciding';
import { carryingFor } from '../carry';
import { PatientCase } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { AnswerCorrection, GetCorrectionText, ListCorrections, ListCorrectionsAsked, ListDisagreements } = transactions;
const { RequestCorrection, StateDisagreement, WithdrawCorrection } = transactions;

/** What is wrong with a record, and what the patient says to the answer. */
export function correctionCases(world: GetWorld): void {
  let known: PatientCase;
  let officerA: StaffMember;
  let key: ReturnType<typeof RequestCorrection.request.parse>;
  const words = { text: 'the finding is of the left knee', salt: saltSchema.parse('c2FsdC1vZi1hLXN0b3J5IQ') };
  const by = carryingFor(() => world().scenario);

  beforeAll(async () => {
    const { scenario, staff } = world();
    const [made, officer] = await Promise.all([
      PatientCase.withRecord(scenario, staff),
      scenario.hire(scenario.a, 'privacyOfficer', 'data-protection'),
    ]);
    [known, officerA] = [made.known, officer];
    const place = { pseudonym: pseudonymSchema.parse(known.pseudonym), recordId: recordIdSchema.parse(made.recordId), number: 1 };
    key = { ...place, recordVersion: 1, reasonCommitment: correctionCommitmentOf({ ...place, part: 'reason', ...words }) };
    world().salts.push(words.text);
  });
  const place = () => ({ pseudonym: key.pseudonym, recordId: key.recordId, number: 1 });
  const tell = (text: string, of = world().scenario.a): Promise<unknown> =>
    world()
      .scenario.client(of)
      .api.ask(memberOperations.TellCorrection, { body: { ...place(), part: 'reason', ...words, text } });

  it('is asked for by the patient, whose words its hospital has and nobody else', async () => {
    const { scenario, staff } = world();
    await known.command(RequestCorrection, key, 'CorrectionRequested');
    await scenario.catchUp(scenario.a);
    expect(await refusalOf(tell('the finding is of the right knee'))).toBe('HASH_MISMATCH');
    expect(await refusalOf(tell(words.text, scenario.b))).toBe('NOT_FOUND');
    await tell(words.text);
    expect(await by(officerA, GetCorrectionText, { ...place(), part: 'reason' })).toMatchObject(words);
    expect(await known.seeOwn(GetCorrectionText, { ...place(), part: 'reason' })).toMatchObject(words);
    expect(await refusalOf(by(staff.clinicianA, ListCorrectionsAsked, { limit: 10 }))).toBe('NOT_PERMITTED');
    const asked = (await by(officerA, ListCorrectionsAsked, { limit: 10 })).items;
    expect(asked).toMatchObject([{ correction: place(), state: 'open', isOverdue: false }]);
  });

  it('is answered once, by its hospital; a disagreement is told to whoever reads the record, until it is taken back', async () => {
    const { scenario, staff } = world();
    const answer = { outcome: 'refused', reason: 'accurate', textCommitment: key.reasonCommitment } as const;
    const officerB = await scenario.hire(scenario.b, 'privacyOfficer', 'data-protection');
    expect(await refusalOf(by(officerB, AnswerCorrection, { ...place(), answer }))).toBe('NOT_FOUND');
    expect(await refusalOf(by(staff.clinicianA, AnswerCorrection, { ...place(), answer }))).toBe('NOT_PERMITTED');
    await known.byStaff(officerA, AnswerCorrection, { ...place(), answer }, 'CorrectionAnswered', { recordIds: [key.recordId] });
    expect(await refusalOf(by(officerA, AnswerCorrection, { ...place(), answer: { outcome: 'accepted', version: 2 } }))).toBe(
      'ILLEGAL_STATE',
    );
    await known.command(StateDisagreement, { ...place(), statementCommitment: key.reasonCommitment }, 'CorrectionDisputed');
    const record = { pseudonym: key.pseudonym, recordId: key.recordId, limit: 10 };
    expect((await known.see(ListDisagreements, record)).items).toMatchObject([{ number: 1, recordVersion: 1 }]);
    await known.command(WithdrawCorrection, place(), 'CorrectionCancelled');
    expect((await known.see(ListDisagreements, record)).items).toEqual([]);
    const { items } = await known.seeOwn(ListCorrections, { pseudonym: key.pseudonym, limit: 10 });
    expect(items).toMatchObject([{ state: 'withdrawn', answered: { answer } }]);
    const told = (await known.audit()).map(({ event }) => event).filter((event) => event.startsWith('Correction'));
    expect(told).toEqual(['CorrectionRequested', 'CorrectionAnswered', 'CorrectionDisputed', 'CorrectionCancelled']);
  });
}
