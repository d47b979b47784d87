import { recordIdSchema, Unavailable } from '@lianyi/domain';
import { KeyService } from './key-service';
import { type TicketStanding } from '../ledger-reader';
import { genesis, other, own, permit, Ports, recordId, requester, sighting, ticketId, TX_RELEASE } from './key-service-world.fixture';

/** What the own organisation's chaincode says when the release is in a block. */
describe('the last word on a release', () => {
  const release = (ports: Ports): Promise<unknown> =>
    new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, requester);

  it('is asked for after the release was committed, each time', async () => {
    const ports = new Ports();
    const asked: number[] = [];
    const { standing } = ports;
    ports.standing = () => {
      asked.push(ports.recorded.length);
      return standing();
    };
    await release(ports);
    await release(ports);
    expect(asked).toEqual([1, 2]);
  });

  it('is asked for when the own peer has the release, and not before; a key waits for the other member’s peer all the same', async () => {
    const ports = new Ports();
    const seen: string[] = [];
    const { standing } = ports;
    const transaction = ports.witness.transaction.bind(ports.witness);
    ports.standing = () => {
      seen.push('standing');
      return standing();
    };
    const looks = [[sighting(other, TX_RELEASE)], [sighting(own, TX_RELEASE)], ports.releases];
    ports.witness.transaction = async (id) => {
      const found = looks.shift() ?? (await transaction(id));
      seen.push(found.map(({ source }) => source).join());
      return found;
    };
    ports.witness.waitFor = async (look) => {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
      }
    };
    await release(ports);
    expect(seen.slice(0, 4)).toEqual([other, own, `${own},${other}`, 'standing']);
    ports.releases = [sighting(own, TX_RELEASE)];
    ports.witness.waitFor = (look) => look();
    await expect(release(ports)).rejects.toMatchObject({ code: 'RELEASE_UNCERTAIN' });
    expect(ports.attested).toBe(1);
  });

  it('is asked for again where blocks have come while the other member’s peer was waited for: no key leaves by what was so before', async () => {
    const ports = new Ports();
    const asked = jest.spyOn(ports, 'standing');
    await release(ports);
    expect(asked.mock.calls).toHaveLength(1);
    ports.witness.waitFor = async (look) => {
      const found = await look();
      if (found === true && asked.mock.calls.length === 2) {
        // the other member's peer has it at last, and meanwhile the patient has revoked
        ports.ownSays = { obstacle: 'consent-changed' };
        ports.blocks += 1n;
      }
      return found;
    };
    await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
    expect([asked.mock.calls.length, ports.attested]).toEqual([3, 1]);
  });

  it.each<readonly [string, Partial<TicketStanding>, string]>([
    ['it would deny now', { obstacle: 'consent-changed' }, 'consent-changed'],
    ['the asker’s entry has ended', { obstacle: 'asker-revoked' }, 'asker-revoked'],
    ['the ticket was closed', { obstacle: 'closed' }, 'closed'],
    ['the record has another version', { changedRecordIds: [recordId] }, 'record-changed'],
    ['the consent for this record has changed, and others of the ticket stand', { withdrawnRecordIds: [recordId] }, 'consent-changed'],
  ])('lets no key leave when %s', async (_when, ownSays, obstacle) => {
    const ports = new Ports();
    ports.ownSays = ownSays;
    await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle } });
    expect(ports.attested).toBe(0);
  });

  it('lets the key of a record leave, of whose ticket another was withdrawn: only what this one rests on is asked about', async () => {
    const ports = new Ports();
    const another = recordIdSchema.parse('another');
    const grantVersion = { grantee: { kind: 'organisation', mspId: requester, name: 'all' }, version: 1 } as const;
    const grounds = [
      { provisionIds: permit.provisionIds, grantVersions: [grantVersion] },
      { provisionIds: permit.provisionIds, grantVersions: [] },
    ];
    ports.setTicket({ ...permit, recordIds: [another, recordId], recordVersions: [7, 1], grantVersions: [grantVersion], grounds });
    ports.ownSays = { withdrawnRecordIds: [another] };
    const asked = jest.spyOn(ports.witness, 'permitsWordFor');
    await release(ports);
    expect(asked.mock.calls).toHaveLength(2);
    for (const [ticket] of asked.mock.calls)
      expect(ticket).toMatchObject({ recordIds: [recordId], recordVersions: [1], grantVersions: [] });
    expect(ports.attested).toBe(1);
  });

  it('lets no key leave when the ticket was written over, or is not there any more', async () => {
    const ports = new Ports();
    ports.ownSays = { ticket: { ...permit, recordVersions: [2] } };
    await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_UNSEEN', details: { obstacle: 'peers-differ' } });
    ports.standing = () => Promise.resolve(undefined);
    await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_UNSEEN' });
    expect(ports.attested).toBe(0);
  });

  it('lets no key leave while the own chaincode is away, whoever has endorsed the release', async () => {
    const ports = new Ports();
    ports.standing = () => Promise.reject(new Unavailable('no peer of the own organisation runs the chaincode'));
    await expect(release(ports)).rejects.toBeInstanceOf(Unavailable);
    expect([ports.recorded.length, ports.attested]).toEqual([1, 0]);
  });
});
