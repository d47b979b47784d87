import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type Consortium, type Organization } from '../consortium/consortium';
import { type CertificateAuthority, createCertificateAuthority, issueIdentity, issueTls, type KeyAndCertificate } from '../crypto/ca';
import { ADMIN_USER, NODE_USER, nodesOf, type OrganizationPaths, organizationPaths, userNames } from './layout';

/** Marks the certificate that carries requests signed by others (ledger.md §5). */
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

interface Authorities {
  readonly organization: Organization;
  readonly paths: OrganizationPaths;
  readonly ca: CertificateAuthority;
  readonly tlsCa: CertificateAuthority;
}

function writeVerifyingMsp(dir: string, { organization, ca, tlsCa }: Authorities): void {
  const caFile = `ca.${organization.domain}-cert.pem`;
  writePublic(join(dir, 'cacerts', caFile), ca.certificatePem);
  writePublic(join(dir, 'tlscacerts', `tlsca.${organization.domain}-cert.pem`), tlsCa.certificatePem);
  writePublic(join(dir, 'config.yaml'), nodeOusYaml(caFile));
}

function writeSigningMsp(dir: string, name: string, authorities: Authorities, identity: KeyAndCertificate): void {
  writeVerifyingMsp(dir, authorities);
  writePublic(join(dir, 'signcerts', `${name}-cert.pem`), identity.certificatePem);
  writeSecret(join(dir, 'keystore', 'priv_sk'), identity.privateKeyPem);
}

function writeTls(dir: string, kind: 'server' | 'client', tlsCa: CertificateAuthority, pair: KeyAndCertificate): void {
  writePublic(join(dir, 'ca.crt'), tlsCa.certificatePem);
  writePublic(join(dir, `${kind}.crt`), pair.certificatePem);
  writeSecret(join(dir, `${kind}.key`), pair.privateKeyPem);
}

async function writeNodes(authorities: Authorities): Promise<void> {
  const { organization, paths, ca, tlsCa } = authorities;
  for (const { kind, index, name: commonName } of nodesOf(organization)) {
    const { msp, tls } = paths.node(kind, index);
    const subject = { commonName, organization: organization.domain };
    writeSigningMsp(msp, commonName, authorities, await issueIdentity(ca, { ...subject, organizationalUnits: [kind] }));
    writeTls(tls, 'server', tlsCa, await issueTls(tlsCa, { ...subject, hosts: [commonName, `${kind}${index}`] }));
  }
}

async function writeUsers(authorities: Authorities): Promise<void> {
  const { organization, paths, ca, tlsCa } = authorities;
  for (const user of userNames(organization)) {
    const commonName = `${user}@${organization.domain}`;
    const { msp, tls } = paths.user(user);
    const isNode = user === NODE_USER;
    const identity = await issueIdentity(ca, {
      commonName,
      organization: organization.domain,
      organizationalUnits: [user === ADMIN_USER ? 'admin' : 'client'],
      ...(isNode ? { attributes: CARRIER_ATTRIBUTES } : {}),
    });
    writeSigningMsp(msp, commonName, authorities, identity);
    const tlsPair = await issueTls(tlsCa, {
      commonName,
      organization: organization.domain,
      hosts: isNode ? [`node.${organization.domain}`] : [],
    });
    writeTls(tls, 'client', tlsCa, tlsPair);
    // the member node serves HTTPS to its own staff and to the other members with this pair
    if (isNode) writeTls(tls, 'server', tlsCa, tlsPair);
  }
}

async function writeOrganization(dir: string, organization: Organization): Promise<void> {
  const paths = organizationPaths(dir, organization);
  if (existsSync(paths.root)) return;
  // written beside and renamed, so that a killed start leaves a whole organisation or none
  const temporary = join(dir, 'unfinished');
  rmSync(temporary, { recursive: true, force: true });
  const unfinished = organizationPaths(temporary, organization);
  const ca = await createCertificateAuthority(`ca.${organization.domain}`, organization.domain);
  const tlsCa = await createCertificateAuthority(`tlsca.${organization.domain}`, organization.domain);
  const authorities = { organization, paths: unfinished, ca, tlsCa };
  writePublic(join(unfinished.ca, `ca.${organization.domain}-cert.pem`), ca.certificatePem);
  writeSecret(join(unfinished.ca, 'priv_sk'), ca.privateKeyPem);
  writePublic(join(unfinished.tlsCa, `tlsca.${organization.domain}-cert.pem`), tlsCa.certificatePem);
  writeSecret(join(unfinished.tlsCa, 'priv_sk'), tlsCa.privateKeyPem);
  writeVerifyingMsp(unfinished.msp, authorities);
  await writeNodes(authorities);
  await writeUsers(authorities);
  mkdirSync(dirname(paths.root), { recursive: true, mode: 0o700 });
  renameSync(unfinished.root, paths.root);
  rmSync(temporary, { recursive: true, force: true });
}

/** Writes `<dir>/organizations` with keys and certificates of every organisation that has none yet. */
export async function writeOrganizations(dir: string, consortium: Consortium): Promise<void> {
  for (const organization of consortium.organizations) await writeOrganization(dir, organization);
}

/** PEM of the CA certificates of one organisation, as its `msp/` directory holds them. */
export function readAuthorities(dir: string, organization: Organization): { readonly caPem: string; readonly tlsCaPem: string } {
  const { msp } = organizationPaths(dir, organization);
  return {
    caPem: readFileSync(join(msp, 'cacerts', `ca.${organization.domain}-cert.pem`), 'utf8'),
    tlsCaPem: readFileSync(join(msp, 'tlscacerts', `tlsca.${organization.domain}-cert.pem`), 'utf8'),
  };
}
