import { parseConsortium } from './consortium';

describe('a consortium definition', () => {
  const organization = { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] };
  const base = { name: 'test', channel: { name: 'emr' }, organizations: [organization] };

  it('fills in the defaults of the embedded network', () => {
    expect(parseConsortium(base)).toMatchObject({
      ports: 'auto',
      channel: { batch: { timeoutMillis: 20, absoluteMaxBytes: 10 * 1024 * 1024 } },
    });
  });

  it.each([
    ['a policy of members', { chaincodes: [{ name: 'emr', version: '1', endorsementPolicy: "OR('AMSP.member')" }] }, /never \.member/],
    [
      'a collection policy of members',
      {
        chaincodes: [
          { name: 'emr', version: '1', collections: [{ name: 'c', members: ['AMSP'], endorsementPolicy: "OR('AMSP.Member')" }] },
        ],
      },
      /never \.member/,
    ],
    [
      'a collection of strangers',
      { chaincodes: [{ name: 'emr', version: '1', collections: [{ name: 'c', members: ['XMSP'] }] }] },
      /unknown organisation XMSP/,
    ],
    ['one MSP twice', { organizations: [organization, { ...organization, name: 'b', domain: 'b.example' }] }, /mspId AMSP occurs twice/],
    [
      'one domain twice',
      { organizations: [organization, { ...organization, name: 'b', mspId: 'BMSP' }] },
      /domain a\.example occurs twice/,
    ],
    [
      'two nodes of one host name',
      { organizations: [{ ...organization, hosts: { peer0: 'main', orderer0: 'main' } }] },
      /main is another host of the domain/,
    ],
    ['the host name of another node', { organizations: [{ ...organization, hosts: { peer0: 'orderer0' } }] }, /orderer0 is another host/],
    ['the host name of the CA', { organizations: [{ ...organization, hosts: { peer0: 'ca' } }] }, /ca is another host/],
    [
      'the host name of a chaincode service',
      { organizations: [{ ...organization, hosts: { peer0: 'emr' } }], chaincodes: [{ name: 'emr', version: '1' }] },
      /emr is another host/,
    ],
    ['a host name that leaves its domain', { organizations: [{ ...organization, hosts: { peer0: 'x.elsewhere' } }] }, /hosts/],
    ['a host name of a node that is none', { organizations: [{ ...organization, hosts: { peer9: 'x' } }] }, /hosts/],
    ['addresses of another kind', { addresses: 'docker' }, /addresses/],
    ['no peer', { organizations: [{ ...organization, roles: ['orderer'] }] }, /no organisation has the role peer/],
    ['no orderer', { organizations: [{ ...organization, roles: ['peer'] }] }, /no organisation has the role orderer/],
    ['a channel in capitals', { channel: { name: 'EMR' } }, /channel\.name/],
    ['a domain that leaves its directory', { organizations: [{ ...organization, domain: '../a' }] }, /domain/],
    ['a setting nobody knows', { extra: 1 }, /extra/],
    ['a port that is none', { ports: { 'peer0.a.example': 70_000 } }, /ports/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => parseConsortium({ ...base, ...change })).toThrow(message);
  });
});
