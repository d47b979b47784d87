import type { FastifyBaseLogger } from 'fastify';
import { DomainError, type Ledger, mspIdSchema, type Sha256, sha256Schema } from '@lianyi/domain';
import { GatewayLedger, OrganisationPeers, type PeerAddress, signingIdentity } from '@lianyi/ledger-client';
import { BlockFollowers } from './block-followers';
import { type CertificatePair, CertificateFiles } from './certificate-files';
import { type NodeIdentity } from './check-caller';
import { ConnectionProfileFile } from './connection-profile-file';
import { DeviceWitness } from './device-witness';
import { type IndexAlarm } from './ledger-index/alarms';
import { LedgerIndex } from './ledger-index/ledger-index';
import { LedgerReader } from './ledger-reader';
import { indexFileOf } from './node-digest';
import { type NodeConfig } from './node-config';
import { OwnDeviceLedger } from './own-device-ledger';
import { OwnStaffLedger } from './own-staff-ledger';
import { PeerHeights } from './peer-heights';
import { StaffWitness } from './staff-witness';
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
  /** Those whose word the node acts on: the own organisation's and others'. */
  readonly peers: readonly OrganisationPeers[];
  /** The carrier's, of the channel. */
  readonly certificate: CertificateFiles;
  readonly profile: ConnectionProfileFile;
  readonly ledger: Ledger;
  readonly staffWitness: StaffWitness;
  readonly deviceWitness: DeviceWitness;
  readonly own: LedgerReader;
  readonly others: readonly LedgerReader[];
  readonly heights: PeerHeights;
}

/** Connects to the peers and follows their blocks, once it is known which network this is. */
export async function openLedgerSide(
  config: NodeConfig,
  log: FastifyBaseLogger,
  cleanups: Cleanups,
  signal: AbortSignal | undefined,
): Promise<LedgerSide> {
  const { certificate, profile, own, others, of } = await connectPeers(config, log, cleanups);
  const indexFile = indexFileOf(config);
  const alarmed = (alarm: IndexAlarm): void => {
    log.error({ ...alarm, alarm: alarm.name }, 'written without the word of whose it is');
  };
  const index = new LedgerIndex(indexFile, config.chaincode, config.mspId, alarmed, config.agreedDefinitions);
  cleanups.push(() => index.close());
  const { mspId, channel, chaincode } = config;
  const all = [own, ...others];
  await assertSameNetwork(index, indexFile, own);
  const followers = new BlockFollowers(all, index, log);
  cleanups.push(() => followers.stop());
  const genesis = await genesisOf(index, config, signal);
  cleanups.push(
    profile.follow(async (addresses) => {
      await assertPeersOfNetwork(genesis, of(mspId, addresses));
      for (const peers of all) peers.move(addresses);
    }),
  );
  const [staffWitness, deviceWitness] = [new StaffWitness(index, own), new DeviceWitness(index, own)];
  return {
    identity: { mspId, channel, chaincode, genesis },
    index,
    followers,
    peers: all,
    certificate,
    profile,
    ledger: new OwnStaffLedger(new OwnDeviceLedger(new GatewayLedger(own, mspId), mspId, deviceWitness), staffWitness, index),
    ...{ staffWitness, deviceWitness },
    own: LedgerReader.ofPeers(mspId, own, mspId),
    heights: PeerHeights.of(own, others),
    others: others.map((peers) => LedgerReader.ofPeers(mspIdSchema.parse(peers.mspId), peers, mspId)),
  };
}

interface Connected {
  readonly certificate: CertificateFiles;
  readonly profile: ConnectionProfileFile;
  readonly own: OrganisationPeers;
  readonly others: readonly OrganisationPeers[];
  /** An organisation's peers by other addresses, with the certificate of now. */
  readonly of: (mspId: string, addresses: readonly PeerAddress[]) => OrganisationPeers;
}

/** The peers whose word the node acts on; they follow the certificate's files. */
async function connectPeers(config: NodeConfig, log: FastifyBaseLogger, cleanups: Cleanups): Promise<Connected> {
  const certificate = await CertificateFiles.open({ what: 'the channel', ...config.identity }, log);
  const profile = await ConnectionProfileFile.open(config.connectionProfile, config, log);
  const of = (mspId: string, addresses: readonly PeerAddress[]): OrganisationPeers =>
    peersOf(config, mspId, addresses, certificate.current);
  const own = of(config.mspId, profile.current);
  const others = config.otherPeerMspIds.map((other) => of(other, profile.current));
  cleanups.push(() => {
    for (const peers of [own, ...others]) peers.close();
  });
  cleanups.push(
    certificate.follow(({ cert, key }) => {
      const signing = signingIdentity(config.mspId, cert, key);
      for (const peers of [own, ...others]) peers.renew(signing);
    }),
  );
  return { certificate, profile, own, others, of };
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
