import { type ConformanceCase, observedCase } from '../conformance-case';
import { A, B, C, type ConformanceNetwork } from '../conformance-network';
import { type Craftsman } from '../craft';
import { Draft } from '../recording/draft';
import { codeOf } from './spoilt';

type Signers = (network: ConformanceNetwork) => readonly Craftsman[];

/** A write whose endorsements are of anybody the test likes, instead of the peers that executed it. */
async function signedBy(network: ConformanceNetwork, key: string, signers: Signers): Promise<unknown> {
  const draft = new Draft(await network.as(A).endorse('put', [key, '2']));
  draft.accomplices = signers(network);
  return codeOf(network, draft, network.as(A).craftsman);
}

const ofChaincode = (id: string, title: string, signers: Signers): ConformanceCase =>
  observedCase(id, title, (network) => signedBy(network, network.key(), signers));

const ofKey = (id: string, title: string, role: string, signers: Signers): ConformanceCase =>
  observedCase(id, title, async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, '1']);
    await network.as(A).submit('setEP', [key, C, role]);
    return signedBy(network, key, signers);
  });

export const endorserCases: readonly ConformanceCase[] = [
  ofChaincode('26a', "an administrator's signature is no peer's", (network) => [network.peerOf(A), network.as(B, 'Admin').craftsman]),
  ofChaincode('26b', "a client's signature is no peer's", (network) => [network.peerOf(A), network.as(B).craftsman]),
  ofKey('26c', "a policy of members takes a client's signature", 'MEMBER', (network) => [network.as(C).craftsman]),
  ofKey('26d', "a policy of peers takes no client's signature", 'PEER', (network) => [network.as(C).craftsman]),
  ofKey('26e', "a policy of peers takes the peer's", 'PEER', (network) => [network.peerOf(C)]),
  ofKey('26f', "a policy of members takes an administrator's signature", 'MEMBER', (network) => [network.as(C, 'Admin').craftsman]),
  ofKey('26g', "a policy of members takes the peer's", 'MEMBER', (network) => [network.peerOf(C)]),
  ofKey('26h', "another organisation's peers do not stand for a key's own", 'MEMBER', (network) => [network.peerOf(A), network.peerOf(B)]),
  ofChaincode('XX', 'two peers the client did not ask', (network) => [network.peerOf(B), network.peerOf(C)]),
  ofChaincode('XX2', 'the peers of all organisations', (network) => [network.peerOf(A), network.peerOf(B), network.peerOf(C)]),
  ofChaincode('XX3', 'one peer and a client of the same organisation', (network) => [network.peerOf(A), network.as(A).craftsman]),
];
