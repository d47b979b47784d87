import { type Envelope, pseudonymSchema, type RecordVersion, recordIdSchema } from '@lianyi/domain';
import { KeyService } from './key-service';
import { genesis, own, Ports, record, recordId, requester, ticketId } from './key-service-world.fixture';

/** The key of a record comes sealed with the own peer's ticket, and stays sealed until the permit is founded. */
describe('a kept key that comes with the ticket', () => {
  const release = (ports: Ports): Promise<unknown> =>
    new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, requester);

  it('is opened for no permit that nobody’s word stands behind', async () => {
    const ports = new Ports();
    const fetched = jest.spyOn(ports, 'ticketWithKey');
    ports.word = { kind: 'unproven' };
    await expect(release(ports)).rejects.toMatchObject({ code: 'CONSENT_UNPROVEN' });
    expect([fetched.mock.calls.length, ports.opened.length, ports.recorded.length]).toEqual([1, 0, 0]);
  });

  it('is told to be missing after what is wrong with the permit', async () => {
    const ports = new Ports();
    ports.kept = undefined;
    ports.word = { kind: 'late' };
    await expect(release(ports)).rejects.toMatchObject({ code: 'CONSENT_LATE' });
    ports.word = { kind: 'given' };
    await expect(release(ports)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { recordId } });
    expect([ports.opened.length, ports.recorded.length]).toEqual([0, 0]);
  });

  it('is opened as the record version that came with it', async () => {
    const ports = new Ports();
    const opened = jest.spyOn(ports, 'openEnvelope');
    await release(ports);
    expect(opened.mock.calls).toEqual([[{ recordId }, record]]);
  });

  it.each<readonly [string, Partial<RecordVersion>]>([
    ['a later version than the ticket names', { version: 2 }],
    ['another record', { recordId: recordIdSchema.parse('record-2') }],
    ['another patient’s', { pseudonym: pseudonymSchema.parse('pseudonym-2') }],
  ])('is not opened where what came is %s', async (_what, other) => {
    const ports = new Ports();
    ports.kept = { record: { ...record, ...other }, envelope: {} as Envelope };
    await expect(release(ports)).rejects.toMatchObject({ code: 'TICKET_UNSEEN', details: { obstacle: 'peers-differ' } });
    expect([ports.opened.length, ports.recorded.length]).toEqual([0, 0]);
  });
});
