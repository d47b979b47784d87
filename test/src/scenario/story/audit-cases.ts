import { granteeSchema, transactions, newRequest } from '@lianyi/domain';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { newId, refusalOf } from '../scenario';
import { type GetWorld } from './world';
import { newCardId } from '../owned-ids';

/** Features 18, 67 and 68: the patient sees who, when, why and under which rule; nobody else does. */
export function auditCases(world: GetWorld): void {
  /** A whole story with its denials, and refusals in between that must leave no trace. */
  async function wholeStory(): Promise<PatientCase> {
    const { scenario, staff } = world();
    const known = PatientCase.unknown(scenario, staff);
    await known.register();
    const issued = newCardId(known.custodian, known.pseudonym);
    const { cardId } = issued;
    const card = { ...issued, pseudonym: known.pseudonym, holderCommitment: 'A'.repeat(43) };
    await known.byStaff(staff.registrarA, transactions.IssueCard, card, 'CardIssued');
    await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
    await known.propose();
    await known.accept();
    const recordIds = [await known.publish(laboratoryReport), await known.publish(laboratoryReport)];
    const [first = '', second = ''] = recordIds;
    await known.ask(staff.cardiologistB, { recordIds });
    await refusalOf(known.ask(staff.registrarB, { recordIds, department: 'cardiology' }));
    await known.grant([permission()]);
    const ticket = await known.ask(staff.cardiologistB, { recordIds });
    await known.read(staff.cardiologistB, ticket, first);
    await known.read(staff.cardiologistB, ticket, second);
    await refusalOf(known.read(staff.colleagueB, ticket, first));
    await known.ask(staff.cardiologistB, { recordIds, purpose: 'HRESCH' });
    await known.ask(staff.clinicianC, { recordIds: [first] });
    await known.ask(staff.clinicianA, { recordIds: [first] });
    const person = granteeSchema.parse({ kind: 'person', mspId: scenario.b.member.mspId, name: staff.cardiologistB.actorTag });
    const { validFrom } = permission();
    await known.grant([{ provisionId: newId(), effect: 'deny', purposes: 'any', validFrom }], person);
    await known.ask(staff.cardiologistB, { recordIds: [second] });
    const details = { ticketId: ticket.ticketId, recordIds };
    await known.byStaff(staff.cardiologistB, transactions.CloseTicket, { ticketId: ticket.ticketId }, 'TicketClosed', details);
    await known.revoke();
    await known.ask(staff.colleagueB, { recordIds });
    const key = { pseudonym: known.pseudonym, mspId: known.custodian };
    await known.command(transactions.SuspendRelationship, key, 'RelationshipSuspended');
    await known.ask(staff.clinicianA, { recordIds: [first] });
    await known.command(transactions.ResumeRelationship, key, 'RelationshipResumed');
    await known.command(transactions.SuspendCard, { cardId, reason: 'lost' }, 'CardSuspended');
    await known.command(transactions.TerminateRelationship, key, 'RelationshipTerminated');
    return known;
  }

  it('equals what happened, line by line and in order, denials among it and refusals not', async () => {
    const known = await wholeStory();
    const expected = known.truth.map((line) => ({ ...line, schemaVersion: 1, n: 0, at: expect.any(String) as string }));
    expect(expected.filter(({ decision }) => decision === 'deny')).toHaveLength(6);
    expect(await known.audit()).toEqual(expected);
    expect(await known.audit(5)).toEqual(expected);
    const instants = (await known.audit()).map(({ at }) => at);
    expect(instants).toEqual([...instants].sort());
    // of all that was asked and permitted, two documents were fetched
    const cardiologist = { mspId: world().scenario.b.member.mspId, actorTag: world().staff.cardiologistB.actorTag };
    const { items } = await known.seeOwn(transactions.ListDisclosures, { pseudonym: known.pseudonym, limit: 100 });
    expect(items).toMatchObject(Array(2).fill({ kind: 'released', to: cardiologist, purpose: 'TREAT', recordIds: [expect.any(String)] }));
    const released = known.truth.filter(({ event }) => event === 'KeyReleased').map(({ txId }) => txId);
    expect(items.map(({ txId }) => txId).sort()).toEqual(released.sort());
  });

  it('is shown to nobody else: not to staff, not to another patient', async () => {
    const { known } = await PatientCase.withRecord(world().scenario, world().staff);
    const input = { pseudonym: known.pseudonym, limit: 10 };
    for (const who of [world().staff.registrarA, world().staff.recordAdminA, world().staff.cardiologistB]) {
      expect(await refusalOf(carry(who.client, transactions.ListForPatient, input, { sign: who.sign }))).toBe('NOT_PERMITTED');
    }
    const other = await PatientCase.related(world().scenario, world().staff);
    expect(await refusalOf(other.seeOwn(transactions.ListForPatient, input))).toBe('NOT_PERMITTED');
    const ledger = await world().scenario.ledger(world().scenario.a, 'Admin');
    expect(await refusalOf(ledger.evaluate(newRequest(transactions.ListForPatient, input)))).toBe('NOT_PERMITTED');
  });

  it('shares no line with another patient’s', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => PatientCase.withRecord(world().scenario, world().staff)));
    const lines = new Set((await one?.known.audit())?.map(({ txId }) => txId));
    expect((await other?.known.audit())?.filter(({ txId }) => lines.has(txId))).toEqual([]);
  });

  it('stands in a chain of blocks that holds at every peer and is the same at all', async () => {
    const { acts, hospitals } = world().scenario;
    const tips = await Promise.all(hospitals.map(({ administrator, member }) => acts.verifyChain(administrator, member.mspId)));
    expect(new Set(tips.map(({ tipHash }) => tipHash)).size).toBe(1);
    expect(tips[0]?.blocks).toBeGreaterThan(100);
  });

  it('stands in blocks in which nothing was written but by the word of whose it is', async () => {
    const { scenario } = world();
    const { acts, a, hospitals } = scenario;
    const said = await acts.verifyCommands(a.administrator);
    expect(said).toMatchObject({ everyConsentIsSigned: true, everyEntryIsItsOwners: true });
    expect(said.permits).toBeGreaterThan(20);
    for (const hospital of hospitals) expect((await scenario.client(hospital).health()).alarms).toEqual([]);
  });
}
