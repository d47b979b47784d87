import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash } from '@hyperledger/fabric-gateway';
import { BlockClient } from './block-client';
import { type PeerAddress } from './connection-profile';
import { type SigningIdentity } from './identity-files';
import { proxyOptions } from './proxy-choice';

/** How long each step may take. Fabric answers an over-long error never at all, so no call goes without a deadline. */
export interface GatewayDeadlines {
  readonly evaluateMillis: number;
  readonly endorseMillis: number;
  readonly submitMillis: number;
  readonly commitStatusMillis: number;
}

const DEFAULT_DEADLINES: GatewayDeadlines = {
  evaluateMillis: 10_000,
  endorseMillis: 20_000,
  submitMillis: 10_000,
  commitStatusMillis: 30_000,
};

/**
 * How often an idle connection is probed and how long the answer may take, in milliseconds, so that a connection that a firewall
 * has dropped without a word does not stay open for hours. A peer closes the connection of a client that probes more often than its
 * `peer.keepalive.minInterval`, a minute unless configured.
 * @remarks Source: Fabric sampleconfig/core.yaml peer.keepalive.
 */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 60_000, 'grpc.keepalive_timeout_ms': 10_000, 'grpc.keepalive_permit_without_calls': 1 };

/** A gateway session with one peer. Close it to release the connection. */
export interface PeerSession {
  readonly peer: PeerAddress;
  readonly gateway: Gateway;
  close(): void;
}

/** TLS whose verification is asked for, because an environment variable of Node's may change what is left unsaid. */
function verified(authorities: Buffer): ChannelCredentials {
  return credentials.createSsl(authorities, null, null, { rejectUnauthorized: true });
}

/** Opens a TLS connection to `peer` and a gateway session in which every request is signed by `signing`. Lazy: no I/O yet. */
export function openPeerSession(peer: PeerAddress, signing: SigningIdentity, deadlines = DEFAULT_DEADLINES): PeerSession {
  const client = new BlockClient(peer.endpoint, verified(Buffer.from(peer.tlsCaPem)), {
    ...(peer.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': peer.serverName }),
    ...KEEPALIVE,
    ...proxyOptions(peer.endpoint),
    // a session that is opened anew has a connection of its own, not the silent one of the session before
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': 100 * 1024 * 1024, // a peer may send blocks of up to its own limit of 100 MB
  });
  const within = (millis: number) => () => ({ deadline: Date.now() + millis });
  const gateway = connect({
    client,
    identity: signing.identity,
    signer: signing.signer,
    hash: hash.none,
    evaluateOptions: within(deadlines.evaluateMillis),
    endorseOptions: within(deadlines.endorseMillis),
    submitOptions: within(deadlines.submitMillis),
    commitStatusOptions: within(deadlines.commitStatusMillis),
  });
  return {
    peer,
    gateway,
    close: () => {
      gateway.close();
      client.close();
    },
  };
}
