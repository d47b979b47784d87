import { KeyService } from './key-service';
import { pseudonymSchema } from '@lianyi/domain';
import { genesis, own, permittedOn, Ports, record, recordId, requester, ticketId } from './key-service-world.fixture';

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

  it.each<readonly [string, string, number, number]>([
    ['is the present version’s where the ticket names that', record.pseudonym, 1, 0],
    ['is that of the version which the ticket names, where there is a later one now', record.pseudonym, 2, 1],
    ['is that of the ticket’s patient, whomever the block’s event names', 'pseudonym-2', 1, 1],
  ])('%s', async (_what, pseudonym, present, asked) => {
    const ports = new Ports();
    ports.decisions = ports.decisions.map((each) => ({ ...each, pseudonym: pseudonymSchema.parse(pseudonym) }));
    ports.record = () => Promise.resolve({ ...record, pseudonym: pseudonymSchema.parse(pseudonym), version: present });
    const versions = jest.spyOn(ports, 'recordVersion');
    const opened = jest.spyOn(ports, 'openEnvelope');
    await release(ports);
    expect(versions.mock.calls).toHaveLength(asked);
    expect(opened.mock.calls).toEqual([[expect.anything(), record]]);
  });

  it('is that of the version which the ticket names, where the record as it is now cannot be read', async () => {
    const ports = new Ports();
    ports.decisions = [permittedOn(own), ...ports.decisions.slice(1)].map((each) => ({ ...each, pseudonym: record.pseudonym }));
    ports.record = () => Promise.reject(new Error('no answer'));
    await release(ports);
    expect([ports.opened.length, ports.attested]).toEqual([1, 1]);
  });
});
