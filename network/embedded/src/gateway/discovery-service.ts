import { type handleUnaryCall, type ServerUnaryCall, status } from '@grpc/grpc-js';
import {
  bytesOf,
  common,
  discovery,
  gossip,
  marshal,
  mspConfigOf,
  type peer,
  sha256OfBytes,
  type SignedData,
  decodeOr,
} from '@lianyi/fabric-protocol';
import { refuseAccess, writersPath } from '../peer/access';
import { type CalledChaincode } from '../peer/interest';
import { type LocalMsp } from '../peer/local-msp';
import { type FindChannel } from '../peer/system-chaincode';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { computeLayouts } from './layouts';
import { type EndorserClient } from './registry';
import { deliverConcurrency, Limit, unary } from './serve';
import { RpcError } from './rpc-errors';

/** A peer as others learn of it. */
export interface KnownPeer {
  readonly mspId: string;
  /** Marshalled msp.SerializedIdentity. */
  readonly identity: Buffer;
  readonly address: string;
  /** As an endorser of a channel; absent where it has not joined. */
  endorserOf(channelId: string): EndorserClient | undefined;
}

/** Where others are told to reach a node. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** Where the orderers that are open are reached, by MSP id. */
export type DiscoveredOrderers = () => ReadonlyMap<string, Place>;

export interface DiscoveryParts {
  readonly findChannel: FindChannel;
  readonly localMsp: LocalMsp;
  /** Those that are up. */
  readonly peers: () => readonly KnownPeer[];
  /** Where each organisation's orderer listens, by MSP id: free ports are chosen anew at every start. */
  readonly orderers: DiscoveredOrderers;
  readonly log: (line: string) => void;
}

/** discovery.Discovery: who takes part, where they listen and who may endorse together. @remarks Source: discovery/service.go. */
export function discoverHandler(parts: DiscoveryParts): handleUnaryCall<discovery.SignedRequest, discovery.Response> {
  const limit = new Limit('/discovery.Discovery', deliverConcurrency);
  return unary(limit, parts.log, (call: ServerUnaryCall<discovery.SignedRequest, discovery.Response>) =>
    Promise.resolve(answer(parts, call.request)),
  );
}

function answer(parts: DiscoveryParts, signed: discovery.SignedRequest): discovery.Response {
  const data = Buffer.from(signed.getPayload_asU8());
  const reading = decodeOr(discovery.Request, data);
  const refuse = (reason: string): never => {
    throw new RpcError(status.UNKNOWN, reason);
  };
  if ('fault' in reading) return refuse(`failed parsing request: ${reading.fault}`);
  const request = reading.message;
  const authentication = request.getAuthentication();
  if (authentication === undefined) return refuse('access denied, no authentication info in request');
  const identity = Buffer.from(authentication.getClientIdentity_asU8());
  if (identity.length === 0) return refuse("access denied, client identity wasn't supplied");
  const client = { data, identity, signature: Buffer.from(signed.getSignature_asU8()) };
  const response = new discovery.Response();
  response.setResultsList(request.getQueriesList().map((query) => answerQuery(parts, query, client)));
  return response;
}

function answerQuery(parts: DiscoveryParts, query: discovery.Query, client: SignedData): discovery.QueryResult {
  const channelId = query.getChannel();
  if (channelId === '') {
    if (parts.localMsp.refuse('Admins', client) !== undefined) return failed('access denied');
    return query.hasLocalPeers() ? members(parts.peers(), undefined) : failed('unknown or missing request type');
  }
  const channel = parts.findChannel(channelId);
  if (channel === undefined || refuseAccess(channel, writersPath, client) !== undefined) return failed('access denied');
  const { QueryCase } = discovery.Query;
  switch (query.getQueryCase()) {
    case QueryCase.CONFIG_QUERY:
      return configOf(channel, parts.orderers());
    case QueryCase.PEER_QUERY:
      return members(parts.peers(), channel);
    case QueryCase.CC_QUERY:
      return endorsersFor(channel, query.getCcQuery() ?? new discovery.ChaincodeQuery(), parts.peers());
    default:
      return failed('unknown or missing request type');
  }
}

function failed(content: string): discovery.QueryResult {
  const error = new discovery.Error();
  error.setContent(content);
  const result = new discovery.QueryResult();
  result.setError(error);
  return result;
}

/** @remarks Source: discovery/support/config/support.go. */
function configOf(channel: EmbeddedChannel, orderers: ReturnType<DiscoveredOrderers>): discovery.QueryResult {
  const config = new discovery.ConfigResult();
  const groups = common.Config.deserializeBinary(channel.configuration.bytes).getChannelGroup()?.getGroupsMap();
  for (const section of ['Application', 'Orderer']) {
    groups
      ?.get(section)
      ?.getGroupsMap()
      .forEach((group) => {
        const definition = mspConfigOf(group);
        config.getMspsMap().set(definition.getName(), definition);
        const place = section === 'Orderer' ? orderers.get(definition.getName()) : undefined;
        if (place !== undefined) config.getOrderersMap().set(definition.getName(), endpointsAt(place));
      });
  }
  const result = new discovery.QueryResult();
  result.setConfigResult(config);
  return result;
}

function endpointsAt({ host, port }: Place): discovery.Endpoints {
  const endpoint = new discovery.Endpoint();
  endpoint.setHost(host);
  endpoint.setPort(port);
  const endpoints = new discovery.Endpoints();
  endpoints.setEndpointList([endpoint]);
  return endpoints;
}

/** Without a channel: all peers, and nothing of what they have joined. */
function members(known: readonly KnownPeer[], channel: EmbeddedChannel | undefined): discovery.QueryResult {
  const shown = channel === undefined ? known : known.filter((each) => each.endorserOf(channel.name) !== undefined);
  const membership = new discovery.PeerMembershipResult();
  for (const [mspId, own] of Map.groupBy(shown, (each) => each.mspId)) membership.getPeersByOrgMap().set(mspId, peersOf(own, channel));
  const result = new discovery.QueryResult();
  result.setMembers(membership);
  return result;
}

function peersOf(known: readonly KnownPeer[], channel: EmbeddedChannel | undefined): discovery.Peers {
  const peers = new discovery.Peers();
  peers.setPeersList(known.map((each) => peerOf(each, channel)));
  return peers;
}

/** A peer in the words gossip spreads of it; nobody verifies these signatures, so there are none. */
function peerOf(known: KnownPeer, channel: EmbeddedChannel | undefined): discovery.Peer {
  const member = new gossip.Member();
  member.setEndpoint(known.address);
  member.setPkiId(sha256OfBytes(known.identity));
  const alive = new gossip.AliveMessage();
  alive.setMembership(member);
  const membership = new gossip.GossipMessage();
  membership.setAliveMsg(alive);
  const found = new discovery.Peer();
  found.setIdentity(known.identity);
  found.setMembershipInfo(enveloped(membership));
  if (channel !== undefined) found.setStateInfo(enveloped(stateOf(known, channel)));
  return found;
}

function stateOf(known: KnownPeer, { name: channelId, definitions }: EmbeddedChannel): gossip.GossipMessage {
  const endorser = known.endorserOf(channelId);
  const properties = new gossip.Properties();
  properties.setLedgerHeight(endorser?.height ?? 0);
  properties.setChaincodesList(
    definitions
      .list()
      .filter((name) => endorser?.runs(name) === true)
      .map((name) => {
        const chaincode = new gossip.Chaincode();
        chaincode.setName(name);
        chaincode.setVersion(definitions.get(name)?.version ?? '');
        return chaincode;
      }),
  );
  const info = new gossip.StateInfo();
  info.setPkiId(sha256OfBytes(known.identity));
  info.setProperties(properties);
  const state = new gossip.GossipMessage();
  state.setStateInfo(info);
  return state;
}

function enveloped(message: gossip.GossipMessage): gossip.Envelope {
  const envelope = new gossip.Envelope();
  envelope.setPayload(marshal(message));
  return envelope;
}

/** @remarks Source: discovery/service.go chaincodeQuery, discovery/endorsement/endorsement.go. */
function endorsersFor(channel: EmbeddedChannel, query: discovery.ChaincodeQuery, known: readonly KnownPeer[]): discovery.QueryResult {
  const endorsers = known.flatMap((each) => each.endorserOf(channel.name) ?? []);
  const interests = query.getInterestsList();
  if (interests.length === 0) return failed('chaincode query must have at least one chaincode interest');
  const found = new discovery.ChaincodeQueryResult();
  for (const interest of interests) {
    const calls = interest.getChaincodesList();
    if (calls.length === 0) return failed('chaincode interest must contain at least one chaincode');
    if (calls.some((call) => call.getName() === '')) return failed('chaincode name in interest cannot be empty');
    try {
      const layouts = computeLayouts(channel, calls.flatMap(callsOf), endorsers);
      found.addContent(descriptorOf(channel, calls[0]?.getName() ?? '', layouts, known));
    } catch {
      // the reason is for the peer's log, as in Fabric
      return failed(`failed constructing descriptor for ${calls.map((call) => `chaincodes:{name:"${call.getName()}"}`).join(' ')}`);
    }
  }
  const result = new discovery.QueryResult();
  result.setCcQueryRes(found);
  return result;
}

function callsOf(call: peer.ChaincodeCall): CalledChaincode[] {
  const collections = call.getCollectionNamesList();
  const named = collections.length > 0 && call.getNoPublicWrites() ? collections : ['', ...collections];
  return named.map((collection) => ({
    chaincode: call.getName(),
    collection,
    keyPolicies: collection === '' ? call.getKeyPoliciesList().map((policy) => bytesOf(policy.serializeBinary())) : [],
    disregardsNamespacePolicy: collection === '' && call.getDisregardNamespacePolicy(),
    noPrivateReads: call.getNoPrivateReads(),
  }));
}

function descriptorOf(
  channel: EmbeddedChannel,
  chaincode: string,
  layouts: readonly (readonly string[])[],
  known: readonly KnownPeer[],
): discovery.EndorsementDescriptor {
  const groups = [...new Set(layouts.flat())];
  const nameOf = (mspId: string): string => `G${groups.indexOf(mspId)}`;
  const descriptor = new discovery.EndorsementDescriptor();
  descriptor.setChaincode(chaincode);
  for (const mspId of groups) {
    const own = known.filter((each) => each.mspId === mspId && each.endorserOf(channel.name)?.runs(chaincode) === true);
    descriptor.getEndorsersByGroupsMap().set(nameOf(mspId), peersOf(own, channel));
  }
  descriptor.setLayoutsList(
    layouts.map((set) => {
      const layout = new discovery.Layout();
      for (const mspId of set) layout.getQuantitiesByGroupMap().set(nameOf(mspId), 1);
      return layout;
    }),
  );
  return descriptor;
}
