import { KeyService } from './key-service';
import { genesis, own, Ports, recordId, requester, ticketId } from './key-service-world.fixture';

/** The key of a record is fetched while others are asked for the ticket, and stays sealed until the permit is founded. */
describe('a kept key that is fetched early', () => {
  const release = (ports: Ports): Promise<unknown> =>
    new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, requester);

  it('opens no key of a permit that nobody’s word stands behind, though it has fetched it', async () => {
    const ports = new Ports();
    const fetched = jest.spyOn(ports, 'envelope');
    ports.word = { kind: 'unproven' };
    await expect(release(ports)).rejects.toMatchObject({ code: 'CONSENT_UNPROVEN' });
    expect([fetched.mock.calls.length, ports.opened.length, ports.recorded.length]).toEqual([1, 0, 0]);
  });

  it('tells what is wrong with the permit before what is wrong with the kept key', async () => {
    const ports = new Ports();
    ports.envelope = () => Promise.reject(new Error('the envelope is gone'));
    ports.word = { kind: 'late' };
    await expect(release(ports)).rejects.toMatchObject({ code: 'CONSENT_LATE' });
    ports.word = { kind: 'given' };
    await expect(release(ports)).rejects.toThrow('the envelope is gone');
    expect(ports.recorded).toEqual([]);
  });
});
