import { renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { advertisedHost, channelsOf, type Consortium, type Organization } from '../consortium/consortium';
import { authorityName, nodesOf, organizationPaths } from './layout';
import { readAuthorities } from './write-organizations';

/**
 * Where each peer listens, by its node name; also where each organisation's CA server listens, by its name, if it has
 * one.
 */
type PeerPorts = ReadonlyMap<string, number>;

function peerNames(organization: Organization): readonly string[] {
  return nodesOf(organization)
    .filter(({ kind }) => kind === 'peer')
    .map(({ name }) => name);
}

/**
 * Fabric's common connection profile, with the peers of all organisations: a member reads other members' peers before
 * it believes a decision. An organisation without a peer names the others' only.
 */
function connectionProfile(dir: string, consortium: Consortium, organization: Organization, ports: PeerPorts): object {
  const peers = consortium.organizations.flatMap((owner) =>
    peerNames(owner).map((name) => {
      const port = ports.get(name);
      if (port === undefined) throw new Error(`no port is known for ${name}`);
      const profile = {
        url: `grpcs://${advertisedHost(consortium, name)}:${String(port)}`,
        tlsCACerts: { pem: readAuthorities(dir, owner).tlsCaPem },
        grpcOptions: { 'ssl-target-name-override': name, hostnameOverride: name },
      };
      return [name, profile] as const;
    }),
  );
  return {
    name: `${consortium.name}-${organization.name}`,
    version: '1.0.0',
    client: { organization: organization.name, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: Object.fromEntries(
      consortium.organizations.map((member) => [
        member.name,
        { mspid: member.mspId, peers: peerNames(member), certificateAuthorities: Object.keys(authoritiesOf(dir, member, ports)) },
      ]),
    ),
    peers: Object.fromEntries(peers),
    certificateAuthorities: Object.fromEntries(
      consortium.organizations.flatMap((member) => Object.entries(authoritiesOf(dir, member, ports))),
    ),
    channels: Object.fromEntries(
      channelsOf(consortium).map(({ name, organizations }) => [name, { peers: joined(consortium, organizations) }]),
    ),
  };
}

/** The CA an organisation's users enrol at. Its server's TLS certificate is the TLS CA's. */
function authoritiesOf(dir: string, organization: Organization, ports: PeerPorts): Readonly<Record<string, object>> {
  const name = authorityName(organization);
  const port = ports.get(name);
  if (port === undefined) return {};
  const tlsCACerts = { pem: [readAuthorities(dir, organization).tlsCaPem] };
  return { [name]: { url: `https://localhost:${String(port)}`, caName: name, tlsCACerts } };
}

/** Peers of a channel's organisations, as profiles list them. */
function joined(consortium: Consortium, organizations: readonly string[]): Readonly<Record<string, object>> {
  const members = consortium.organizations.filter(({ mspId }) => organizations.includes(mspId));
  return Object.fromEntries(members.flatMap(peerNames).map((name) => [name, {}]));
}

/** Written beside and renamed: a reader sees the old profile or the new one. */
function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o644 });
  renameSync(`${path}.new`, path);
}

/** Writes `connection-<name>.json` and `.yaml` of every organisation; returns the JSON paths by MSP id. */
export function writeConnectionProfiles(dir: string, consortium: Consortium, ports: PeerPorts): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  for (const organization of consortium.organizations) {
    const paths = organizationPaths(dir, organization);
    const profile = connectionProfile(dir, consortium, organization, ports);
    replaceFile(paths.connectionProfileJson, `${JSON.stringify(profile, null, 2)}\n`);
    replaceFile(paths.connectionProfileYaml, stringify(profile));
    written.set(organization.mspId, paths.connectionProfileJson);
  }
  return written;
}
