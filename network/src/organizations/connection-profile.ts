import { renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Consortium, type Organization } from '../consortium/consortium';
import { nodeName, organizationPaths } from './layout';
import { readAuthorities } from './write-organizations';

/** Where the peer of each organisation listens, by MSP id. */
export type PeerPorts = ReadonlyMap<string, number>;

function peersOf(consortium: Consortium): readonly Organization[] {
  return consortium.organizations.filter((organization) => organization.roles.includes('peer'));
}

/**
 * Fabric's common connection profile, with the peers of all organisations: a member reads other members' peers before
 * it believes a decision. An organisation without a peer names the others' only.
 */
function connectionProfile(dir: string, consortium: Consortium, organization: Organization, ports: PeerPorts): object {
  const peers = peersOf(consortium).map((owner) => {
    const name = nodeName(owner, 'peer');
    const port = ports.get(owner.mspId);
    if (port === undefined) throw new Error(`no port is known for ${name}`);
    const profile = {
      url: `grpcs://localhost:${String(port)}`,
      tlsCACerts: { pem: readAuthorities(dir, owner).tlsCaPem },
      grpcOptions: { 'ssl-target-name-override': name, hostnameOverride: name },
    };
    return [name, profile] as const;
  });
  return {
    name: `${consortium.name}-${organization.name}`,
    version: '1.0.0',
    client: { organization: organization.name, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: Object.fromEntries(
      consortium.organizations.map((member) => [
        member.name,
        { mspid: member.mspId, peers: member.roles.includes('peer') ? [nodeName(member, 'peer')] : [], certificateAuthorities: [] },
      ]),
    ),
    peers: Object.fromEntries(peers),
    certificateAuthorities: {},
    channels: { [consortium.channel.name]: { peers: Object.fromEntries(peers.map(([name]) => [name, {}])) } },
  };
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
