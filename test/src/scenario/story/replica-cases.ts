import { transactions } from '@lianyi/domain';
import { ReplicaFile } from '@lianyi/workbench';
import { laboratoryReport, PatientCase, type Ticket } from '../patient-case';
import { refusalOf } from '../scenario';
import { type GetWorld } from './world';

interface Stored {
  readonly known: PatientCase;
  readonly recordId: string;
  readonly cipherSha256: string;
  readonly ticket: Ticket;
}

/** Features 26, 38, 40 and 42: copies get lost and changed; the ledger’s hash decides. */
export function replicaCases(world: GetWorld): void {
  const stored = async (): Promise<Stored> => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { cipherSha256 } = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
    return { known, recordId, cipherSha256, ticket: await known.ask(world().staff.cardiologistB, { recordIds: [recordId] }) };
  };
  const copyAt = (place: 'a' | 'c', { cipherSha256 }: Stored): ReplicaFile =>
    ReplicaFile.find(world().scenario.consortium.data, world().scenario[place].member.mspId, cipherSha256);
  const read = ({ known, ticket, recordId }: Stored) => known.read(world().staff.cardiologistB, ticket, recordId);

  it('are two, at different members, and each anchored with a receipt that the ledger holds', async () => {
    const { known, recordId } = await stored();
    const { locators, receipts } = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
    const { a, c } = world().scenario;
    expect(locators.map(({ mspId }) => mspId)).toEqual([a.member.mspId, c.member.mspId]);
    expect(receipts.map(({ statement }) => statement.mspId)).toEqual([a.member.mspId, c.member.mspId]);
  });

  it('serve each other: A’s copy lost, C’s is read', async () => {
    const document = await stored();
    const restore = copyAt('a', document).lose();
    try {
      const opened = await read(document);
      expect(laboratoryReport.equals(opened.bytes)).toBe(true);
      expect(opened.source.mspId).toBe(world().scenario.c.member.mspId);
      expect(opened.rejected).toEqual([{ mspId: document.known.custodian, endpointId: 'vault', code: 'NOT_FOUND' }]);
    } finally {
      restore();
    }
  });

  it('are told apart from what somebody changed: A’s copy tampered with, C’s is read', async () => {
    const document = await stored();
    const restore = copyAt('a', document).tamper();
    try {
      const opened = await read(document);
      expect(laboratoryReport.equals(opened.bytes)).toBe(true);
      expect(opened.source.mspId).toBe(world().scenario.c.member.mspId);
      expect(opened.rejected).toEqual([{ mspId: document.known.custodian, endpointId: 'vault', code: 'HASH_MISMATCH' }]);
    } finally {
      restore();
    }
  });

  it.each(['tampered', 'lost'] as const)('end in HASH_MISMATCH when C’s is tampered with and A’s %s', async (how) => {
    const document = await stored();
    const restoreC = copyAt('c', document).tamper();
    const restoreA = how === 'lost' ? copyAt('a', document).lose() : copyAt('a', document).tamper();
    try {
      expect(await refusalOf(read(document))).toBe('HASH_MISMATCH');
    } finally {
      restoreA();
      restoreC();
    }
    expect(laboratoryReport.equals((await read(document)).bytes)).toBe(true);
  });

  it('end in REPLICA_UNAVAILABLE when all are lost', async () => {
    const document = await stored();
    const restoreC = copyAt('c', document).lose();
    const restoreA = copyAt('a', document).lose();
    try {
      expect(await refusalOf(read(document))).toBe('REPLICA_UNAVAILABLE');
    } finally {
      restoreA();
      restoreC();
    }
  });

  it('are given to members under a ticket of theirs only', async () => {
    const { known, recordId, cipherSha256, ticket } = await stored();
    const other = await stored();
    const { a, b, c } = world().scenario;
    const object = (ticketId?: string) =>
      ({
        method: 'GET',
        path: `/v1/objects/${cipherSha256}`,
        headers: ticketId === undefined ? {} : { 'lianyi-ticket': ticketId },
      }) as const;
    const { scenario } = world();
    expect(await scenario.askMember(b, c, object(ticket.ticketId))).toBe('ok');
    expect(await scenario.askMember(b, c, object())).toBe('NOT_PERMITTED');
    expect(await scenario.askMember(b, c, object(other.ticket.ticketId))).toBe('NOT_PERMITTED');
    expect(await scenario.askMember(c, a, object(ticket.ticketId))).toBe('NOT_PERMITTED');
    expect(await scenario.askMember(undefined, a, object(ticket.ticketId))).toBe('NOT_AUTHENTICATED');
    const details = { ticketId: ticket.ticketId, recordIds: [recordId] };
    await known.byStaff(world().staff.cardiologistB, transactions.CloseTicket, { ticketId: ticket.ticketId }, 'TicketClosed', details);
    expect(await scenario.askMember(b, c, object(ticket.ticketId))).toBe('TICKET_CLOSED');
  });

  it('are given to nobody from the block on in which the patient has revoked, though the ticket is open', async () => {
    const { known, cipherSha256, ticket } = await stored();
    const { scenario } = world();
    const { a, b, c } = scenario;
    const { ticketId } = ticket;
    const object = { method: 'GET', path: `/v1/objects/${cipherSha256}`, headers: { 'lianyi-ticket': ticketId } } as const;
    expect(await scenario.askMember(b, c, object)).toBe('ok');
    await known.revoke();
    await Promise.all([scenario.catchUp(a), scenario.catchUp(c)]);
    for (const place of [a, c]) expect(await scenario.askMember(b, place, object)).toBe('TICKET_CLOSED');
    const now = await known.see(transactions.GetTicketStanding, { ticketId });
    expect(now).toMatchObject({ obstacle: 'consent-changed', ticket: { decision: 'permit', state: 'open' } });
  });
}
