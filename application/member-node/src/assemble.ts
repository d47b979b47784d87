import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { ActingLedger, staffProofs } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { DomainError, instantOf, type Ledger, newRequest, type Sha256, sha256Schema, transactions } from '@lianyi/domain';
import { GatewayLedger, loadConnectionProfile, loadSigningIdentity, OrganisationPeers, type PeerAddress } from '@lianyi/ledger-client';
import { Admission } from './admission/admission';
import { BlockFollowers } from './block-followers';
import { type NodeIdentity, StaffGate } from './check-caller';
import { LedgerDirectory } from './directory';
import { addHealthRoutes } from './http/health-routes';
import { addMemberRoutes } from './http/member-routes';
import { addRecordRoutes } from './http/record-routes';
import { buildServer, type NodeServer } from './http/server';
import { addTransactionRoutes } from './http/transaction-routes';
import { Custody } from './keys/custody';
import { KeyService } from './keys/key-service';
import { LedgerIndex } from './ledger-index/ledger-index';
import { LedgerReader } from './ledger-reader';
import { assertSameNetwork } from './same-network';
import { type MemberAuthority, MemberCertificates } from './member-certificates';
import { MemberKeys } from './member-keys';
import { type MemberTls } from './member-tls';
import { type NodeConfig } from './node-config';
import { Deposits } from './services/deposits';
import { DocumentService } from './services/document-service';
import { MemberHealth } from './services/member-health';
import { ObjectService } from './services/object-service';
import { Preparations } from './services/preparations';
import { RecordService } from './services/record-service';
import { Replication } from './services/replication';
import { FileVault } from './vault/file-vault';
import { ReplicaClient } from './vault/replica-client';

/** What must be closed again, in the order it was opened. */
export type Cleanups = (() => Promise<void> | void)[];

/** A new network's first block must come within this time, or the node does not start. */
const GENESIS_TIMEOUT_MILLIS = 20_000;

const SWEEP_MILLIS = 3_600_000;

/** The parts of the node that speak with the network. */
interface LedgerSide {
  readonly identity: NodeIdentity;
  readonly index: LedgerIndex;
  readonly followers: BlockFollowers;
  readonly ledger: Ledger;
  readonly own: LedgerReader;
  readonly other: LedgerReader;
}

/** A node that does not listen yet. */
interface Assembled {
  readonly http: NodeServer;
  readonly genesis: Sha256;
  /** As {@link MemberNode.trust}. */
  readonly trust: (members: NodeConfig['tls']['members']) => Promise<void>;
}

/** Puts a node together from its configuration; it does not listen yet. */
export async function assemble(config: NodeConfig, log: FastifyBaseLogger, cleanups: Cleanups, signal?: AbortSignal): Promise<Assembled> {
  const side = await openLedgerSide(config, log, cleanups, signal);
  const members = new MemberCertificates(await loadAuthorities(config.tls.members));
  const tls = await loadTls(config, members);
  const http = await buildServer({
    tls: { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) },
    members,
    requestsPerMinute: config.limits.requestsPerMinute,
    connectionsPerAddress: config.limits.connectionsPerAddress,
    logger: log,
  });
  const { identity, index, followers, ledger } = side;
  const admission = new Admission(ledger, { perMinute: config.limits.strangersPerMinute });
  addTransactionRoutes(http, { identity, admission });
  await addOwnServices(http, { config, log, members, tls, side, admission, cleanups });
  addHealthRoutes(http, { identity, index, sources: [config.mspId, config.otherPeerMspId], faults: () => followers.faults });
  return {
    http,
    genesis: identity.genesis,
    trust: async (changed) => {
      members.replace(await loadAuthorities(changed));
      // a new context also forgets session tickets, so nobody comes in by an earlier handshake
      http.server.setSecureContext({ cert: tls.cert, key: tls.key, ca: [...members.caPems], minVersion: 'TLSv1.3' });
    },
  };
}

async function openLedgerSide(
  config: NodeConfig,
  log: FastifyBaseLogger,
  cleanups: Cleanups,
  signal: AbortSignal | undefined,
): Promise<LedgerSide> {
  const { own, other } = await openPeers(config);
  cleanups.push(() => {
    own.close();
    other.close();
  });
  const indexFile = join(config.dataDir, 'index.sqlite');
  const index = new LedgerIndex(indexFile, config.chaincode, config.mspId, (alarm) => {
    log.error({ ...alarm, alarm: alarm.name }, 'written about a patient without the patient’s word');
  });
  cleanups.push(() => index.close());
  const { mspId, otherPeerMspId, channel, chaincode } = config;
  await assertSameNetwork(index, indexFile, own);
  const followers = new BlockFollowers([own, other], index, log);
  cleanups.push(() => followers.stop());
  return {
    identity: { mspId, channel, chaincode, genesis: await genesisOf(index, config, signal) },
    index,
    followers,
    ledger: new GatewayLedger(own, mspId),
    own: LedgerReader.ofPeers(mspId, own, mspId),
    other: LedgerReader.ofPeers(otherPeerMspId, other, mspId),
  };
}

interface OwnServices {
  readonly config: NodeConfig;
  readonly log: FastifyBaseLogger;
  readonly members: MemberCertificates;
  readonly tls: MemberTls;
  readonly side: LedgerSide;
  readonly admission: Admission;
  readonly cleanups: Cleanups;
}

async function addOwnServices(http: NodeServer, own: OwnServices): Promise<void> {
  const { config, log, members, side, admission } = own;
  const { identity, ledger, index } = side;
  const { mspId, vaultEndpointId, limits } = config;
  const directory = new LedgerDirectory(ledger);
  const vault = await FileVault.open(join(config.dataDir, 'vault'));
  const replicas = new ReplicaClient(own.tls);
  const health = new MemberHealth();
  const receiptKey = await loadKeyFile(config.receiptKeyFile);
  const deposits = new Deposits(join(config.dataDir, 'deposits.sqlite'));
  own.cleanups.push(() => deposits.close());
  const replication = new Replication(
    { mspId, vaultEndpointId, copies: config.replicas },
    { vault, deposits, replicas, directory, health, receiptKey, log },
  );
  const { actor, custody, keyService } = await openKeyService(config, side, log);
  const preparations = new Preparations(join(config.dataDir, 'node.sqlite'));
  own.cleanups.push(() => preparations.close());

  const maxDocumentBytes = limits.documentBytes;
  const records = new RecordService({ identity, ledger, keyService: actor, custody, replication, vault, preparations, maxDocumentBytes });
  own.cleanups.push(sweepNowAndHourly(records, log));
  const memberKeys = new MemberKeys(own.tls);
  const documents = new DocumentService({
    identity,
    vaultEndpointId,
    reader: side.own,
    directory,
    vault,
    replicas,
    health,
    keyService,
    memberKeys,
    log,
  });
  const objects = new ObjectService({ vault, deposits, replication, reader: side.own, index, maxDocumentBytes });
  addRecordRoutes(http, { identity, admission, staff: new StaffGate(identity, ledger, admission), records, documents, maxDocumentBytes });
  addMemberRoutes(http, { members, directory, objects, keyService });
}

/** @returns what ends it */
function sweepNowAndHourly(records: RecordService, log: FastifyBaseLogger): () => void {
  const sweep = (): void => {
    records.sweep().catch((error: unknown) => {
      log.warn({ err: error }, 'preparations not swept');
    });
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_MILLIS).unref();
  return () => {
    clearInterval(timer);
  };
}

async function openKeyService(
  config: NodeConfig,
  side: LedgerSide,
  log: FastifyBaseLogger,
): Promise<{ actor: Ledger; custody: Custody; keyService: KeyService }> {
  const { mspId, channel, encapsulationKeyEpoch } = config;
  const privateKey = await loadKeyFile(config.keyServiceKeyFile);
  const signer = { network: side.identity, mspId, actorTag: config.keyServiceActorTag, privateKey };
  // a staff entry with the role `keyService`, whose key only this node has
  const actor = new ActingLedger(side.ledger, staffProofs(signer));
  const custody = new Custody({ mspId, channel, organisationKeyEpoch: encapsulationKeyEpoch }, await loadKeyFile(config.kemKeyFile));
  const keyService = new KeyService(
    { mspId, channel },
    {
      witness: side.index,
      views: [side.own, side.other],
      recordVersion: (pseudonym, recordId, version) => side.own.recordVersion(pseudonym, recordId, version),
      dataKey: async (record) => {
        const { pseudonym, recordId, keyEpoch } = record;
        return custody.open(await actor.evaluate(newRequest(transactions.GetEnvelope, { pseudonym, recordId, keyEpoch })), record);
      },
      recordRelease: (release) => actor.submit(newRequest(transactions.RecordKeyRelease, release)),
      now: () => instantOf(Date.now()),
      alarm: ({ ticketId, pseudonym, grantVersions }, word) => {
        log.error({ alarm: 'permit-without-command', ticketId, pseudonym, grantVersions, word }, 'no key is released');
      },
    },
  );
  return { actor, custody, keyService };
}

async function openPeers(config: NodeConfig): Promise<{ own: OrganisationPeers; other: OrganisationPeers }> {
  const peers = await loadConnectionProfile(config.connectionProfile);
  const signing = await loadSigningIdentity({ mspId: config.mspId, ...config.identity });
  if (config.mspId === config.otherPeerMspId) throw new Error('otherPeerMspId must be another member');
  assertNoPeerOfBoth(peers, config.mspId, config.otherPeerMspId);
  const of = (mspId: string): OrganisationPeers => new OrganisationPeers(mspId, peers, signing, config);
  return { own: of(config.mspId), other: of(config.otherPeerMspId) };
}

/** One address under two organisations would be one word heard twice. */
function assertNoPeerOfBoth(peers: readonly PeerAddress[], one: string, other: string): void {
  const endpointsOf = (mspId: string): readonly string[] => peers.filter((peer) => peer.mspId === mspId).map(({ endpoint }) => endpoint);
  const shared = endpointsOf(one).filter((endpoint) => endpointsOf(other).includes(endpoint));
  if (shared.length > 0) throw new Error(`the connection profile gives ${shared.join(', ')} as a peer of ${one} and of ${other}`);
}

function loadAuthorities(members: NodeConfig['tls']['members']): Promise<MemberAuthority[]> {
  return Promise.all(members.map(async ({ mspId, caFile }) => ({ mspId, caPem: await readFile(caFile, 'utf8') })));
}

async function loadTls(config: NodeConfig, members: MemberCertificates): Promise<MemberTls> {
  const [cert, key] = await Promise.all([readFile(config.tls.certFile, 'utf8'), readFile(config.tls.keyFile, 'utf8')]);
  return {
    cert,
    key,
    // asked for with every connection, since members come and go
    get ca() {
      return members.caPems;
    },
  };
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
