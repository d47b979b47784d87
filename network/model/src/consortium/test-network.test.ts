import { nodesOf, organizationPaths } from '../organizations/layout';
import { testNetworkConsortium } from './test-network';

describe("the consortium of Fabric's test network", () => {
  it('has the names, ports and folders that its samples expect', () => {
    const { organizations, channel, chaincodes, ports } = testNetworkConsortium(['basic', 'private']);
    expect(organizations.flatMap(nodesOf).map(({ name }) => name)).toEqual([
      'orderer.example.com',
      'peer0.org1.example.com',
      'peer0.org2.example.com',
    ]);
    expect(ports).toMatchObject({ 'peer0.org1.example.com': 7051, 'peer0.org2.example.com': 9051, 'orderer.example.com': 7050 });
    expect([channel.name, ...chaincodes.map(({ name, version }) => `${name} ${version}`)]).toEqual([
      'mychannel',
      'basic 1.0',
      'private 1.0',
    ]);
    const folders = organizations.map((organization) => organizationPaths('/dir', organization).user('User1').msp);
    expect(folders).toContain('/dir/organizations/peerOrganizations/org1.example.com/users/User1@org1.example.com/msp');
  });
});
