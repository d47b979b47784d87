import { parseConsortium } from '../consortium/consortium';
import { addressFindings, namesNotHere, refuseStrayNames } from './loopback-names';

describe('names of nodes', () => {
  const consortium = (addresses?: string): ReturnType<typeof parseConsortium> =>
    parseConsortium({
      name: 'one',
      channel: { name: 'emr' },
      organizations: [{ mspId: 'AMSP', name: 'a', domain: 'a.invalid', roles: ['peer', 'orderer'] }],
      ...(addresses !== undefined && { addresses }),
    });

  it('lead to this machine or do not', async () => {
    // .invalid is reserved for names that nobody has (RFC 2606)
    expect(await namesNotHere(['localhost', 'peer0.a.invalid', '127.0.0.1', '192.0.2.1'])).toEqual(['peer0.a.invalid', '192.0.2.1']);
  });

  it('are refused by name where peers would tell others addresses that lead nowhere', async () => {
    await expect(refuseStrayNames(consortium('names'))).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: expect.stringContaining('these do not: peer0.a.invalid, orderer0.a.invalid') as string,
    });
    expect(await addressFindings(consortium('names'), 'note')).toEqual([expect.objectContaining({ verdict: 'note' })]);
  });

  it.each([undefined, 'localhost'])('do not matter where localhost is told: %s', async (addresses) => {
    await expect(refuseStrayNames(consortium(addresses))).resolves.toBeUndefined();
    expect(await addressFindings(consortium(addresses), 'bad')).toEqual([]);
  });
});
