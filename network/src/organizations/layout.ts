import { join } from 'node:path';
import { type Organization } from '../consortium/consortium';

/** Users every organisation has: its administrator, a plain client, and the member node that carries all requests. */
export const ADMIN_USER = 'Admin';
export const CLIENT_USER = 'User1';
export const NODE_USER = 'node';

export type NodeKind = 'peer' | 'orderer';

/** Paths of one organisation below `organizations/`, as cryptogen and Fabric's samples lay them out. */
export interface OrganizationPaths {
  readonly root: string;
  /** The organisation's verifying MSP: cacerts, tlscacerts, config.yaml. */
  readonly msp: string;
  readonly ca: string;
  readonly tlsCa: string;
  node(kind: NodeKind): { readonly msp: string; readonly tls: string };
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
    node: (kind) => member(join(root, `${kind}s`, nodeName(organization, kind))),
    user: (name) => member(join(root, 'users', `${name}@${organization.domain}`)),
    connectionProfileJson: join(root, `connection-${organization.name}.json`),
    connectionProfileYaml: join(root, `connection-${organization.name}.yaml`),
  };
}

/** DNS name of an organisation's only peer or orderer. */
export function nodeName(organization: Organization, kind: NodeKind): string {
  return `${kind}0.${organization.domain}`;
}

/** All signing users of an organisation, the standing ones first. */
export function userNames(organization: Organization): readonly string[] {
  return [...new Set([ADMIN_USER, CLIENT_USER, NODE_USER, ...organization.users])];
}

export function nodeKinds(organization: Organization): readonly NodeKind[] {
  return (['peer', 'orderer'] as const).filter((kind) => organization.roles.includes(kind));
}
