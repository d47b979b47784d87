import { newPrivateKey } from '@lianyi/client';
import { transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission, type Ticket } from '../patient-case';
import { waitUntil } from '../../wait-until';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

/** Features 40, 44 and 45: no committed permit, no key. */
export function keyCases(world: GetWorld): void {
  const permitted = async (): Promise<{ known: PatientCase; recordId: string; ticket: Ticket }> => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const ticket = await known.ask(world().staff.cardiologistB, { recordIds: [recordId] });
    expect(ticket.answer.decision).toBe('permit');
    return { known, recordId, ticket };
  };
  const releases = async (known: PatientCase): Promise<number> =>
    (await known.audit()).filter(({ event }) => event === 'KeyReleased').length;
  const release = (ticketId: string, recordId: string) =>
    ({ method: 'POST', path: '/v1/keys:release', body: JSON.stringify({ ticketId, recordId }) }) as const;

  it('commits each release before the key leaves, by the custodian’s key service', async () => {
    const { known, recordId, ticket } = await permitted();
    const opened = await known.read(world().staff.cardiologistB, ticket, recordId);
    const [released] = (await known.audit()).filter(({ event }) => event === 'KeyReleased');
    expect(released).toMatchObject({
      txId: opened.releaseTransactionId,
      actor: { kind: 'staff', mspId: known.custodian, actorTag: world().staff.keyServiceTagA },
      ticketId: ticket.ticketId,
      recordIds: [recordId],
    });
  });

  it.each(['nurseB', 'colleagueB', 'clinicianC'] as const)('opens nothing for %s with another person’s ticket', async (who) => {
    const { known, recordId, ticket } = await permitted();
    expect(await refusalOf(known.read(world().staff[who], ticket, recordId))).toBe('NOT_PERMITTED');
    expect(await releases(known)).toBe(0);
  });

  it('opens nothing without the ephemeral key of the ticket, even for the person who asked', async () => {
    const { known, recordId, ticket } = await permitted();
    const { cardiologistB } = world().staff;
    const stolen = { ticketId: ticket.ticketId, ephemeralKey: newPrivateKey() };
    expect(await refusalOf(known.read(cardiologistB, stolen, recordId))).toBe('ANSWER_DIFFERS');
  });

  it('opens no record that the ticket does not name', async () => {
    const { known, ticket } = await permitted();
    const other = await known.publish(laboratoryReport);
    expect(await refusalOf(known.read(world().staff.cardiologistB, ticket, other))).toBe('TICKET_CLOSED');
    expect(await releases(known)).toBe(0);
  });

  it.each(['revoked', 'amended'] as const)('releases no key on an open ticket once the grant is %s', async (how) => {
    const { known, recordId, ticket } = await permitted();
    const amendment = { pseudonym: known.pseudonym, grantee: known.cardiology, previousVersion: 1, provisions: [permission()] };
    if (how === 'revoked') await known.revoke();
    else await known.command(transactions.AmendPolicy, amendment, 'PolicyAmended');
    expect(await refusalOf(known.read(world().staff.cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    expect(await releases(known)).toBe(0);
  });

  it.each(['the clinician', 'the patient'] as const)('releases no key on a ticket that %s has closed', async (who) => {
    const { known, recordId, ticket } = await permitted();
    const { cardiologistB } = world().staff;
    const { ticketId } = ticket;
    const details = { ticketId, recordIds: [recordId] };
    if (who === 'the patient') await known.command(transactions.CloseTicket, { ticketId }, 'TicketClosed');
    else await known.byStaff(cardiologistB, transactions.CloseTicket, { ticketId }, 'TicketClosed', details);
    expect(await known.see(transactions.GetDecision, { ticketId })).toMatchObject({ state: 'closed' });
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    expect(await releases(known)).toBe(0);
  });

  it('keeps a new version’s key to new tickets: the old ticket is closed by an amendment of the record', async () => {
    const { known, recordId, ticket } = await permitted();
    const { labA, cardiologistB } = world().staff;
    const document = {
      network: world().scenario.network,
      pseudonym: known.pseudonym,
      recordId,
      bytes: laboratoryReport,
      amends: { previousVersion: 1, operation: 'amend' as const },
    };
    const prepared = await labA.client.prepareRecord(document, labA.sign);
    expect((await labA.client.publishRecord(document, prepared, labA.sign)).result).toEqual({ recordId, version: 2, state: 'current' });
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    const again = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, again, recordId)).bytes)).toBe(true);
  });

  describe('the custodian’s key service', () => {
    it('refuses a ticket that is on nobody’s ledger', async () => {
      const { recordId } = await permitted();
      const { a, b } = world().scenario;
      expect(await world().scenario.askMember(b, a, release(newId(), recordId))).toBe('TICKET_UNSEEN');
    });

    it('refuses a denied ticket', async () => {
      const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
      const { ticketId } = await known.ask(world().staff.cardiologistB, { recordIds: [recordId] });
      const { a, b } = world().scenario;
      expect(await world().scenario.askMember(b, a, release(ticketId, recordId))).toBe('TICKET_CLOSED');
    });

    it('refuses a ticket of B to C', async () => {
      const { recordId, ticket } = await permitted();
      const { a, c } = world().scenario;
      expect(await world().scenario.askMember(c, a, release(ticket.ticketId, recordId))).toBe('NOT_PERMITTED');
    });

    it('refuses a record of another custodian', async () => {
      const { recordId, ticket } = await permitted();
      const { b, c } = world().scenario;
      expect(await world().scenario.askMember(b, c, release(ticket.ticketId, recordId))).toBe('TICKET_CLOSED');
    });

    it('refuses whoever is no member’s node: no certificate, or a member’s user’s', async () => {
      const { known, recordId, ticket } = await permitted();
      const { a, b } = world().scenario;
      const asked = release(ticket.ticketId, recordId);
      expect(await world().scenario.askMember(undefined, a, asked)).toBe('NOT_AUTHENTICATED');
      expect(await world().scenario.askMember(b, a, asked, { name: 'User1', certificate: 'client' })).toBe('NOT_AUTHENTICATED');
      expect(await releases(known)).toBe(0);
    });

    it('says within ten seconds that a peer is silent, and is well again when it is not', async () => {
      const { scenario, line } = world();
      const { mspId } = scenario.c.member;
      const status = async (): Promise<string> => (await scenario.client(scenario.a).health()).status;
      expect(await status()).toBe('ok');
      line.hold();
      const heldAt = Date.now();
      try {
        await waitUntil('the node says so', async () => (await status()) === 'degraded');
        expect(Date.now() - heldAt).toBeLessThan(10_000);
        expect((await scenario.client(scenario.a).health()).faults).toEqual([
          expect.stringContaining(`${mspId}: its peer does not answer`),
        ]);
      } finally {
        line.release();
      }
      await waitUntil('the node is well', async () => (await status()) === 'ok');
    });

    it('waits for the peer of a member who does not get the key to confirm the permit, and releases nothing while that peer is silent', async () => {
      const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
      const { cardiologistB } = world().staff;
      const { line } = world();
      line.hold();
      try {
        const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
        expect(ticket.answer.decision).toBe('permit');
        expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_UNSEEN');
        expect(await releases(known)).toBe(0);
        line.release();
        expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
      } finally {
        line.release();
      }
    });

    it('purges a record’s key from its own hospital alone: whoever has a permit opens the record no more', async () => {
      const { known, recordId, ticket } = await permitted();
      const { a, b } = world().scenario;
      const { cardiologistB, recordAdminA } = world().staff;
      const input = { pseudonym: known.pseudonym, envelopes: [{ recordId, keyEpoch: 1 }] };
      const purge = ({ client, sign }: StaffMember) => carry(client, transactions.PurgeEnvelopes, input, { sign });
      expect(await refusalOf(purge(recordAdminA))).toBe('NOT_PERMITTED');
      await purge(await world().scenario.hire(b, 'keyService'));
      expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
      const keyServiceA = await world().scenario.hire(a, 'keyService');
      const [officer, another] = [await world().scenario.hire(a, 'privacyOfficer'), await world().scenario.hire(a, 'privacyOfficer')];
      const placed = { pseudonym: known.pseudonym, holdId: 'hold-17', reason: 'dispute' } as const;
      await known.byStaff(officer, transactions.PlaceHold, placed, 'HoldPlaced');
      expect(await refusalOf(purge(keyServiceA))).toBe('ON_HOLD');
      expect(await refusalOf(carry(officer.client, transactions.LiftHold, placed, { sign: officer.sign }))).toBe('SECOND_PERSON_NEEDED');
      await known.byStaff(another, transactions.ConfirmHold, placed, 'HoldConfirmed');
      expect(await known.seeOwn(transactions.GetHolds, { pseudonym: known.pseudonym })).toMatchObject({ holds: [{ holdId: 'hold-17' }] });
      await known.byStaff(another, transactions.LiftHold, placed, 'HoldLifted');
      expect((await purge(keyServiceA)).result).toEqual({ purged: 1 });
      // each hospital tells the patient what it did among its own peers, page by page
      const acts = (after?: string) =>
        known.seeOwn(transactions.ListOwnersActs, { pseudonym: known.pseudonym, limit: 1, ...(after === undefined ? {} : { after }) });
      const newest = await acts();
      expect(newest.items).toMatchObject([{ act: 'PurgeEnvelopes', actor: { actorTag: keyServiceA.actorTag }, recordIds: [recordId] }]);
      expect((await acts(newest.next)).items).toMatchObject([{ act: 'PutEnvelope' }]);
      expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('NOT_FOUND');
      expect(await releases(known)).toBe(1);
    });

    it('is the only one who may record a release: a clinician’s or another member’s is refused', async () => {
      const { known, recordId, ticket } = await permitted();
      const input = { ticketId: ticket.ticketId, recordId, releaseId: newId(), sealedSha256: 'A'.repeat(43) };
      const { cardiologistB } = world().staff;
      const byClinician = carry(cardiologistB.client, transactions.RecordKeyRelease, input, { sign: cardiologistB.sign });
      expect(await refusalOf(byClinician)).toBe('NOT_PERMITTED');
      const keyServiceC = await world().scenario.hire(world().scenario.c, 'keyService');
      const byOther = carry(keyServiceC.client, transactions.RecordKeyRelease, input, { sign: keyServiceC.sign });
      expect(await refusalOf(byOther)).toBe('TICKET_CLOSED');
      expect(await releases(known)).toBe(0);
    });
  });
}
