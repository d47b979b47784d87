import { hashOfJson, newRequest, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { hashOfCase } from '@lianyi/domain/deciding';
import { breakGlassAs } from '../break-glass';
import { carry, carryingFor } from '../carry';
import { newCardId, newTicketId } from '../owned-ids';
import { laboratoryReport, PatientCase } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { GetEmergency, ListEmergencies, ListOwnEmergencies, PutEmergencyNarrative, ReviewEmergency, SetEmergencyChoice } = transactions;

export function emergencyCases(world: GetWorld): void {
  let known: PatientCase;
  let recordId: string;
  let officerA: StaffMember;
  let officerB: StaffMember;
  /** B's cardiologist, whom nobody has permitted anything, opens a record of a patient of A. */
  const breakGlass = (of = { known, recordId }) => breakGlassAs(world().staff.cardiologistB, of.known.pseudonym, of.recordId);
  const by = carryingFor(() => world().scenario);

  beforeAll(async () => {
    const { scenario, staff } = world();
    [{ known, recordId }, officerA, officerB] = await Promise.all([
      PatientCase.withRecord(scenario, staff),
      scenario.hire(scenario.a, 'privacyOfficer', 'data-protection'),
      scenario.hire(scenario.b, 'privacyOfficer', 'cardiology'),
    ]);
  });

  it('opens a record that nobody has permitted; the patient is told, and the two hospitals', async () => {
    const { cardiologistB } = world().staff;
    const { ticketId, ephemeralKey, result } = await breakGlass();
    expect(result).toMatchObject({ decision: 'permit', provisionIds: ['emergency'] });
    const { bytes } = await known.read(cardiologistB, { ticketId, ephemeralKey }, recordId);
    expect(Buffer.from(bytes).equals(laboratoryReport)).toBe(true);
    await world().scenario.catchUp(world().scenario.a);
    const asked = { ticketId, recordIds: [recordId], purpose: 'ETREAT' };
    expect((await known.audit()).slice(-2)).toMatchObject([
      { event: 'EmergencyPermitted', decision: 'permit', ...asked },
      { event: 'KeyReleased', ...asked },
    ]);
    const seen = { items: [{ emergency: { ticketId, reason: 'cannot-consent', state: 'open' }, isOverdue: false }] };
    expect(await known.seeOwn(ListOwnEmergencies, { pseudonym: known.pseudonym, limit: 10 })).toMatchObject(seen);
    for (const officer of [officerA, officerB])
      expect((await by(officer, ListEmergencies, { limit: 100 })).items.map(({ emergency }) => emergency.ticketId)).toContain(ticketId);
    expect(await refusalOf(by(world().staff.clinicianA, ListEmergencies, { limit: 10 }))).toBe('NOT_PERMITTED');
  });

  it('keeps what happened at the asker’s hospital, as it was committed to', async () => {
    const { cardiologistB } = world().staff;
    const { ticketId, told } = await breakGlass();
    world().salts.push(told.text, Buffer.from(told.salt, 'base64url'));
    const put = (transient: typeof told) =>
      carry(
        cardiologistB.client,
        PutEmergencyNarrative,
        { ticketId, transientSha256: hashOfJson(transient) },
        { sign: cardiologistB.sign, transient },
      );
    expect(await refusalOf(put({ ...told, text: 'what sounds better' }))).toBe('HASH_MISMATCH');
    await put(told);
    expect(await by(officerB, transactions.GetEmergencyNarrative, { ticketId })).toMatchObject({ text: told.text });
    expect(await refusalOf(by(officerA, transactions.GetEmergencyNarrative, { ticketId }))).toBe('NOT_FOUND');
  });

  it('is reviewed by the records’ hospital and not by the asker’s own department; what was not justified opens nothing', async () => {
    const { cardiologistB } = world().staff;
    const { ticketId, ephemeralKey } = await breakGlass();
    const shown = await by(officerA, GetEmergency, { ticketId });
    expect(shown.recordIds).toEqual([recordId]);
    const review = { ticketId, outcome: 'justified', caseSha256: hashOfCase(shown.emergency, shown.recordIds) } as const;
    expect(await refusalOf(by(officerB, ReviewEmergency, review))).toBe('NOT_PERMITTED');
    expect(await by(officerA, ReviewEmergency, { ...review, outcome: 'not-justified' })).toMatchObject({ state: 'reviewed' });
    expect(await refusalOf(by(officerA, ReviewEmergency, review))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(known.read(cardiologistB, { ticketId, ephemeralKey }, recordId))).toBe('TICKET_CLOSED');
    expect(await known.seeOwn(GetEmergency, { ticketId })).toMatchObject({ emergency: { review: { outcome: 'not-justified' } } });
  });

  it('opens nothing of who has refused it, and what is open ends with that word', async () => {
    const { scenario, staff } = world();
    const of = await PatientCase.withRecord(scenario, staff);
    const { ticketId, ephemeralKey } = await breakGlass(of);
    await of.known.command(SetEmergencyChoice, { pseudonym: of.known.pseudonym, choice: { stance: 'refused' } }, 'EmergencyChoiceChanged');
    expect(await of.known.seeOwn(transactions.GetEmergencyChoice, { pseudonym: of.known.pseudonym })).toMatchObject({
      choice: { stance: 'refused' },
    });
    expect(await refusalOf(of.known.read(staff.cardiologistB, { ticketId, ephemeralKey }, of.recordId))).toBe('TICKET_CLOSED');
    const { result } = await breakGlass(of);
    expect(result).toMatchObject({ decision: 'deny', reasons: ['EMERGENCY_REFUSED'] });
  });

  it('names the second person who has signed for it, and nobody who may not', async () => {
    const { scenario, staff } = world();
    const { cardiologistB } = staff;
    const surgeonB = await scenario.hire(scenario.b, 'clinician', 'surgery');
    const { ticketId, result } = await breakGlassAs(cardiologistB, known.pseudonym, recordId, surgeonB);
    expect(result).toMatchObject({ decision: 'permit' });
    expect(await known.seeOwn(GetEmergency, { ticketId })).toMatchObject({ emergency: { second: surgeonB.actorTag } });
    const refusedTo = (other: StaffMember) => refusalOf(breakGlassAs(cardiologistB, known.pseudonym, recordId, other));
    expect([await refusedTo(officerB), await refusedTo(staff.clinicianA)]).toEqual(['NOT_PERMITTED', 'ID_MISMATCH']);
  });

  it('begins with the card of who cannot be asked, tells nothing of a card that is none, and a waiting patient is told at once', async () => {
    const { scenario, staff } = world();
    const { cardiologistB, registrarA } = staff;
    const { pseudonym } = known;
    const issued = newCardId(known.custodian, pseudonym);
    const { cardId } = issued;
    await known.byStaff(registrarA, transactions.IssueCard, { ...issued, pseudonym, holderCommitment: sha256('holder') }, 'CardIssued');
    await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
    await scenario.catchUp(scenario.a);
    const node = scenario.client(scenario.a);
    const newest = BigInt((await node.health()).blocks[known.custodian] ?? 0) - 1n;
    const question = newRequest(transactions.GetEmergencyChoice, { pseudonym: pseudonymSchema.parse(pseudonym) });
    const news = node.ledger.news({ ...question, proof: await known.patient.sign(question.entry, question.input) }, newest);
    const ledTo = async (of: string) => {
      const ids = newTicketId(cardiologistB);
      const showing = { ...ids, cardId: of, department: cardiologistB.department, reason: 'cannot-consent' as const };
      await by(cardiologistB, transactions.ShowCardInEmergency, showing);
      const opening = { scope: 'full', withoutDataset: 'none-prepared' } as const;
      const { items } = await by(cardiologistB, transactions.ListForEmergency, { ticketId: ids.ticketId, opening, limit: 16 });
      return items.map((item) => [item.pseudonym, item.recordId]);
    };
    expect(await ledTo('no-such-card')).toEqual([]);
    expect(await ledTo(cardId)).toEqual([[pseudonym, recordId]]);
    expect(await news).toBeGreaterThan(newest);
    expect((await known.audit()).filter(({ event }) => event === 'EmergencyLookupNoted')).toHaveLength(1);
    await known.command(transactions.ReportCardLost, { cardId }, 'CardLossReported');
    expect(await ledTo(cardId)).toEqual([]);
  });
}
