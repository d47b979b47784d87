import { join } from 'node:path';
import { CHANNEL_ROLES, type ChannelSection, majorityOfPeers, STANDARD_POLICIES } from '@lianyi/fabric-protocol';
import { type Consortium, orderingOf, type Organization, organizationPaths } from '@lianyi/network-model';
import { type FabricPlan, type PlannedOrderer, type PlannedPeer, type PlannedChannel } from './plan';

/** The profile's name in configtx.yaml. */
export const CHANNEL_PROFILE = 'Channel';

interface Policy {
  readonly Type: 'Signature' | 'ImplicitMeta';
  readonly Rule: string;
}
const signature = (rule: string): Policy => ({ Type: 'Signature', Rule: rule });
const implicitMeta = (rule: string): Policy => ({ Type: 'ImplicitMeta', Rule: rule });
const standardPolicies = Object.fromEntries(
  Object.entries(STANDARD_POLICIES).map(([name, [rule, subPolicy]]) => [name, implicitMeta(`${rule} ${subPolicy}`)]),
);

/**
 * SmartBFT's timers. LeaderHeartbeatTimeout bounds the gap after a leader is gone (2 s: seen 1.5 to 1.95 s); BatchTimeout
 * of the channel is not looked at, RequestBatchMaxInterval is the only batch timer.
 */
function smartBft(consortium: Consortium): object {
  const { batch } = consortium.channel;
  return {
    RequestBatchMaxCount: batch.maxMessageCount,
    RequestBatchMaxBytes: batch.absoluteMaxBytes,
    RequestBatchMaxInterval: `${batch.timeoutMillis}ms`,
    IncomingMessageBufferSize: 200,
    RequestPoolSize: 2_000,
    RequestForwardTimeout: '1s',
    RequestComplainTimeout: '3s',
    RequestAutoRemoveTimeout: '3m',
    ViewChangeResendInterval: '1s',
    ViewChangeTimeout: '5s',
    LeaderHeartbeatTimeout: '2s',
    LeaderHeartbeatCount: 10,
    CollectTimeout: '500ms',
  };
}

function certificatesOf(dataDir: string, node: PlannedOrderer): { readonly identity: string; readonly tls: string } {
  const paths = organizationPaths(dataDir, node.organization).node('orderer');
  return { identity: join(paths.msp, 'signcerts', `${node.name}-cert.pem`), tls: join(paths.tls, 'server.crt') };
}

function consensus(plan: FabricPlan, { consortium, orderers }: PlannedChannel): object {
  const endpoints = orderers.map((node) => ({
    node,
    Host: 'localhost',
    Port: node.ports.service,
    ...certificatesOf(plan.folders.dataDir, node),
  }));
  if (orderingOf(plan.consortium) === 'raft') {
    return {
      OrdererType: 'etcdraft',
      EtcdRaft: {
        Consenters: endpoints.map(({ Host, Port, tls }) => ({ Host, Port, ClientTLSCert: tls, ServerTLSCert: tls })),
        Options: { TickInterval: '100ms', ElectionTick: 10, HeartbeatTick: 1, MaxInflightBlocks: 5, SnapshotIntervalSize: '16 MB' },
      },
    };
  }
  return {
    OrdererType: 'BFT',
    SmartBFT: smartBft(consortium),
    ConsenterMapping: endpoints.map(({ node, Host, Port, identity, tls }, index) => ({
      ID: index + 1,
      Host,
      Port,
      MSPID: node.organization.mspId,
      Identity: identity,
      ClientTLSCert: tls,
      ServerTLSCert: tls,
    })),
  };
}

function organizationEntry(dataDir: string, organization: Organization, section: ChannelSection): object {
  const { mspId } = organization;
  const policies = Object.entries(CHANNEL_ROLES[section]).map(([name, roles]): [string, Policy] => {
    return [name, signature(`OR(${roles.map((role) => `'${mspId}.${role}'`).join(', ')})`)];
  });
  return { Name: mspId, ID: mspId, MSPDir: organizationPaths(dataDir, organization).msp, Policies: Object.fromEntries(policies) };
}

/** ImplicitMeta MAJORITY counts organisations without a peer too; then the majority is spelt out. */
function endorsementPolicy(consortium: Consortium): Policy {
  const members = consortium.organizations.filter(takesPart);
  const endorsers = consortium.organizations.filter((organization) => organization.roles.includes('peer'));
  const everyMemberEndorses = members.every((organization) => endorsers.includes(organization));
  return everyMemberEndorses ? implicitMeta('MAJORITY Endorsement') : signature(majorityOfPeers(endorsers.map(({ mspId }) => mspId)));
}

/** Whether an organisation is a member of the channel's Application group: it transacts, not only orders. */
function takesPart(organization: Organization): boolean {
  return organization.roles.some((role) => role !== 'orderer');
}

function applicationSection(dataDir: string, { consortium, peers }: PlannedChannel): object {
  const anchor = (node: PlannedPeer | undefined): object =>
    node === undefined ? {} : { AnchorPeers: [{ Host: 'localhost', Port: node.ports.service }] };
  const endorsement = endorsementPolicy(consortium);
  return {
    Organizations: consortium.organizations.filter(takesPart).map((organization) => ({
      ...organizationEntry(dataDir, organization, 'Application'),
      // in the genesis block, so no update transaction is needed before private data can travel
      ...anchor(peers.find((peer) => peer.organization === organization)),
    })),
    Policies: {
      ...standardPolicies,
      LifecycleEndorsement: endorsement,
      Endorsement: endorsement,
    },
    Capabilities: { V2_5: true },
  };
}

function ordererSection(plan: FabricPlan, channel: PlannedChannel): object {
  const { dataDir } = plan.folders;
  const { batch } = channel.consortium.channel;
  return {
    ...consensus(plan, channel),
    BatchTimeout: `${batch.timeoutMillis}ms`,
    BatchSize: {
      MaxMessageCount: batch.maxMessageCount,
      AbsoluteMaxBytes: batch.absoluteMaxBytes,
      PreferredMaxBytes: batch.preferredMaxBytes,
    },
    Organizations: channel.orderers.map((node) => ({
      ...organizationEntry(dataDir, node.organization, 'Orderer'),
      OrdererEndpoints: [`localhost:${node.ports.service}`],
    })),
    Policies: {
      ...standardPolicies,
      // under BFT configtxgen replaces it by a quorum of the consenters
      BlockValidation: implicitMeta('ANY BlockSigners'),
    },
    Capabilities: { V2_0: true },
  };
}

/** What configtx.yaml says of one channel, as JSON. */
export function channelDefinition(plan: FabricPlan, channel: PlannedChannel): object {
  return {
    Profiles: {
      [CHANNEL_PROFILE]: {
        Policies: standardPolicies,
        Capabilities: plan.consortium.fabricLine === '2.5' ? { V2_0: true } : { V3_0: true },
        Orderer: ordererSection(plan, channel),
        Application: applicationSection(plan.folders.dataDir, channel),
      },
    },
  };
}
