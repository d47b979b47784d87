import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discovery, marshal, peer } from '@lianyi/fabric-protocol';
import { organizationPaths, type PeerEndpoint } from '@lianyi/network-model';
import { type PeerClient } from './peer-client';
import { LOOPBACK, loopbackAddress, nodeTls } from './node-connection';

function endorsersQuery(channelId: string, chaincode: string): discovery.Query {
  const call = new peer.ChaincodeCall();
  call.setName(chaincode);
  const interest = new peer.ChaincodeInterest();
  interest.setChaincodesList([call]);
  const chaincodeQuery = new discovery.ChaincodeQuery();
  chaincodeQuery.setInterestsList([interest]);
  const query = new discovery.Query();
  query.setChannel(channelId);
  query.setCcQuery(chaincodeQuery);
  return query;
}

/**
 * How many peers this peer would now plan endorsements with. A network is not ready when its nodes are: peers learn of each
 * other, and of what each has installed, by gossip.
 */
export async function endorsersKnownTo(client: PeerClient, dataDir: string, channelId: string, chaincode: string): Promise<number> {
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(client.signer.serializedIdentity);
  const request = new discovery.Request();
  request.setAuthentication(authentication);
  request.setQueriesList([endorsersQuery(channelId, chaincode)]);
  const payload = marshal(request);
  const signed = new discovery.SignedRequest();
  signed.setPayload(payload);
  signed.setSignature(client.signer.sign(payload));
  const response = await discover(client.node, dataDir, signed);
  const [result] = response?.getResultsList() ?? [];
  const [descriptor] = result?.getCcQueryRes()?.getContentList() ?? [];
  const groups = descriptor?.getEndorsersByGroupsMap();
  const endpoints = (groups?.toArray() ?? []).map(([group]) => groups?.get(group)?.getPeersList().length ?? 0);
  return endpoints.reduce((total, count) => total + count, 0);
}

async function discover(node: PeerEndpoint, dataDir: string, signed: discovery.SignedRequest): Promise<discovery.Response | undefined> {
  const { tls } = organizationPaths(dataDir, node.organization).node('peer', node.index);
  const client = new discovery.DiscoveryClient(loopbackAddress(node.port), nodeTls(readFileSync(join(tls, 'ca.crt'))), LOOPBACK);
  try {
    return await new Promise((resolve) => {
      client.discover(signed, { deadline: Date.now() + 5_000 }, (_error, response) => {
        resolve(response);
      });
    });
  } finally {
    client.close();
  }
}
