import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { DomainError, type Ledger, type Sha256, sha256Schema } from '@lianyi/domain';
import { GatewayLedger, OrganisationPeers, type PeerAddress, signingIdentity } from '@lianyi/ledger-client';
import { BlockFollowers } from './block-followers';
import { type CertificatePair, CertificateFiles } from './certificate-files';
import { type NodeIdentity } from './check-caller';
import { ConnectionProfileFile } from './connection-profile-file';
import { LedgerIndex } from './ledger-index/ledger-index';
import { LedgerReader } from './ledger-reader';
import { type NodeConfig } from './node-config';
import { assertPeersOfNetwork, assertSameNetwork } from './same-network';

/** What must be closed again, in the order it was opened. */
export type Cleanups = (() => Promise<void> | void)[];

/** A new network's first block must come within this time, or the node does not start. */
const GENESIS_TIMEOUT_MILLIS = 20_000;

/** The parts of the node that speak with the network. */
export interface LedgerSide {
  readonly identity: NodeIdentity;
  readonly index: LedgerIndex;
  readonly followers: BlockFollowers;
  /** Those whose word the node acts on: the own organisation's and the other's. */
  readonly peers: readonly OrganisationPeers[];
  /** The carrier's, of the channel. */
  readonly certificate: CertificateFiles;
  readonly profile: ConnectionProfileFile;
  readonly ledger: Ledger;
  readonly own: LedgerReader;
  readonly other: LedgerReader;
}

/** Connects to the peers and follows their blocks, once it is known which network this is. */
export async function openLedgerSide(
  config: NodeConfig,
  log: FastifyBaseLogger,
  cleanups: Cleanups,
  signal: AbortSignal | undefined,
): Promise<LedgerSide> {
  const { certificate, profile, own, other, of } = await connectPeers(config, log, cleanups);
  const indexFile = join(config.dataDir, 'index.sqlite');
  const index = new LedgerIndex(indexFile, config.chaincode, config.mspId, (alarm) => {
    log.error({ ...alarm, alarm: alarm.name }, 'written about a patient without the patient’s word');
  });
  cleanups.push(() => index.close());
  const { mspId, otherPeerMspId, channel, chaincode } = config;
  await assertSameNetwork(index, indexFile, own);
  const followers = new BlockFollowers([own, other], index, log);
  cleanups.push(() => followers.stop());
  const genesis = await genesisOf(index, config, signal);
  cleanups.push(
    profile.follow(async (addresses) => {
      await assertPeersOfNetwork(genesis, of(mspId, addresses));
      for (const peers of [own, other]) peers.move(addresses);
    }),
  );
  return {
    identity: { mspId, channel, chaincode, genesis },
    index,
    followers,
    peers: [own, other],
    certificate,
    profile,
    ledger: new GatewayLedger(own, mspId),
    own: LedgerReader.ofPeers(mspId, own, mspId),
    other: LedgerReader.ofPeers(otherPeerMspId, other, mspId),
  };
}

interface Connected {
  readonly certificate: CertificateFiles;
  readonly profile: ConnectionProfileFile;
  readonly own: OrganisationPeers;
  readonly other: OrganisationPeers;
  /** An organisation's peers by other addresses, with the certificate of now. */
  readonly of: (mspId: string, addresses: readonly PeerAddress[]) => OrganisationPeers;
}

/** The peers whose word the node acts on; they follow the certificate's files. */
async function connectPeers(config: NodeConfig, log: FastifyBaseLogger, cleanups: Cleanups): Promise<Connected> {
  const certificate = await CertificateFiles.open({ what: 'the channel', ...config.identity }, log);
  const profile = await ConnectionProfileFile.open(config.connectionProfile, config, log);
  const of = (mspId: string, addresses: readonly PeerAddress[]): OrganisationPeers =>
    peersOf(config, mspId, addresses, certificate.current);
  const [own, other] = [of(config.mspId, profile.current), of(config.otherPeerMspId, profile.current)];
  cleanups.push(() => {
    own.close();
    other.close();
  });
  cleanups.push(
    certificate.follow(({ cert, key }) => {
      const signing = signingIdentity(config.mspId, cert, key);
      for (const peers of [own, other]) peers.renew(signing);
    }),
  );
  return { certificate, profile, own, other, of };
}

function peersOf(config: NodeConfig, mspId: string, peers: readonly PeerAddress[], { cert, key }: CertificatePair): OrganisationPeers {
  return new OrganisationPeers(mspId, peers, signingIdentity(config.mspId, cert, key), config);
}

/** The own peer's block 0; nobody else's word says which network this is. */
async function genesisOf(index: LedgerIndex, config: NodeConfig, signal: AbortSignal | undefined): Promise<Sha256> {
  const look = (): ReturnType<LedgerIndex['genesis']> => {
    signal?.throwIfAborted();
    return index.genesis();
  };
  const found = await index.waitFor(look, GENESIS_TIMEOUT_MILLIS);
  if (found === undefined) throw new Error('the own peer delivered no block 0: is the network up and the connection profile right?');
  if (config.genesis !== undefined && config.genesis !== found)
    throw new DomainError('GENESIS_MISMATCH', 'the own peer’s block 0 is not the one that node.json names', { present: found });
  return sha256Schema.parse(found);
}
