import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { ActingLedger, publicKeyOf, signText, staffProofs } from '@lianyi/client';
import { loadCertificateFile, loadKeyFile } from '@lianyi/client/node';
import { canonicalJson, instantOf, type Ledger, newRequest, type Sha256, transactions } from '@lianyi/domain';
import { addListing } from './add-listing';
import { addMatching } from './add-matching';
import { Admission } from './admission/admission';
import { type CertificatePair, CertificateFiles } from './certificate-files';
import { ReaderGate, StaffGate } from './check-caller';
import { LedgerDirectory } from './directory';
import { everyNowAndThen } from './every-now-and-then';
import { addCorrectionRoutes } from './http/correction-routes';
import { addEventRoutes } from './http/event-routes';
import { addHealthRoutes } from './http/health-routes';
import { addIdentifierRoutes } from './http/identifier-routes';
import { addMemberRoutes } from './http/member-routes';
import { addPointerRoutes } from './http/pointer-routes';
import { addRecognitionRoutes } from './http/recognition-routes';
import { addRecordRoutes } from './http/record-routes';
import { addRecoveryRoutes } from './http/recovery-routes';
import { buildServer, type NodeServer, secureContext } from './http/server';
import { addTransactionRoutes } from './http/transaction-routes';
import { Custody } from './keys/custody';
import { KeyService } from './keys/key-service';
import { witnessWarnings } from './keys/witnesses';
import { unlessUnknown } from './ledger-reader';
import { type Cleanups, type LedgerSide, openLedgerSide } from './ledger-side';
import { type MemberAuthority, MemberCertificates } from './member-certificates';
import { MemberKeys } from './member-keys';
import { type MemberTls } from './member-tls';
import { type NodeConfig } from './node-config';
import { PeerWatch } from './peer-watch';
import { type AgreedTemplate, AgreedTemplates } from './queries/agreed-templates';
import { MemberQueries } from './queries/member-queries';
import { openQueries } from './queries/open-queries';
import { PointerService } from './queries/pointer-service';
import { DepositedObjects } from './services/deposited-objects';
import { Deposits } from './services/deposits';
import { DocumentChecker } from '@lianyi/documents/document-checker';
import { DocumentService } from './services/document-service';
import { EventFeed } from './services/event-feed';
import { IdentifierNames } from './services/identifier-names';
import { MemberHealth } from './services/member-health';
import { assertOwnName } from './own-staff-ledger';
import { ObjectService } from './services/object-service';
import { StandingTickets } from './services/standing-tickets';
import { PreparationSeal } from './services/preparation-seal';
import { PurgingLedger } from './services/purging-ledger';
import { Preparations } from './services/preparations';
import { RecordService } from './services/record-service';
import { ReleaseWitness } from './services/release-witness';
import { Replication } from './services/replication';
import { FileVault } from './vault/file-vault';
import { ReplicaClient } from './vault/replica-client';

/** How often the node looks whether what it keeps for publishing is over: anchored without its hearing of it, or never published. */
const SWEEP_MILLIS = 600_000;

/** A node that does not listen yet. */
interface Assembled {
  readonly http: NodeServer;
  readonly genesis: Sha256;
  /** As {@link MemberNode.trust}. */
  readonly trust: (members: NodeConfig['tls']['members']) => Promise<void>;
  /** As {@link MemberNode.agree}. */
  readonly agree: (templates: readonly AgreedTemplate[]) => void;
}

/** Puts a node together from its configuration; it does not listen yet. */
export async function assemble(config: NodeConfig, log: FastifyBaseLogger, cleanups: Cleanups, signal?: AbortSignal): Promise<Assembled> {
  const side = await openLedgerSide(config, log, cleanups, signal);
  const members = new MemberCertificates(await loadAuthorities(config.tls.members));
  const certificate = await CertificateFiles.open({ what: 'TLS', ...config.tls }, log);
  const tls = memberTls(certificate, members);
  const { identity, index, ledger, heights } = side;
  const directory = new LedgerDirectory(ledger);
  const preparations = new Preparations(join(config.dataDir, 'node.sqlite'), new PreparationSeal(await loadKeyFile(config.kemKeyFile)));
  cleanups.push(() => preparations.close());
  const { strangersPerMinute, heldAnswers } = config.limits;
  const admission = new Admission(new PurgingLedger(ledger, preparations), { perMinute: strangersPerMinute }, Date.now, heldAnswers);
  const http = await openServer(config, log, { tls, members, directory, admission });
  addTransactionRoutes(http, { identity, admission, heights, news: index });
  const agreed = new AgreedTemplates(config.queries?.templates ?? []);
  await addOwnServices(http, { config, log, members, tls, side, directory, admission, preparations, agreed, cleanups });
  const watch = await PeerWatch.start(side.peers, index);
  cleanups.push(() => watch.stop());
  addHealth(http, { config, side, members, watch, certificates: [certificate, side.certificate] });
  // a new context also forgets session tickets, so nobody comes in by an earlier handshake
  const handshakeAnew = (pair: CertificatePair): void => {
    http.server.setSecureContext(secureContext(pair, members));
  };
  cleanups.push(certificate.follow(handshakeAnew));
  return {
    http,
    genesis: identity.genesis,
    trust: async (changed) => {
      members.replace(await loadAuthorities(changed));
      handshakeAnew(certificate.current);
    },
    agree: (templates) => {
      agreed.replace(templates);
    },
  };
}

function openServer(
  { limits }: NodeConfig,
  logger: FastifyBaseLogger,
  { tls, members, directory, admission }: Pick<OwnServices, 'tls' | 'members' | 'directory' | 'admission'>,
): Promise<NodeServer> {
  return buildServer({
    tls,
    members,
    requestsPerMinute: limits.requestsPerMinute,
    wasRegistered: ({ mspId, tlsSha256 }) => directory.wasRegistered(mspId, tlsSha256),
    assertMayRead: (ip, bytes) => {
      admission.assertMayRead(ip, bytes);
    },
    connections: { perAddress: limits.connectionsPerAddress },
    logger,
  });
}

interface Watched {
  readonly config: NodeConfig;
  readonly side: LedgerSide;
  readonly members: MemberCertificates;
  readonly watch: PeerWatch;
  readonly certificates: readonly CertificateFiles[];
}

function addHealth(http: NodeServer, { config, side, members, watch, certificates }: Watched): void {
  const { identity, index, followers, profile } = side;
  const { mspId, otherPeerMspIds } = config;
  addHealthRoutes(http, {
    identity,
    index,
    faults: () => [...followers.faults, ...watch.faults, ...certificates.flatMap(({ fault }) => fault ?? [])],
    warnings: () => [
      ...followers.warnings,
      ...[...certificates, profile].flatMap(({ warning }) => warning ?? []),
      ...witnessWarnings({ mspId, others: otherPeerMspIds, members: members.mspIds }),
    ],
  });
}

interface OwnServices {
  readonly config: NodeConfig;
  readonly log: FastifyBaseLogger;
  readonly members: MemberCertificates;
  readonly tls: MemberTls;
  readonly side: LedgerSide;
  readonly directory: LedgerDirectory;
  readonly admission: Admission;
  readonly preparations: Preparations;
  readonly agreed: AgreedTemplates;
  readonly cleanups: Cleanups;
}

async function addOwnServices(http: NodeServer, own: OwnServices): Promise<void> {
  const { config, log, members, side, directory, admission, preparations } = own;
  const { identity, ledger, index, own: reader, deviceWitness: devices } = side;
  const { mspId, vaultEndpointId } = config;
  const maxDocumentBytes = config.limits.documentBytes;
  const vault = await FileVault.open(join(config.dataDir, 'vault'));
  const [replicas, health] = [new ReplicaClient(own.tls), new MemberHealth()];
  const deposits = new Deposits(join(config.dataDir, 'deposits.sqlite'));
  own.cleanups.push(() => deposits.close());
  const deposited = new DepositedObjects({ network: identity, vault, deposits });
  const replication = new Replication(
    { mspId, vaultEndpointId, copies: config.replicas, patienceMillis: config.vaultPatienceMillis },
    { vault, deposits, replicas, directory, health, receiptKey: await loadKeyFile(config.receiptKeyFile), log },
  );
  const { actor, custody, keyService } = await openKeyService(config, side, log, members);
  const checker = new DocumentChecker({ maxBytes: maxDocumentBytes });
  const parts = { custody, replication, vault, preparations, devices, documents: checker };
  const records = new RecordService({ identity, ledger, keyService: actor, ...parts });
  own.cleanups.push(everyNowAndThen(SWEEP_MILLIS, log, 'preparations', () => records.sweep()));
  const standing = new StandingTickets({ reader, index });
  const memberKeys = new MemberKeys(own.tls);
  const documents = new DocumentService({
    ...{ identity, vaultEndpointId, vaultPatienceMillis: config.vaultPatienceMillis, reader, devices },
    ...{ directory, vault, deposited, standing, replicas, health, keyService, log, memberKeys },
  });
  const objects = new ObjectService({ vault, deposits, deposited, replication, reader, standing, maxDocumentBytes });
  const witness = new ReleaseWitness({ identity, reader, devices, admission, waitFor: index.waitFor.bind(index) });
  const staff = new StaffGate(identity, ledger, admission, side.staffWitness);
  const readers = new ReaderGate(identity, staff, reader, admission);
  addIdentifierRoutes(http, { staff, names: await IdentifierNames.open(mspId, join(config.dataDir, 'identifiers.pem')) });
  addRecordRoutes(http, { admission, staff, readers, records, documents, witness, maxDocumentBytes });
  addMemberRoutes(http, { members, directory, objects, keyService });
  addRecoveryRoutes(http, { index });
  addCorrectionRoutes(http, { identity, admission, actor });
  addRecognitionRoutes(http, { identity, admission, actor, directory, reader, others: memberKeys });
  addEventRoutes(http, { staff, feed: new EventFeed(index) });
  await addMatching(http, { ...own, actor, staff });
  addPointers(http, own, { staff, readers, actor, keyService });
  await addListing(http, { ...own, staff });
}

interface ForPointers {
  readonly staff: StaffGate;
  readonly readers: ReaderGate;
  readonly actor: Ledger;
  readonly keyService: KeyService;
}

function addPointers(
  http: NodeServer,
  { config, members, side, directory, tls, agreed, cleanups }: OwnServices,
  { staff, readers, actor, keyService }: ForPointers,
): void {
  const pointers = new PointerService({
    ...{ identity: side.identity, reader: side.own, keyServiceLedger: actor, keyService, directory, others: new MemberQueries(tls) },
    agreed,
    ...openQueries(config.queries, cleanups),
  });
  addPointerRoutes(http, { members, directory, staff, readers, pointers });
}

async function openKeyService(
  config: NodeConfig,
  side: LedgerSide,
  log: FastifyBaseLogger,
  members: MemberCertificates,
): Promise<{ actor: Ledger; custody: Custody; keyService: KeyService }> {
  const { mspId, channel, encapsulationKeyEpoch } = config;
  const privateKey = await loadKeyFile(config.keyServiceKeyFile);
  const signer = { network: side.identity, mspId, actorTag: config.keyServiceActorTag, privateKey };
  // a staff entry with the role `keyService`, whose key only this node has
  const actor = new ActingLedger(side.ledger, staffProofs(signer));
  const custody = new Custody(
    { mspId, network: side.identity, organisationKeyEpoch: encapsulationKeyEpoch },
    await loadKeyFile(config.kemKeyFile),
  );
  const keyService = new KeyService(
    { mspId, channel, genesis: side.identity.genesis },
    {
      witness: side.index,
      views: [side.own, ...side.others],
      members: () => members.mspIds,
      ticketWithKey: (request) => unlessUnknown(actor.evaluate(newRequest(transactions.GetKeptKey, request))),
      openEnvelope: (envelope, record) => custody.open(envelope, record),
      attest: (statement) => ({ statement, publicKey: publicKeyOf(privateKey), signature: signText(privateKey, canonicalJson(statement)) }),
      standing: async (ticketId) => {
        // others who bear the own name could answer for the own peers
        await assertOwnName(side.index);
        return side.own.ticketStanding(ticketId);
      },
      recordRelease: (release) => actor.submit(newRequest(transactions.RecordKeyRelease, release)),
      now: () => instantOf(Date.now()),
      alarm: ({ ticketId, pseudonym, grantVersions }, word) => {
        log.error({ alarm: 'permit-without-word', ticketId, pseudonym, grantVersions, word }, 'no key is released');
      },
    },
  );
  return { actor, custody, keyService };
}

function loadAuthorities(members: NodeConfig['tls']['members']): Promise<MemberAuthority[]> {
  return Promise.all(
    members.map(async ({ mspId, caFile }) => ({ mspId, caPem: await loadCertificateFile(caFile, `tls.members (${mspId})`) })),
  );
}

/** Asked for with every connection: members come and go, and the certificate is renewed. */
function memberTls(certificate: CertificateFiles, members: MemberCertificates): MemberTls {
  return {
    get cert() {
      return certificate.current.cert;
    },
    get key() {
      return certificate.current.key;
    },
    get ca() {
      return members.caPems;
    },
  };
}
