import { join } from 'node:path';
import { type Organization } from '../consortium/consortium';

/** Users every organisation has: its administrator, a plain client, and the member node that carries all requests. */
export const ADMIN_USER = 'Admin';
export const CLIENT_USER = 'User1';
export const NODE_USER = 'node';

/** Where a network of processes keeps what is each node's own, also the TLS pair of a chaincode service. */
export const nodesFolder = (dataDir: string): string => join(dataDir, 'fabric', 'nodes');

/** Where the embedded network keeps the TLS pair of each chaincode service. */
export const servicesFolder = (dataDir: string): string => join(dataDir, 'services');

type NodeKind = 'peer' | 'orderer';

/** Paths of one organisation below `organizations/`, as cryptogen and Fabric's samples lay them out. */
export interface OrganizationPaths {
  readonly root: string;
  /** The organisation's verifying MSP: cacerts, tlscacerts, crls, config.yaml. */
  readonly msp: string;
  readonly ca: string;
  readonly tlsCa: string;
  /** A copy of every identity certificate a holder was ever issued. */
  issued(commonName: string): string;
  /** `index` from 0. */
  node(kind: NodeKind, index?: number): { readonly msp: string; readonly tls: string };
  user(name: string): { readonly msp: string; readonly tls: string };
  readonly connectionProfileJson: string;
  readonly connectionProfileYaml: string;
}

/** Organisations with only an orderer live under ordererOrganizations, all others under peerOrganizations. */
export function organizationPaths(dir: string, organization: Organization): OrganizationPaths {
  const isOrdererOnly = organization.roles.every((role) => role === 'orderer');
  const root = join(dir, 'organizations', isOrdererOnly ? 'ordererOrganizations' : 'peerOrganizations', organization.domain);
  const member = (path: string): { msp: string; tls: string } => ({ msp: join(path, 'msp'), tls: join(path, 'tls') });
  return {
    root,
    msp: join(root, 'msp'),
    ca: join(root, 'ca'),
    tlsCa: join(root, 'tlsca'),
    issued: (commonName) => join(root, 'ca', 'issued', commonName),
    node: (kind, index = 0) => member(join(root, `${kind}s`, nodeName(organization, kind, index))),
    user: (name) => member(join(root, 'users', `${name}@${organization.domain}`)),
    connectionProfileJson: join(root, `connection-${organization.name}.json`),
    connectionProfileYaml: join(root, `connection-${organization.name}.yaml`),
  };
}

/** DNS name of one of an organisation's peers, or of its orderer; `index` from 0. */
export function nodeName(organization: Organization, kind: NodeKind, index = 0): string {
  const host = `${kind}${index}`;
  const { hosts = {}, domain } = organization;
  return `${Object.entries(hosts).find(([node]) => node === host)?.[1] ?? host}.${domain}`;
}

/** All signing users of an organisation, the standing ones first. */
export function userNames(organization: Organization): readonly string[] {
  return [...new Set([ADMIN_USER, CLIENT_USER, NODE_USER, ...organization.users])];
}

/** DNS name of the server that hosts an organisation's CA and TLS CA, where it has one of its own. */
export function authorityName({ domain }: Organization): string {
  return `ca.${domain}`;
}

interface OrganizationNode {
  readonly kind: NodeKind;
  readonly index: number;
  readonly name: string;
}

/** All nodes of an organisation: its peers, then its orderer. */
export function nodesOf(organization: Organization): readonly OrganizationNode[] {
  return (['peer', 'orderer'] as const)
    .filter((kind) => organization.roles.includes(kind))
    .flatMap((kind) => Array.from({ length: kind === 'peer' ? organization.peers : 1 }, (_, index) => ({ kind, index })))
    .map(({ kind, index }) => ({ kind, index, name: nodeName(organization, kind, index) }));
}
