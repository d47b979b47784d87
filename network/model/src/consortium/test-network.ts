import { type Consortium, parseConsortium } from './consortium';

/**
 * The consortium of Fabric's own test network, by its names and ports: applications and scripts of Fabric's samples meet what they expect.
 * @param chaincodes - names of the chaincodes to define, of version 1.0
 * @remarks Source: fabric-samples test-network (configtx/configtx.yaml, compose/compose-test-net.yaml, organizations/cryptogen).
 */
export function testNetworkConsortium(chaincodes: readonly string[]): Consortium {
  return parseConsortium({
    name: 'test-network',
    channel: { name: 'mychannel' },
    organizations: [
      { mspId: 'OrdererMSP', name: 'orderer', domain: 'example.com', roles: ['orderer'], hosts: { orderer0: 'orderer' } },
      { mspId: 'Org1MSP', name: 'org1', domain: 'org1.example.com', roles: ['peer'] },
      { mspId: 'Org2MSP', name: 'org2', domain: 'org2.example.com', roles: ['peer'] },
    ],
    chaincodes: chaincodes.map((name) => ({ name, version: '1.0' })),
    ports: { 'orderer.example.com': 7050, 'peer0.org1.example.com': 7051, 'peer0.org2.example.com': 9051 },
    ordering: 'raft',
  });
}
