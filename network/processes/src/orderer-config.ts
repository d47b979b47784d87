import { join } from 'node:path';
import { organizationPaths } from '@lianyi/network-model';
import { type PlannedOrderer } from './plan';
import { type FabricLine } from './tools';

/**
 * `simple` fetches blocks without a vote of several orderers, which a BFT orderer that fell behind needs to come back.
 * Raft knows no such key, and an orderer refuses keys it does not know.
 */
const REPLICATION: Readonly<Record<FabricLine, object>> = { '3.1': { ReplicationPolicy: 'simple' }, '2.5': {} };

/** TLS of one listener: the node's own pair, clients proven by the organisation's TLS CA. */
function serverTls(tlsDir: string): { readonly Enabled: true; readonly Certificate: string; readonly PrivateKey: string } {
  return { Enabled: true, Certificate: join(tlsDir, 'server.crt'), PrivateKey: join(tlsDir, 'server.key') };
}

/** What orderer.yaml of this node says. JSON is YAML, so it is written as JSON. Keys are Fabric's (sampleconfig/orderer.yaml). */
export function ordererConfig(dataDir: string, node: PlannedOrderer, line: FabricLine): object {
  const { msp, tls } = organizationPaths(dataDir, node.organization).node('orderer');
  const ownRoot = join(tls, 'ca.crt');
  return {
    General: {
      ListenAddress: '127.0.0.1',
      ListenPort: node.ports.service,
      TLS: { ...serverTls(tls), RootCAs: [ownRoot], ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: '60s', ServerInterval: '7200s', ServerTimeout: '20s' },
      // the cluster shares the client port
      Cluster: {
        ClientCertificate: join(tls, 'server.crt'),
        ClientPrivateKey: join(tls, 'server.key'),
        SendBufferSize: 100,
        ...REPLICATION[line],
      },
      BootstrapMethod: 'none',
      LocalMSPDir: msp,
      LocalMSPID: node.organization.mspId,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      Authentication: { TimeWindow: '15m' },
    },
    FileLedger: { Location: join(node.data, 'ledger') },
    Consensus: { WALDir: join(node.data, 'wal'), SnapDir: join(node.data, 'snapshot') },
    // only who has the orderer's own TLS pair joins it to channels or takes them away: Go trusts a listed certificate itself
    // (crypto/x509 Verify), and it signs no other. The TLS CA would let in every user of the organisation with a TLS pair
    Admin: {
      ListenAddress: `127.0.0.1:${node.ports.admin}`,
      TLS: { ...serverTls(tls), RootCAs: [ownRoot], ClientAuthRequired: true, ClientRootCAs: [join(tls, 'server.crt')] },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
    // /healthz answers anybody, /metrics and /logspec only a client certificate (fabric-lib-go operations)
    Operations: {
      ListenAddress: `127.0.0.1:${node.ports.operations}`,
      TLS: { ...serverTls(tls), ClientAuthRequired: false, ClientRootCAs: [ownRoot] },
    },
    Metrics: { Provider: 'prometheus' },
  };
}
