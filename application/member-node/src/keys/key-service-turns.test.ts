import { Unavailable } from '@lianyi/domain';
import { KeyService } from './key-service';
import { genesis, own, Ports, recordId, requester, ticketId, TX_RELEASE } from './key-service-world.fixture';

const serviceOf = (ports: Ports) => new KeyService({ mspId: own, channel: 'emr', genesis }, ports);

describe('a key service asked for one key many times', () => {
  it('records releases of one key one after the other, because the ledger counts them in one value', async () => {
    const ports = new Ports();
    let [running, most] = [0, 0];
    ports.outcome = async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { transactionId: TX_RELEASE };
    };
    const service = serviceOf(ports);
    const released = await Promise.all(Array.from({ length: 10 }, () => service.release({ ticketId, recordId }, requester)));
    expect(new Set(released.map(({ releaseId }) => releaseId)).size).toBe(10);
    expect(most).toBe(1);
  });

  it('lets the next release of a key go when one has failed', async () => {
    const ports = new Ports();
    const service = serviceOf(ports);
    ports.outcome = () => Promise.reject(new Unavailable('down'));
    await expect(service.release({ ticketId, recordId }, requester)).rejects.toBeInstanceOf(Unavailable);
    ports.outcome = () => Promise.resolve({ transactionId: TX_RELEASE });
    await expect(service.release({ ticketId, recordId }, requester)).resolves.toBeDefined();
  });
});
