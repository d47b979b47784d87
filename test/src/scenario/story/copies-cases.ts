import { instantOf, transactions } from '@lianyi/domain';
import { carryingFor } from '../carry';
import { fromNow, laboratoryReport, PatientCase, type permission, type Ticket } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { waitUntil } from '../../wait-until';
import { type GetWorld } from './world';

const { AnswerForCopy, CloseTicket, DiscloseOnward, ListCopies, ListCopiesHeld } = transactions;

/** Feature 65: after a revocation each holder is listed as destroyed, retained by law, or overdue. */
export function copiesCases(world: GetWorld): void {
  let officerB: StaffMember;
  let officerC: StaffMember;
  beforeAll(async () => {
    const { scenario } = world();
    [officerB, officerC] = await Promise.all([
      scenario.hire(scenario.b, 'privacyOfficer', 'data-protection'),
      scenario.hire(scenario.c, 'privacyOfficer', 'data-protection'),
    ]);
  });

  /** B's cardiologist has read a record, on a consent that says this of copies. */
  const read = async (twist: Parameters<typeof permission>[0]): Promise<{ known: PatientCase; recordId: string; ticket: Ticket }> => {
    const { cardiologistB } = world().staff;
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff, twist);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
    return { known, recordId, ticket };
  };
  const by = carryingFor(() => world().scenario);
  const toC = (): { mspId: string; actorTag: string; department: string } => {
    const { hospital, actorTag, department } = world().staff.clinicianC;
    return { mspId: hospital.member.mspId, actorTag, department };
  };
  const statusOf = async (known: PatientCase) => {
    await world().scenario.catchUp(world().scenario.a);
    return (await known.seeOwn(ListCopies, { pseudonym: known.pseudonym, limit: 10 })).items;
  };

  it('opens an obligation for every holder when the consent is revoked, the one it was handed on to included, and takes their answers', async () => {
    const { cardiologistB, clinicianC } = world().staff;
    const { known, recordId, ticket } = await read({ onward: true, eraseAt: fromNow(30 * 86_400_000) });
    const { ticketId } = ticket;
    const copy = { ticketId, recordId };
    await known.byStaff(cardiologistB, DiscloseOnward, { ...copy, to: toC() }, 'CopyDisclosed', {
      ticketId,
      recordIds: [recordId],
      purpose: 'TREAT',
      receiver: toC(),
    });
    const { items: disclosed } = await known.seeOwn(transactions.ListDisclosures, { pseudonym: known.pseudonym, limit: 100 });
    expect(disclosed).toMatchObject([
      { kind: 'handed-on', handedOnBy: cardiologistB.hospital.member.mspId, to: toC() },
      { kind: 'released', to: { actorTag: cardiologistB.actorTag } },
    ]);
    expect(await statusOf(known)).toMatchObject([
      { standing: 'must-go', due: { cause: 'erase-date' }, copy: { holderMspId: cardiologistB.hospital.member.mspId } },
      { standing: 'must-go', due: { cause: 'erase-date' }, copy: { holderMspId: toC().mspId, from: { to: toC() } } },
    ]);
    await known.byStaff(cardiologistB, CloseTicket, { ticketId }, 'TicketClosed', { ticketId, recordIds: [recordId] });
    await known.revoke();
    expect((await statusOf(known)).map(({ due }) => due?.cause)).toEqual(['consent-changed', 'consent-changed']);
    const toB = { mspId: cardiologistB.hospital.member.mspId, actorTag: cardiologistB.actorTag, department: cardiologistB.department };
    expect(await refusalOf(by(clinicianC, DiscloseOnward, { ...copy, to: toB }))).toBe('ONWARD_NOT_ALLOWED');

    expect(await refusalOf(by(cardiologistB, AnswerForCopy, { ...copy, answer: { outcome: 'destroyed' } }))).toBe('NOT_PERMITTED');
    const officerA = await world().scenario.hire(world().scenario.a, 'privacyOfficer');
    expect(await refusalOf(by(officerA, AnswerForCopy, { ...copy, answer: { outcome: 'destroyed' } }))).toBe('NOT_FOUND');
    const due = (await by(officerB, ListCopiesHeld, { limit: 100 })).items.map(({ copy: held }) => held.ticketId);
    expect(due).toContain(ticketId);
    const details = { ticketId, recordIds: [recordId] };
    await known.byStaff(officerB, AnswerForCopy, { ...copy, answer: { outcome: 'destroyed' } }, 'CopyAnswered', details);
    const retained = { outcome: 'retained', basis: 'treatment-record-law' } as const;
    expect(await refusalOf(by(officerB, AnswerForCopy, { ...copy, answer: retained }))).toBe('ILLEGAL_STATE');
    await known.byStaff(officerC, AnswerForCopy, { ...copy, answer: retained }, 'CopyAnswered', details);
    const answered = await statusOf(known);
    expect(answered).toMatchObject([
      { standing: 'destroyed', copy: { answer: { by: { actorTag: officerB.actorTag } } } },
      { standing: 'retained', copy: { answer: { basis: 'treatment-record-law', by: { actorTag: officerC.actorTag } } } },
    ]);
    // the receipts are the transactions that the patient's audit names
    const receipts = (await known.audit()).filter(({ event }) => event === 'CopyAnswered').map(({ txId }) => txId);
    expect(answered.map(({ copy: { answer } }) => answer?.txId).sort()).toEqual(receipts.sort());
  });

  it('hands nothing on without the patient’s word, nor after it was taken back', async () => {
    const { cardiologistB } = world().staff;
    const kept = await read({});
    expect(await refusalOf(by(cardiologistB, DiscloseOnward, { ticketId: kept.ticket.ticketId, recordId: kept.recordId, to: toC() }))).toBe(
      'ONWARD_NOT_ALLOWED',
    );
    const allowed = await read({ onward: true });
    await allowed.known.revoke();
    expect(
      await refusalOf(by(cardiologistB, DiscloseOnward, { ticketId: allowed.ticket.ticketId, recordId: allowed.recordId, to: toC() })),
    ).toBe('TICKET_CLOSED');
    expect(await statusOf(allowed.known)).toHaveLength(1);
  });

  it('shows a copy as overdue from its erase date on, by the ledger’s time', async () => {
    const end = Date.now() + 6_000;
    const { known } = await read({ handling: 'view', validUntil: instantOf(end), eraseAt: instantOf(end) });
    expect(await statusOf(known)).toMatchObject([{ standing: 'must-go', terms: { handling: 'view' }, due: { goneBy: instantOf(end) } }]);
    await waitUntil('the date has come', () => Date.now() > end);
    expect(await statusOf(known)).toMatchObject([{ standing: 'overdue', due: { cause: 'erase-date' } }]);
  });
}
