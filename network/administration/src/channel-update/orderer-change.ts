import {
  common,
  type GenesisOrganization,
  marshal,
  type Message,
  msp,
  orderer,
  organizationGroup,
  outOfPrincipals,
  signaturePolicy,
  takeMspOf,
} from '@lianyi/fabric-protocol';
import { type Ordering, quorumOf } from '@lianyi/network-model';
import { type ConfigChange, edited } from './config-change';

/** Where a consenter is reached; in one channel no two have the same address. */
interface ConsenterAddress {
  readonly host: string;
  readonly port: number;
}
/** A consenter as the channel's configuration presents it; certificates in PEM. */
export interface Consenter extends ConsenterAddress {
  readonly mspId: string;
  readonly identity: Buffer;
  readonly tlsCertificate: Buffer;
}

const ADMINS = 'Admins';
const ENDPOINTS = 'Endpoints';
const { etcdraft } = orderer;

function ordererOf(channel: common.ConfigGroup): common.ConfigGroup {
  const group = channel.getGroupsMap().get('Orderer');
  if (!group) throw new Error('the channel has no Orderer section');
  return group;
}

function valueOf(group: common.ConfigGroup, name: string): Uint8Array {
  return group.getValuesMap().get(name)?.getValue_asU8() ?? new Uint8Array();
}

function setValue(group: common.ConfigGroup, name: string, content: Message): void {
  const value = group.getValuesMap().get(name) ?? new common.ConfigValue();
  if (value.getModPolicy() === '') value.setModPolicy(ADMINS);
  value.setValue(marshal(content));
  group.getValuesMap().set(name, value);
}

function consensusOf(channel: common.ConfigGroup): orderer.ConsensusType {
  return orderer.ConsensusType.deserializeBinary(valueOf(ordererOf(channel), 'ConsensusType'));
}

/** How the channel orders, as its configuration says; `undefined`: by one process, as the embedded network does. */
export function orderingOfChannel(channel: common.ConfigGroup): Ordering | undefined {
  const type = consensusOf(channel).getType();
  if (type === 'BFT') return 'bft';
  return type === 'etcdraft' ? 'raft' : undefined;
}

function bftConsenters(channel: common.ConfigGroup): readonly common.Consenter[] {
  return common.Orderers.deserializeBinary(valueOf(ordererOf(channel), 'Orderers')).getConsenterMappingList();
}

function raftMetadata(channel: common.ConfigGroup): orderer.etcdraft.ConfigMetadata {
  return etcdraft.ConfigMetadata.deserializeBinary(consensusOf(channel).getMetadata_asU8());
}

/** Addresses of all that order the channel; none where one process does. */
export function consentersOf(channel: common.ConfigGroup): readonly ConsenterAddress[] {
  const ordering = orderingOfChannel(channel);
  if (ordering === undefined) return [];
  const listed = ordering === 'bft' ? bftConsenters(channel) : raftMetadata(channel).getConsentersList();
  return listed.map((consenter) => ({ host: consenter.getHost(), port: consenter.getPort() }));
}

const isAt =
  ({ host, port }: ConsenterAddress) =>
  (consenter: { getHost(): string; getPort(): number }): boolean =>
    consenter.getHost() === host && consenter.getPort() === port;

export function isConsenter(channel: common.ConfigGroup, address: ConsenterAddress): boolean {
  return consentersOf(channel).some(({ host, port }) => host === address.host && port === address.port);
}

/**
 * Sets BFT's consenters and the policy that follows from them: each block carries the signatures of a quorum of exactly
 * these. Orderers compare it byte for byte with what they compute.
 * @remarks Source: fabric common/policies/bft.go EncodeBFTBlockVerificationPolicy, smartbft/configverifier.go
 * checkConsentersMatchPolicy.
 */
function setBftConsenters(channel: common.ConfigGroup, consenters: readonly common.Consenter[]): void {
  const group = ordererOf(channel);
  const mapping = new common.Orderers();
  mapping.setConsenterMappingList([...consenters]);
  setValue(group, 'Orderers', mapping);
  const entry = group.getPoliciesMap().get('BlockValidation');
  if (!entry) throw new Error('the channel has no policy BlockValidation');
  entry.setPolicy(signaturePolicy(quorumPolicy(consenters)));
}

function quorumPolicy(consenters: readonly common.Consenter[]): common.SignaturePolicyEnvelope {
  return outOfPrincipals(quorumOf('bft', consenters.length), consenters.map(identityPrincipal));
}

/** One certificate, not a role of an organisation. */
function identityPrincipal(consenter: common.Consenter): msp.MSPPrincipal {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(consenter.getMspId());
  identity.setIdBytes(consenter.getIdentity_asU8());
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
  principal.setPrincipal(marshal(identity));
  return principal;
}

function setRaftConsenters(channel: common.ConfigGroup, consenters: readonly orderer.etcdraft.Consenter[]): void {
  const metadata = raftMetadata(channel);
  metadata.setConsentersList([...consenters]);
  const consensus = consensusOf(channel);
  consensus.setMetadata(marshal(metadata));
  setValue(ordererOf(channel), 'ConsensusType', consensus);
}

function bftConsenter(consenter: Consenter, id: number): common.Consenter {
  const entry = new common.Consenter();
  entry.setId(id);
  entry.setHost(consenter.host);
  entry.setPort(consenter.port);
  entry.setMspId(consenter.mspId);
  entry.setIdentity(consenter.identity);
  entry.setClientTlsCert(consenter.tlsCertificate);
  entry.setServerTlsCert(consenter.tlsCertificate);
  return entry;
}

function raftConsenter(consenter: Consenter): orderer.etcdraft.Consenter {
  const entry = new etcdraft.Consenter();
  entry.setHost(consenter.host);
  entry.setPort(consenter.port);
  entry.setClientTlsCert(consenter.tlsCertificate);
  entry.setServerTlsCert(consenter.tlsCertificate);
  return entry;
}

/** Consenters are changed in place, in the copy that {@link edited} gives. */
function putConsenter(channel: common.ConfigGroup, consenter: Consenter): void {
  const isSame = isAt(consenter);
  if (orderingOfChannel(channel) === 'raft') {
    const listed = raftMetadata(channel).getConsentersList();
    const entry = raftConsenter(consenter);
    setRaftConsenters(channel, listed.some(isSame) ? listed.map((other) => (isSame(other) ? entry : other)) : [...listed, entry]);
    return;
  }
  const listed = bftConsenters(channel);
  const known = listed.find(isSame);
  const entry = bftConsenter(consenter, known?.getId() ?? Math.max(0, ...listed.map((other) => other.getId())) + 1);
  setBftConsenters(channel, known ? listed.map((other) => (other === known ? entry : other)) : [...listed, entry]);
}

/**
 * Adds a consenter, or replaces the certificates of one. One at a time: Raft refuses more
 * (etcdraft/membership.go ComputeMembershipChanges), and BFT would lose its quorum by two that have not caught up.
 */
export const withConsenter =
  (consenter: Consenter): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      putConsenter(copy, consenter);
    });

/** Removes a consenter. */
export const withoutConsenter =
  (address: ConsenterAddress): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      const isOther = (consenter: { getHost(): string; getPort(): number }): boolean => !isAt(address)(consenter);
      if (orderingOfChannel(copy) === 'raft') setRaftConsenters(copy, raftMetadata(copy).getConsentersList().filter(isOther));
      else setBftConsenters(copy, bftConsenters(copy).filter(isOther));
    });

export function isOrdererOrganization(channel: common.ConfigGroup, mspId: string): boolean {
  return ordererOf(channel).getGroupsMap().get(mspId) !== undefined;
}

/** Adds an organisation to those that run the ordering service; without endpoints, where the channel allows it. */
export const withOrdererOrganization =
  (presented: GenesisOrganization, endpoints: readonly string[]): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      const group = organizationGroup(presented, 'Orderer');
      takeMspOf(copy, presented.mspId, group);
      ordererOf(copy).getGroupsMap().set(presented.mspId, group);
      setEndpoints(copy, presented.mspId, endpoints);
    });

/** Removes an organisation from those that run the ordering service. */
export const withoutOrdererOrganization =
  (mspId: string): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      ordererOf(copy).getGroupsMap().del(mspId);
    });

/** Sets the addresses under which peers and clients look for an organisation's orderers. Only its own administrators may. */
export const withEndpoints =
  (mspId: string, endpoints: readonly string[]): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      setEndpoints(copy, mspId, endpoints);
    });

function setEndpoints(channel: common.ConfigGroup, mspId: string, endpoints: readonly string[]): void {
  const group = ordererOf(channel).getGroupsMap().get(mspId);
  if (!group) return;
  if (endpoints.length === 0) {
    group.getValuesMap().del(ENDPOINTS);
    return;
  }
  const addresses = new common.OrdererAddresses();
  addresses.setAddressesList([...endpoints]);
  setValue(group, ENDPOINTS, addresses);
}

/** An organisation's addresses in the channel; none, if it has none or the channel does not know it. */
export function ordererEndpointsOf(channel: common.ConfigGroup, mspId: string): readonly string[] {
  const group = ordererOf(channel).getGroupsMap().get(mspId);
  return group ? common.OrdererAddresses.deserializeBinary(valueOf(group, ENDPOINTS)).getAddressesList() : [];
}

/** Whether every organisation of the ordering service must name an endpoint (common/channelconfig/orderer.go, capability V3_0). */
export function needsEndpoints(channel: common.ConfigGroup): boolean {
  return common.Capabilities.deserializeBinary(valueOf(channel, 'Capabilities')).getCapabilitiesMap().has('V3_0');
}
