import { join } from 'node:path';
import { organizationPaths } from '@lianyi/network-model';
import { CONNECTIONS_VARIABLE } from './external-builder';
import { type PlannedPeer } from './plan';
import { type FabricLine } from './tools';

/** What all peers of a network have in common. */
interface PeerSettings {
  /** Folder of the external builder. */
  readonly builder: string;
  readonly line: FabricLine;
  /** How long one transaction may run in the chaincode. */
  readonly executeTimeoutMillis: number;
}

/** What differs from peer to peer beside its place. */
interface PeerOptions extends PeerSettings {
  /** Addresses of peers of the own organisation to ask who else is there. */
  readonly bootstrap: readonly string[];
  /** Where others are told to reach it; absent: localhost. */
  readonly host?: string;
}

/** Values seen to matter on real networks; the reason stands beside each. */
const GOSSIP_TIMERS = {
  // with the defaults (25 s, 4 s) a fresh network cannot endorse for 20 s: peers that met before they had joined the
  // channel refuse each other and try again only after reconnectInterval
  reconnectInterval: '500ms',
  publishStateInfoInterval: '1s',
  requestStateInfoInterval: '1s',
};
const DELIVERY_CLIENT = {
  blockGossipEnabled: false,
  reconnectTotalTimeThreshold: '3600s',
  connTimeout: '3s',
  reConnectBackoffThreshold: '5s',
  minimalReconnectInterval: '100ms',
  // a peer that draws its blocks from an orderer that froze looks for another after this time; the default is 30 s
  blockCensorshipTimeoutKey: '3s',
  policy: 'cluster',
};
const MESSAGE_LIMITS = { maxRecvMsgSize: 104_857_600, maxSendMsgSize: 104_857_600 };
const KEEPALIVE = {
  interval: '7200s',
  timeout: '20s',
  minInterval: '60s',
  client: { interval: '60s', timeout: '20s' },
  deliveryClient: { interval: '60s', timeout: '20s' },
};
/** Accepted by Fabric before 3.0 are only the filters it knows. */
const AUTH_FILTERS: Readonly<Record<FabricLine, readonly string[]>> = {
  '3.1': ['DefaultAuth', 'ExpirationCheck', 'TimeWindowCheck'],
  '2.5': ['DefaultAuth', 'ExpirationCheck'],
};

function handlers(line: FabricLine): object {
  return {
    authFilters: AUTH_FILTERS[line].map((name) => ({ name })),
    decorators: [{ name: 'DefaultDecorator' }],
    endorsers: { escc: { name: 'DefaultEndorsement' } },
    validators: { vscc: { name: 'DefaultValidation' } },
  };
}

function peerSection(dataDir: string, node: PlannedPeer, { line, bootstrap, host = 'localhost' }: PeerOptions): object {
  const { msp, tls } = organizationPaths(dataDir, node.organization).node('peer', node.index);
  const address = `localhost:${node.ports.service}`;
  return {
    id: node.name,
    networkId: 'lianyi',
    listenAddress: `127.0.0.1:${node.ports.service}`,
    chaincodeListenAddress: `127.0.0.1:${node.ports.chaincode}`,
    chaincodeAddress: `127.0.0.1:${node.ports.chaincode}`,
    address,
    addressAutoDetect: false,
    gateway: { enabled: true, endorsementTimeout: '30s', broadcastTimeout: '30s', dialTimeout: '2m' },
    keepalive: KEEPALIVE,
    gossip: gossipSection(`${host}:${node.ports.service}`, bootstrap),
    tls: {
      enabled: true,
      clientAuthRequired: false,
      cert: { file: join(tls, 'server.crt') },
      key: { file: join(tls, 'server.key') },
      rootcert: { file: join(tls, 'ca.crt') },
      clientRootCAs: { files: [join(tls, 'ca.crt')] },
    },
    authentication: { timewindow: '15m' },
    fileSystemPath: node.data,
    BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
    mspConfigPath: msp,
    localMspId: node.organization.mspId,
    client: { connTimeout: '3s' },
    deliveryclient: DELIVERY_CLIENT,
    localMspType: 'bccsp',
    handlers: handlers(line),
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75 },
    limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    ...MESSAGE_LIMITS,
  };
}

function gossipSection(address: string, bootstrap: readonly string[]): object {
  return {
    bootstrap,
    useLeaderElection: false,
    orgLeader: true,
    endpoint: '',
    externalEndpoint: address,
    membershipTrackerInterval: '5s',
    ...GOSSIP_TIMERS,
    aliveTimeInterval: '5s',
    aliveExpirationTimeout: '25s',
    // a dial that began before the channel had brought the other organisations' TLS roots fails only when this is over
    dialTimeout: '500ms',
    connTimeout: '2s',
    pvtData: {
      // how long a block waits for private data that the peer lacks; the default is 60 s, and what comes later is reconciled
      pullRetryThreshold: '2s',
      transientstoreMaxBlockRetention: 20_000,
      pushAckTimeout: '3s',
      btlPullMargin: 10,
      reconcileBatchSize: 10,
      reconcileSleepInterval: '10s',
      reconciliationEnabled: true,
      skipPullingInvalidTransactionsDuringCommit: true,
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
    state: { enabled: false, checkInterval: '10s', responseTimeout: '3s', batchSize: 10, blockBufferSize: 20, maxRetries: 3 },
  };
}

function chaincodeSection({ builder, executeTimeoutMillis }: PeerSettings): object {
  return {
    externalBuilders: [{ name: 'lianyi', path: builder, propagateEnvironment: [CONNECTIONS_VARIABLE] }],
    installTimeout: '60s',
    startuptimeout: '60s',
    executetimeout: `${executeTimeoutMillis}ms`,
    mode: 'net',
    // off: fabric-shim 2.5.8 does without
    keepalive: 0,
    system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
    logging: { level: 'WARNING', shim: 'WARNING' },
    // without them a chaincode's batch reads and writes are refused and become one message per key
    runtimeParams: { useWriteBatch: true, maxSizeWriteBatch: 1000, useGetMultipleKeys: true, maxSizeGetMultipleKeys: 1000 },
  };
}

/** What core.yaml of this node says, as JSON. Keys are Fabric's (sampleconfig/core.yaml). */
export function peerConfig(dataDir: string, node: PlannedPeer, settings: PeerOptions): object {
  const { tls } = organizationPaths(dataDir, node.organization).node('peer', node.index);
  return {
    peer: peerSection(dataDir, node, settings),
    // no Docker: without an endpoint and with an external builder the peer does not look for it
    vm: { endpoint: '' },
    chaincode: chaincodeSection(settings),
    ledger: {
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: true },
      // a purged key disappears with the next block, not with one of the next hundred
      pvtdataStore: {
        collElgProcMaxDbBatchSize: 5000,
        collElgProcDbBatchesInterval: 1000,
        deprioritizedDataReconcilerInterval: '60m',
        purgeInterval: 1,
        purgedKeyAuditLogging: true,
      },
      snapshots: { rootDir: join(node.data, 'snapshots') },
    },
    operations: {
      listenAddress: `127.0.0.1:${node.ports.operations}`,
      tls: {
        enabled: true,
        cert: { file: join(tls, 'server.crt') },
        key: { file: join(tls, 'server.key') },
        clientAuthRequired: false,
        clientRootCAs: { files: [join(tls, 'ca.crt')] },
      },
    },
    metrics: { provider: 'prometheus' },
  };
}
