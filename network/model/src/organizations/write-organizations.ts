import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type KeyAndCertificate } from '@lianyi/fabric-protocol';
import { type Consortium, type Organization } from '../consortium/consortium';
import { allDone } from '../machine/all-done';
import { type AuthorityOf, type IdentityHolder, type OrganizationAuthority } from './authority';
import { writeOwner } from './folder-owner';
import { inProcessAuthorities } from './in-process-authority';
import { noteIssued } from './issued-certificates';
import { ADMIN_USER, NODE_USER, nodesFolder, nodesOf, type OrganizationPaths, organizationPaths, userNames } from './layout';
import { readRevocationLists } from './revocation-lists';

/** Marks the certificate that carries requests signed by others. */
const CARRIER_ATTRIBUTES = { 'lianyi.carrier': 'true' };

/** Private keys are readable by their owner only, also when the umask would allow more. */
function write(path: string, content: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode });
}

const writePublic = (path: string, content: string): void => {
  write(path, content, 0o644);
};
const writeSecret = (path: string, content: string): void => {
  write(path, content, 0o600);
};

/** msp/config.yaml: which OU means which role (msp/configbuilder.go). */
function nodeOusYaml(caFile: string): string {
  const role = (name: string): object => ({ Certificate: `cacerts/${caFile}`, OrganizationalUnitIdentifier: name });
  return stringify({
    NodeOUs: {
      Enable: true,
      ClientOUIdentifier: role('client'),
      PeerOUIdentifier: role('peer'),
      AdminOUIdentifier: role('admin'),
      OrdererOUIdentifier: role('orderer'),
    },
  });
}

type AuthorityCertificates = Pick<OrganizationAuthority, 'caPem' | 'tlsCaPem'>;

function writeVerifyingMsp(dir: string, domain: string, { caPem, tlsCaPem }: AuthorityCertificates): void {
  const caFile = `ca.${domain}-cert.pem`;
  writePublic(join(dir, 'cacerts', caFile), caPem);
  writePublic(join(dir, 'tlscacerts', `tlsca.${domain}-cert.pem`), tlsCaPem);
  writePublic(join(dir, 'config.yaml'), nodeOusYaml(caFile));
}

/** A node or a user: who it is for the channel, and what it shows to whoever connects. */
interface Holder extends IdentityHolder {
  /** Below the organisation's folder. */
  readonly folders: (paths: OrganizationPaths) => { readonly msp: string; readonly tls: string };
  readonly hosts: readonly string[];
  /** File names of its TLS pair, without their ends. */
  readonly tlsNames: readonly ('server' | 'client')[];
  /** A node that has stored something under its first key: another key would be another node. */
  readonly isPinned: boolean;
}

function holdersOf(dir: string, organization: Organization): readonly Holder[] {
  const nodes = nodesOf(organization).map(({ kind, index, name }): Holder => ({
    commonName: name,
    role: kind,
    folders: (paths) => paths.node(kind, index),
    hosts: [name, `${kind}${index}`],
    tlsNames: ['server'],
    isPinned: existsSync(join(nodesFolder(dir), name, 'data')),
  }));
  const users = userNames(organization).map((user): Holder => {
    const isNode = user === NODE_USER;
    return {
      commonName: `${user}@${organization.domain}`,
      role: user === ADMIN_USER ? 'admin' : 'client',
      ...(isNode && { attributes: CARRIER_ATTRIBUTES }),
      folders: (paths) => paths.user(user),
      hosts: isNode ? [`node.${organization.domain}`] : [],
      // the member node serves HTTPS to its own staff and to the other members with the pair it dials with
      tlsNames: isNode ? ['client', 'server'] : ['client'],
      isPinned: false,
    };
  });
  return [...nodes, ...users];
}

/** Holders that have no certificates yet and may get them. */
function missingHolders(dir: string, organization: Organization): readonly Holder[] {
  const paths = organizationPaths(dir, organization);
  return holdersOf(dir, organization).filter(({ folders, isPinned }) => !isPinned && !existsSync(folders(paths).msp));
}

/** Whether certificates must be issued before the consortium can start, so that its authorities are needed. */
export function lacksCertificates(dir: string, organization: Organization): boolean {
  return !existsSync(organizationPaths(dir, organization).root) || missingHolders(dir, organization).length > 0;
}

/** `records`: the folders where it is noted what was issued. */
async function writeHolder(
  holder: Holder,
  { paths, records }: { readonly paths: OrganizationPaths; readonly records: OrganizationPaths },
  domain: string,
  authority: OrganizationAuthority,
): Promise<void> {
  const { commonName, role, attributes, hosts } = holder;
  const [identity, pair] = await Promise.all([
    authority.issueIdentity({ commonName, role, ...(attributes && { attributes }) }),
    authority.issueTls({ commonName, hosts }),
  ]);
  noteIssued(records, commonName, identity.certificatePem);
  const { msp, tls } = holder.folders(paths);
  writeVerifyingMsp(msp, domain, authority);
  writePublic(join(msp, 'signcerts', `${commonName}-cert.pem`), identity.certificatePem);
  writeSecret(join(msp, 'keystore', 'priv_sk'), identity.privateKeyPem);
  writePublic(join(tls, 'ca.crt'), authority.tlsCaPem);
  for (const name of holder.tlsNames) writeTlsPair(tls, name, pair);
}

function writeTlsPair(dir: string, name: string, pair: KeyAndCertificate): void {
  writePublic(join(dir, `${name}.crt`), pair.certificatePem);
  writeSecret(join(dir, `${name}.key`), pair.privateKeyPem);
}

function writeAuthorities(paths: OrganizationPaths, domain: string, { caPem, tlsCaPem, keys }: OrganizationAuthority): void {
  writePublic(join(paths.ca, `ca.${domain}-cert.pem`), caPem);
  writePublic(join(paths.tlsCa, `tlsca.${domain}-cert.pem`), tlsCaPem);
  if (!keys) return;
  writeSecret(join(paths.ca, 'priv_sk'), keys.caPem);
  writeSecret(join(paths.tlsCa, 'priv_sk'), keys.tlsCaPem);
}

/** Written beside and renamed, so that a killed start leaves a whole organisation or none, a whole holder or none. */
async function writeOrganization(dir: string, temporary: string, organization: Organization, authorityOf: AuthorityOf): Promise<void> {
  const { domain } = organization;
  const [paths, unfinished] = [organizationPaths(dir, organization), organizationPaths(temporary, organization)];
  const isNew = !existsSync(paths.root);
  const missing = missingHolders(dir, organization);
  if (!isNew && missing.length === 0) return;
  const authority = await authorityOf(organization);
  const places = { paths: unfinished, records: isNew ? unfinished : paths };
  await allDone(missing.map((holder) => writeHolder(holder, places, domain, authority)));
  if (isNew) {
    writeAuthorities(unfinished, domain, authority);
    writeVerifyingMsp(unfinished.msp, domain, authority);
    writeOwner(unfinished.root, organization.mspId);
    moveFolder(unfinished.root, paths.root);
    return;
  }
  for (const { folders } of missing) moveFolder(dirname(folders(unfinished).msp), dirname(folders(paths).msp));
}

function moveFolder(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  renameSync(from, to);
}

/**
 * Writes `<dir>/organizations` with keys and certificates of every organisation that has none yet, and of nodes and users
 * that were added to one since.
 */
export async function writeOrganizations(
  dir: string,
  consortium: Consortium,
  authorityOf: AuthorityOf = inProcessAuthorities(dir),
): Promise<void> {
  const temporary = join(dir, 'unfinished');
  rmSync(temporary, { recursive: true, force: true });
  try {
    await allDone(consortium.organizations.map((organization) => writeOrganization(dir, temporary, organization, authorityOf)));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** PEM of the CA certificates of one organisation, as its `msp/` directory holds them. */
export function readAuthorities(dir: string, organization: Organization): AuthorityCertificates {
  const { msp } = organizationPaths(dir, organization);
  return {
    caPem: readFileSync(join(msp, 'cacerts', `ca.${organization.domain}-cert.pem`), 'utf8'),
    tlsCaPem: readFileSync(join(msp, 'tlscacerts', `tlsca.${organization.domain}-cert.pem`), 'utf8'),
  };
}

/** An organisation's verifying MSP: the certificates of its CAs, and their revocation lists. */
export function readVerifyingMsp(
  dir: string,
  organization: Organization,
): AuthorityCertificates & { readonly revocationLists: readonly string[] } {
  return {
    ...readAuthorities(dir, organization),
    revocationLists: readRevocationLists(organizationPaths(dir, organization).msp),
  };
}
