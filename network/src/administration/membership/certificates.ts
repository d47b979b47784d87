import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { renewCertificate, loadCertificateAuthority } from '../../crypto/ca';
import { OperatorError } from '../../machine/operator-error';
import { nodesFolder } from '../../organizations/layout';

/** One certificate below a data directory. */
export interface CertificateEntry {
  /** DNS domain of its organisation. */
  readonly domain: string;
  /** Who holds it: a node, a user, a chaincode service, or the organisation's CA. */
  readonly holder: string;
  readonly use: 'authority' | 'identity' | 'tls';
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly serialNumber: string;
  readonly state: 'valid' | 'expiring' | 'expired' | 'revoked';
  readonly file: string;
}

const DAY_MILLIS = 24 * 3_600_000;
/** Certificates that end within this time are called expiring. */
export const EXPIRING_DAYS = 30;

/** Below an organisation's folder; in group 1 the holder's folder. */
const CERTIFICATE_PATHS: readonly RegExp[] = [
  /^(ca|tlsca)\/[^/]+-cert\.pem$/,
  /^(?:peers|orderers|users)\/([^/]+)\/(?:msp\/signcerts\/[^/]+\.pem|tls\/(?:server|client)\.crt)$/,
];

function stateOf(daysLeft: number, isRevoked: boolean): CertificateEntry['state'] {
  if (isRevoked) return 'revoked';
  if (daysLeft < 0) return 'expired';
  return daysLeft < EXPIRING_DAYS ? 'expiring' : 'valid';
}

/** Revoked serial numbers by DNS domain, in lower-case hexadecimal. */
export type Revoked = ReadonlyMap<string, ReadonlySet<string>>;

interface Found {
  readonly file: string;
  readonly domain: string;
  readonly holder: string;
  readonly use: CertificateEntry['use'];
}

function entryOf({ file, domain, holder, use }: Found, revoked: Revoked, nowMillis: number): CertificateEntry {
  const certificate = new X509Certificate(readFileSync(file));
  const endMillis = Date.parse(certificate.validTo);
  const daysLeft = Math.floor((endMillis - nowMillis) / DAY_MILLIS);
  const serialNumber = certificate.serialNumber.toLowerCase();
  const isRevoked = use === 'identity' && revoked.get(domain)?.has(serialNumber) === true;
  return {
    domain,
    holder,
    use,
    notAfter: new Date(endMillis).toISOString(),
    daysLeft,
    serialNumber,
    state: stateOf(daysLeft, isRevoked),
    file,
  };
}

function folders(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name));
}

function ofOrganization(root: string): readonly Found[] {
  const domain = basename(root);
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = name.split(sep).join('/');
    const holder = CERTIFICATE_PATHS.map((pattern) => pattern.exec(path)?.[1]).find((found) => found !== undefined);
    if (holder === undefined) return [];
    const isAuthority = holder === 'ca' || holder === 'tlsca';
    const use = isAuthority ? 'authority' : path.endsWith('.pem') ? 'identity' : 'tls';
    return [{ file: join(root, name), domain, holder: isAuthority ? `${holder}.${domain}` : holder, use }];
  });
}

/** TLS certificates of the chaincode services. */
function ofServices(dataDir: string, domains: readonly string[]): readonly Found[] {
  const services = folders(nodesFolder(dataDir)).map((folder) => ({ file: join(folder, 'server.crt'), holder: basename(folder) }));
  return services
    .filter(({ file }) => existsSync(file))
    .map(({ file, holder }) => ({
      file,
      holder,
      domain: domains.find((domain) => holder.endsWith(`.${domain}`)) ?? '',
      use: 'tls' as const,
    }));
}

/** All certificates of all organisations below a data directory; those that end first come first. */
export function listCertificates(dataDir: string, revoked: Revoked = new Map(), nowMillis = Date.now()): readonly CertificateEntry[] {
  const roots = ['peerOrganizations', 'ordererOrganizations'].flatMap((kind) => folders(join(dataDir, 'organizations', kind)));
  if (roots.length === 0) throw new OperatorError('NOT_RUNNING', `${dataDir} holds no organisations`);
  const found = [
    ...roots.flatMap(ofOrganization),
    ...ofServices(
      dataDir,
      roots.map((root) => basename(root)),
    ),
  ];
  const entries = found.map((entry) => entryOf(entry, revoked, nowMillis));
  return entries.sort((a, b) => a.notAfter.localeCompare(b.notAfter) || a.file.localeCompare(b.file));
}

/** Issues one certificate anew by its organisation's CA; key and file stay. */
export async function renewEntry(organizationRoot: string, entry: CertificateEntry): Promise<void> {
  const folder = entry.use === 'identity' ? 'ca' : 'tlsca';
  const certificateFile = join(organizationRoot, folder, `${folder}.${entry.domain}-cert.pem`);
  const keyFile = join(organizationRoot, folder, 'priv_sk');
  if (!existsSync(keyFile))
    throw new OperatorError(
      'CERTIFICATE_REFUSED',
      `the key of ${folder}.${entry.domain} is not here, so it cannot issue; ask whoever keeps it`,
    );
  const authority = await loadCertificateAuthority({
    certificatePem: readFileSync(certificateFile, 'utf8'),
    privateKeyPem: readFileSync(keyFile, 'utf8'),
  });
  const renewed = await renewCertificate(authority, readFileSync(entry.file, 'utf8'));
  writeFileSync(`${entry.file}.new`, renewed);
  renameSync(`${entry.file}.new`, entry.file);
}
