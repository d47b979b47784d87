import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueTls, loadCertificateAuthority } from '@lianyi/fabric-protocol';
import { type ChaincodeSource, nodeName, type Organization, type OrganizationPaths } from '@lianyi/network-model';
import { type StateDir } from './state-dir';
import { type TlsPair } from './chaincode/connection';
import { ChaincodeRuntime } from './chaincode/runtime';

interface ChaincodePlace {
  readonly stateDir: StateDir;
  readonly organization: Organization;
  readonly paths: OrganizationPaths;
  /** DNS name of the service; also the name of its folder and log. */
  readonly name: string;
  readonly source: ChaincodeSource;
  readonly port: number;
  /** Position of the organisation: picks time zone and locale. */
  readonly index: number;
  readonly executeTimeoutMillis: number;
}

/**
 * Every organisation's process lives in another place of the world, so chaincode whose result depends on it is found
 * at once: its endorsements do not match. Turkish because of its dotless i.
 */
const places: readonly { readonly zone: string; readonly locale: string }[] = [
  { zone: 'Asia/Shanghai', locale: 'zh_CN.UTF-8' },
  { zone: 'America/New_York', locale: 'tr_TR.UTF-8' },
  { zone: 'UTC', locale: 'C' },
];

/** Prepares certificates and environment of one organisation's chaincode process. */
export async function prepareChaincode(place: ChaincodePlace): Promise<ChaincodeRuntime> {
  const { stateDir, organization, name, source, port, executeTimeoutMillis } = place;
  const { packageId } = source.chaincodePackage;
  const tlsDir = stateDir.serviceDir(name);
  await writeServerTls(tlsDir, place);
  return new ChaincodeRuntime({
    command: source.command,
    dir: source.folder,
    port,
    packageId,
    executeTimeoutMillis,
    peer: (peerIndex) => ({
      name: nodeName(organization, 'peer', peerIndex),
      tls: isPlain(source) ? undefined : readPeerTls(place, peerIndex),
    }),
    mspId: organization.mspId,
    environment: environmentOf(place, tlsDir),
    logFile: stateDir.logFile(name),
    log: (line) => {
      stateDir.log(line);
    },
  });
}

/** Some samples of Fabric serve without TLS where they are in no container; here that stays on loopback. */
function isPlain({ command }: ChaincodeSource): boolean {
  return command.kind === 'script' && command.isPlain;
}

function readPeerTls({ paths }: ChaincodePlace, peerIndex: number): TlsPair {
  const { tls } = paths.node('peer', peerIndex);
  const read = (file: string): string => readFileSync(join(tls, file), 'utf8');
  return { rootPem: read('ca.crt'), keyPem: read('server.key'), certificatePem: read('server.crt') };
}

async function writeServerTls(tlsDir: string, { organization, paths, name }: ChaincodePlace): Promise<void> {
  const certificatePem = readFileSync(join(paths.tlsCa, `tlsca.${organization.domain}-cert.pem`), 'utf8');
  const authority = join(tlsDir, 'client-ca.crt');
  // an organisation whose joining failed has another CA when it comes again
  const isOfThisCa = existsSync(authority) && readFileSync(authority, 'utf8') === certificatePem;
  if (isOfThisCa && existsSync(join(tlsDir, 'server.key'))) return;
  const ca = await loadCertificateAuthority({ certificatePem, privateKeyPem: readFileSync(join(paths.tlsCa, 'priv_sk'), 'utf8') });
  const pair = await issueTls(ca, { commonName: name, organization: organization.domain, hosts: [name] });
  writeFileSync(authority, certificatePem, { mode: 0o644 });
  writeFileSync(join(tlsDir, 'server.crt'), pair.certificatePem, { mode: 0o644 });
  writeFileSync(join(tlsDir, 'server.key'), pair.privateKeyPem, { mode: 0o600 });
}

/** The whole environment of the process; secrets are files, never values. */
function environmentOf({ organization, source, port, index }: ChaincodePlace, tlsDir: string): Record<string, string> {
  const { packageId } = source.chaincodePackage;
  const { zone, locale } = places[index % places.length] ?? { zone: 'UTC', locale: 'C' };
  const address = `127.0.0.1:${port}`;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    TZ: zone,
    LANG: locale,
    LC_ALL: locale,
    CORE_CHAINCODE_ID: packageId,
    CORE_CHAINCODE_ID_NAME: packageId,
    CHAINCODE_ID: packageId,
    CORE_CHAINCODE_ADDRESS: address,
    CHAINCODE_SERVER_ADDRESS: address,
    CORE_CHAINCODE_NAME: source.settings.name,
    CORE_CHAINCODE_LOGGING_LEVEL: process.env['CORE_CHAINCODE_LOGGING_LEVEL'] ?? 'warn',
    CORE_PEER_LOCALMSPID: organization.mspId,
    ...(isPlain(source) ? { CORE_PEER_TLS_ENABLED: 'false' } : tlsEnvironment(tlsDir)),
  };
}

function tlsEnvironment(tlsDir: string): Record<string, string> {
  return {
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_CHAINCODE_TLS_CERT_FILE: join(tlsDir, 'server.crt'),
    CORE_CHAINCODE_TLS_KEY_FILE: join(tlsDir, 'server.key'),
    CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: join(tlsDir, 'client-ca.crt'),
  };
}
