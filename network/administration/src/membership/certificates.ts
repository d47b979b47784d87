import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { parseRevocationList } from '@lianyi/fabric-protocol';
import {
  LISTENER_CERTIFICATE,
  nodesFolder,
  noteIssued,
  OperatorError,
  type OrganizationAuthority,
  type OrganizationPaths,
  readKeyOf,
  readRevocationLists,
  servicesFolder,
} from '@lianyi/network-model';

/** One certificate below a data directory. */
export interface CertificateEntry {
  /** DNS domain of its organisation. */
  readonly domain: string;
  /** Who holds it: a node, a user, a chaincode service, the organisation's CA, or the server of that. */
  readonly holder: string;
  readonly use: 'authority' | 'identity' | 'tls';
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly serialNumber: string;
  /** `partly-revoked`: its CA or a channel calls it revoked, but not every channel; `certs revoke` completes that. */
  readonly state: 'valid' | 'expiring' | 'expired' | 'revoked' | 'partly-revoked';
  readonly file: string;
}

const DAY_MILLIS = 24 * 3_600_000;
/** Certificates that end within this time are called expiring. */
const EXPIRING_DAYS = 30;

/** Below an organisation's folder; in group 1 the holder's folder. */
const CERTIFICATE_PATHS: readonly RegExp[] = [
  /^(ca|tlsca)\/[^/]+-cert\.pem$/,
  /^(?:peers|orderers|users)\/([^/]+)\/(?:msp\/signcerts\/[^/]+\.pem|tls\/(?:server|client)\.crt)$/,
];

/** Whether a certificate was taken back, on every channel or on some only; the list that is kept counts as one more. */
function revocationOf(serialNumber: string, kept: ReadonlySet<string>, channels: readonly ReadonlySet<string>[]): Revocation | undefined {
  if (![kept, ...channels].some((serials) => serials.has(serialNumber))) return undefined;
  return channels.every((serials) => serials.has(serialNumber)) ? 'revoked' : 'partly-revoked';
}

function stateOf(daysLeft: number, revocation: Revocation | undefined): CertificateEntry['state'] {
  if (revocation !== undefined) return revocation;
  if (daysLeft < 0) return 'expired';
  return daysLeft < EXPIRING_DAYS ? 'expiring' : 'valid';
}

/** Revoked serial numbers, in lower-case hexadecimal: by DNS domain a set for each channel that knows the organisation. */
export type Revoked = ReadonlyMap<string, readonly ReadonlySet<string>[]>;

type Revocation = 'revoked' | 'partly-revoked';

interface Found {
  readonly file: string;
  readonly domain: string;
  readonly holder: string;
  readonly use: CertificateEntry['use'];
  /** Serial numbers in the lists that its organisation keeps. */
  readonly withdrawn?: ReadonlySet<string>;
}

function entryOf({ file, domain, holder, use, withdrawn = new Set() }: Found, revoked: Revoked, nowMillis: number): CertificateEntry {
  const certificate = new X509Certificate(readFileSync(file));
  const endMillis = Date.parse(certificate.validTo);
  const daysLeft = Math.floor((endMillis - nowMillis) / DAY_MILLIS);
  const serialNumber = certificate.serialNumber.toLowerCase();
  const revocation = use === 'identity' ? revocationOf(serialNumber, withdrawn, revoked.get(domain) ?? []) : undefined;
  return {
    domain,
    holder,
    use,
    notAfter: new Date(endMillis).toISOString(),
    daysLeft,
    serialNumber,
    state: stateOf(daysLeft, revocation),
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
  const lists = readRevocationLists(join(root, 'msp'));
  const withdrawn = new Set(lists.flatMap((pem) => [...parseRevocationList(pem).revokedSerialNumbers]));
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = name.split(sep).join('/');
    const holder = CERTIFICATE_PATHS.map((pattern) => pattern.exec(path)?.[1]).find((found) => found !== undefined);
    if (holder === undefined) return [];
    const isAuthority = holder === 'ca' || holder === 'tlsca';
    const use = isAuthority ? 'authority' : path.endsWith('.pem') ? 'identity' : 'tls';
    return [{ file: join(root, name), domain, holder: isAuthority ? `${holder}.${domain}` : holder, use, withdrawn }];
  });
}

/** TLS certificates of the chaincode services and of the CA servers' listeners. */
function ofServices(dataDir: string, domains: readonly string[]): readonly Found[] {
  return [nodesFolder(dataDir), servicesFolder(dataDir)]
    .flatMap(folders)
    .flatMap((folder) =>
      ['server.crt', join('data', LISTENER_CERTIFICATE)].map((name) => ({ file: join(folder, name), holder: basename(folder) })),
    )
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
  if (roots.length === 0) throw new OperatorError('NOT_RUNNING', { en: `${dataDir} holds no organisations`, zh: `${dataDir} 中没有组织` });
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

/** A CA server's own: it makes itself another one when it starts, so this is renewed by taking it away. */
export const isListener = ({ file }: CertificateEntry): boolean => basename(file) === LISTENER_CERTIFICATE;

/** Issues one certificate anew by its organisation's CA; key and file stay. */
export async function renewEntry(authority: OrganizationAuthority, entry: CertificateEntry, paths: OrganizationPaths): Promise<void> {
  const { use, file, holder } = entry;
  if (use === 'authority') throw new Error('a certificate authority is not renewed');
  if (isListener(entry)) {
    rmSync(file);
    return;
  }
  const former = readFileSync(file, 'utf8');
  const renewed = await authority.renew(use, former, () => privateKeyBeside(use, file, former));
  if (use === 'identity') for (const pem of [former, renewed]) noteIssued(paths, holder, pem);
  writeFileSync(`${file}.new`, renewed);
  renameSync(`${file}.new`, file);
}

function privateKeyBeside(use: 'identity' | 'tls', file: string, certificatePem: string): string {
  if (use === 'identity') return readKeyOf(certificatePem, join(dirname(dirname(file)), 'keystore'));
  return readFileSync(file.replace(/\.crt$/, '.key'), 'utf8');
}
