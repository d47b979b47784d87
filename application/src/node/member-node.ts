import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Sha256, sha256Schema } from '@lianyi/domain';
import type { FastifyBaseLogger } from 'fastify';
import { LedgerClient } from '../clients';
import { ChannelClient, loadConnectionProfile, loadSigningIdentity, openPeerSession, type PeerSession } from '../gateway';
import { LedgerIndex } from '../ledger-index';
import { BlockFollowers } from './block-followers';
import { addHealthRoutes } from './health-routes';
import { newLogger } from './log';
import { MemberCertificates } from './member-certificates';
import { type NodeConfig } from './node-config';
import { buildServer, type NodeServer } from './server';
import { addTransactionRoutes } from './transaction-routes';

/** A running member node. */
export interface MemberNode {
  readonly url: string;
  readonly port: number;
  readonly genesis: Sha256;
  /** Stops taking requests, lets those under way finish, and closes everything. */
  stop(): Promise<void>;
}

/** A new network's first block must come within this time, or the node does not start. */
const GENESIS_TIMEOUT_MILLIS = 20_000;

/** Starts the node a hospital runs: carrier, vault, key service, index. */
export async function startMemberNode(config: NodeConfig, logger?: FastifyBaseLogger): Promise<MemberNode> {
  const log = logger ?? newLogger(config.logLevel, config.mspId);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const cleanups: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    // the last thing opened is the first to close
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const server = await assemble(config, log, cleanups);
    await server.http.listen({ host: config.listen.host, port: config.listen.port });
    cleanups.push(() => server.http.close());
    const { port } = server.http.server.address() as AddressInfo; // a TCP server's address is no string
    const host = config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host;
    return { url: `https://${host}:${port}`, port, genesis: server.genesis, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(config: NodeConfig, log: FastifyBaseLogger, cleanups: (() => Promise<void> | void)[]): Promise<{ http: NodeServer; genesis: Sha256 }> {
  const { own, other } = await openSessions(config);
  cleanups.push(() => { own.close(); }, () => { other.close(); });
  const index = new LedgerIndex(join(config.dataDir, 'index.sqlite'), config.chaincode);
  cleanups.push(() => index.close());
  const followers = new BlockFollowers([own, other], config.channel, index, log);
  cleanups.push(() => followers.stop());
  const genesis = await genesisOf(index);
  const identity = { mspId: config.mspId, channel: config.channel, chaincode: config.chaincode, genesis };
  const ledger = new LedgerClient(new ChannelClient(own.gateway, config), config.mspId);
  const http = await buildServer({
    tls: { cert: await readFile(config.tls.certFile), key: await readFile(config.tls.keyFile) },
    members: await loadMembers(config),
    requestsPerMinute: config.limits.requestsPerMinute,
    logger: log,
  });
  addTransactionRoutes(http, { identity, ledger });
  addHealthRoutes(http, { identity, index, sources: [config.mspId, config.otherPeerMspId], faults: () => followers.faults });
  return { http, genesis };
}

async function openSessions(config: NodeConfig): Promise<{ own: PeerSession; other: PeerSession }> {
  const peers = await loadConnectionProfile(config.connectionProfile);
  const signing = await loadSigningIdentity({ mspId: config.mspId, ...config.identity });
  const open = (mspId: string): PeerSession => {
    const peer = peers.find((candidate) => candidate.mspId === mspId);
    if (peer === undefined) throw new Error(`the connection profile names no peer of ${mspId}`);
    return openPeerSession(peer, signing);
  };
  if (config.mspId === config.otherPeerMspId) throw new Error('otherPeerMspId must be another member');
  return { own: open(config.mspId), other: open(config.otherPeerMspId) };
}

async function loadMembers(config: NodeConfig): Promise<MemberCertificates> {
  return new MemberCertificates(await Promise.all(config.tls.members.map(async ({ mspId, caFile }) => ({ mspId, caPem: await readFile(caFile, 'utf8') }))));
}

async function genesisOf(index: LedgerIndex): Promise<Sha256> {
  const genesis = await index.waitFor(() => index.genesis(), GENESIS_TIMEOUT_MILLIS);
  if (genesis === undefined) throw new Error('no peer delivered block 0: is the network up and the connection profile right?');
  return sha256Schema.parse(genesis);
}
