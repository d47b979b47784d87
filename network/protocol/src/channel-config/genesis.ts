import { majorityOfPeers } from '../policies/majority';
import { implicitMetaPolicy, outOf, signaturePolicy } from '../policies/policy-builder';
import { newBlock } from '../wire/block';
import { computeTxId, newNonce } from '../wire/envelope';
import { parsePolicyText } from '../wire/policy-text';
import { common, marshal, type Message, msp, orderer, peer, Timestamp } from '../wire/proto';
import { CHANNEL_ROLES, type ChannelSection, STANDARD_POLICIES } from './channel-roles';

export interface BatchConfig {
  readonly timeoutMillis: number;
  readonly maxMessageCount: number;
  readonly preferredMaxBytes: number;
  readonly absoluteMaxBytes: number;
}

const ADMINS = 'Admins';
const BLOCK_DATA_WIDTH = 0xffffffff;

/** One organisation as the first block presents it. */
export interface GenesisOrganization {
  readonly mspId: string;
  readonly caPem: string;
  readonly tlsCaPem: string;
  /** PEM of its CA's revocation lists. */
  readonly revocationLists?: readonly string[];
  readonly hasPeer: boolean;
  readonly hasOrderer: boolean;
  /** Listed under Application: its clients may propose and read. */
  readonly isApplication: boolean;
}

interface GenesisOptions {
  readonly channel: string;
  readonly organizations: readonly GenesisOrganization[];
  readonly batch: BatchConfig;
}

interface GroupContent {
  readonly groups?: Readonly<Record<string, common.ConfigGroup>>;
  readonly values?: Readonly<Record<string, Message>>;
  readonly policies: Readonly<Record<string, common.Policy>>;
}

function configGroup({ groups = {}, values = {}, policies }: GroupContent): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setModPolicy(ADMINS);
  for (const [name, child] of Object.entries(groups)) group.getGroupsMap().set(name, child);
  for (const [name, content] of Object.entries(values)) {
    const value = new common.ConfigValue();
    value.setModPolicy(ADMINS);
    value.setValue(marshal(content));
    group.getValuesMap().set(name, value);
  }
  for (const [name, policy] of Object.entries(policies)) {
    const entry = new common.ConfigPolicy();
    entry.setModPolicy(ADMINS);
    entry.setPolicy(policy);
    group.getPoliciesMap().set(name, entry);
  }
  return group;
}

/** FabricMSPConfig with NodeOUs bound to the organisation's CA (msp/configbuilder.go). */
export function mspConfig({
  mspId,
  caPem,
  tlsCaPem,
  revocationLists = [],
}: Pick<GenesisOrganization, 'mspId' | 'caPem' | 'tlsCaPem' | 'revocationLists'>): msp.MSPConfig {
  const unit = (name: string): msp.FabricOUIdentifier => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setOrganizationalUnitIdentifier(name);
    identifier.setCertificate(Buffer.from(caPem));
    return identifier;
  };
  const units = new msp.FabricNodeOUs();
  units.setEnable(true);
  units.setClientOuIdentifier(unit('client'));
  units.setPeerOuIdentifier(unit('peer'));
  units.setAdminOuIdentifier(unit('admin'));
  units.setOrdererOuIdentifier(unit('orderer'));
  const hashes = new msp.FabricCryptoConfig();
  hashes.setSignatureHashFamily('SHA2');
  hashes.setIdentityIdentifierHashFunction('SHA256');
  const config = new msp.FabricMSPConfig();
  config.setName(mspId);
  config.setRootCertsList([Buffer.from(caPem)]);
  config.setTlsRootCertsList([Buffer.from(tlsCaPem)]);
  config.setRevocationListList(revocationLists.map((pem) => Buffer.from(pem)));
  config.setFabricNodeOus(units);
  config.setCryptoConfig(hashes);
  const wrapped = new msp.MSPConfig();
  wrapped.setType(0);
  wrapped.setConfig(marshal(config));
  return wrapped;
}

/** An organisation's part of the configuration: its MSP, and who of it may do what. */
export function organizationGroup(organization: GenesisOrganization, section: ChannelSection): common.ConfigGroup {
  const policies = Object.entries(CHANNEL_ROLES[section]).map(([name, roles]) => {
    const principals = roles.map((role) => ({ mspId: organization.mspId, role }));
    return [name, signaturePolicy(outOf(1, principals))] as const;
  });
  return configGroup({ values: { MSP: mspConfig(organization) }, policies: Object.fromEntries(policies) });
}

function groupsOf(organizations: readonly GenesisOrganization[], section: ChannelSection): Record<string, common.ConfigGroup> {
  return Object.fromEntries(organizations.map((organization) => [organization.mspId, organizationGroup(organization, section)]));
}

function standardPolicies(): Record<string, common.Policy> {
  const policies = Object.entries(STANDARD_POLICIES).map(
    ([name, [rule, subPolicy]]) => [name, implicitMetaPolicy(rule, subPolicy)] as const,
  );
  return Object.fromEntries(policies);
}

/**
 * A majority of the organisations that can endorse. ImplicitMeta counts every group, also one without a peer, so it is
 * used only where all have one; else the same majority is spelt out.
 */
function endorsementPolicy(application: readonly GenesisOrganization[]): common.Policy {
  const endorsing = application.filter((organization) => organization.hasPeer);
  if (endorsing.length === application.length) return implicitMetaPolicy('MAJORITY', 'Endorsement');
  return signaturePolicy(parsePolicyText(majorityOfPeers(endorsing.map(({ mspId }) => mspId))));
}

function capabilities(...names: readonly string[]): common.Capabilities {
  const message = new common.Capabilities();
  for (const name of names) message.getCapabilitiesMap().set(name, new common.Capability());
  return message;
}

function applicationGroup(organizations: readonly GenesisOrganization[]): common.ConfigGroup {
  const application = organizations.filter((organization) => organization.isApplication);
  return configGroup({
    groups: groupsOf(application, 'Application'),
    values: { Capabilities: capabilities('V2_5'), ACLs: new peer.ACLs() },
    policies: {
      ...standardPolicies(),
      LifecycleEndorsement: endorsementPolicy(application),
      Endorsement: endorsementPolicy(application),
    },
  });
}

function ordererGroup({ organizations, batch }: GenesisOptions): common.ConfigGroup {
  const consensus = new orderer.ConsensusType();
  consensus.setType('embedded'); // neither Raft nor BFT: one process orders
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(batch.maxMessageCount);
  size.setPreferredMaxBytes(batch.preferredMaxBytes);
  size.setAbsoluteMaxBytes(batch.absoluteMaxBytes);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(`${String(batch.timeoutMillis)}ms`);
  return configGroup({
    groups: groupsOf(
      organizations.filter((organization) => organization.hasOrderer),
      'Orderer',
    ),
    values: { ConsensusType: consensus, BatchSize: size, BatchTimeout: timeout, Capabilities: capabilities('V2_0') },
    policies: { ...standardPolicies(), BlockValidation: implicitMetaPolicy('ANY', 'BlockSigners') },
  });
}

function channelGroup(options: GenesisOptions): common.ConfigGroup {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(BLOCK_DATA_WIDTH);
  return configGroup({
    groups: { Application: applicationGroup(options.organizations), Orderer: ordererGroup(options) },
    values: { HashingAlgorithm: hashing, BlockDataHashingStructure: structure, Capabilities: capabilities('V3_0') },
    policies: standardPolicies(),
  });
}

/** Block 0 of a channel: one unsigned CONFIG envelope, as configtxgen makes it (internal/configtxgen/genesisconfig). */
export function buildGenesisBlock(options: GenesisOptions, nowMillis = Date.now()): Buffer {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(options));
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(config);
  const nonce = newNonce();
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date(nowMillis)));
  channelHeader.setChannelId(options.channel);
  channelHeader.setTxId(computeTxId(nonce, Buffer.alloc(0)));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(configEnvelope));
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  return marshal(newBlock(0, Buffer.alloc(0), [marshal(envelope)]));
}
