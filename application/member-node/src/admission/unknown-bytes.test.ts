import { newPrivateKey } from '@lianyi/client';
import { address, AdmissionWorld, commandBy, staffProofBy } from './admission.fixture';
import { UnknownBytes } from './unknown-bytes';

const LARGE = 100 * 1024;

describe('the bytes of those who have not shown a key', () => {
  const drained = (): UnknownBytes => {
    const bytes = new UnknownBytes(() => 0);
    for (let count = 0; count < 8; count += 1) bytes.charge(address, LARGE);
    return bytes;
  };

  it('are charged to their address: what is large is read from there no more, and what is small is', () => {
    const bytes = drained();
    expect(() => {
      bytes.charge(address, LARGE);
    }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    expect(() => {
      bytes.charge(address, 4_096);
    }).not.toThrow();
    expect(() => {
      bytes.charge('192.0.2.2', LARGE);
    }).not.toThrow();
  });

  it('are charged nothing once somebody known has come from there', () => {
    const bytes = drained();
    bytes.known(address);
    for (let count = 0; count < 100; count += 1) bytes.charge(address, LARGE);
  });

  it('are charged again ten minutes later', () => {
    let time = 0;
    const bytes = new UnknownBytes(() => time);
    bytes.known(address);
    time = 600_000;
    expect(() => {
      for (let count = 0; count < 9; count += 1) bytes.charge(address, LARGE);
    }).toThrow('too many requests');
  });

  it('are free for an address once the ledger knows a key that came from it, and for no refused one', async () => {
    const world = new AdmissionWorld();
    const sendLarge = (): void => {
      for (let count = 0; count < 9; count += 1) world.admission.assertMayRead(address, LARGE);
    };
    await expect(world.carry(commandBy(newPrivateKey()))).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(sendLarge).toThrow('too many requests');
    await world.carry(staffProofBy(world.staffKey));
    expect(sendLarge).not.toThrow();
  });
});
