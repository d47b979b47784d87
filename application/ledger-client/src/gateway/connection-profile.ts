import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const pemHolder = z.object({ pem: z.string().optional(), path: z.string().optional() });

/** The part of Fabric's common connection profile that a gateway client needs. Unknown fields are other tools' business. */
const connectionProfileSchema = z.object({
  organizations: z.record(z.string(), z.object({ mspid: z.string().min(1), peers: z.array(z.string()).default([]) })),
  peers: z.record(
    z.string(),
    z.object({
      url: z.string().regex(/^grpcs:\/\//, 'peers are reached over TLS only (grpcs://)'),
      tlsCACerts: pemHolder,
      grpcOptions: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
export type ConnectionProfile = z.infer<typeof connectionProfileSchema>;

/** Where a peer listens and by which certificate authority it is recognised. */
export interface PeerAddress {
  readonly mspId: string;
  readonly name: string;
  /** host:port */
  readonly endpoint: string;
  readonly tlsCaPem: string;
  readonly serverName: string | undefined;
}

/** Reads a connection profile, JSON or YAML, and the certificate files it points to. */
export async function loadConnectionProfile(file: string): Promise<readonly PeerAddress[]> {
  const profile = connectionProfileSchema.parse(parseYaml(await readFile(file, 'utf8')));
  const owners = Object.values(profile.organizations).flatMap(({ mspid, peers }) => peers.map((name) => [name, mspid] as const));
  return Promise.all(owners.map(([name, mspId]) => readPeer(profile, name, mspId)));
}

async function readPeer(profile: ConnectionProfile, name: string, mspId: string): Promise<PeerAddress> {
  const peer = profile.peers[name];
  if (peer === undefined) throw new Error(`the connection profile lists peer ${name} but does not describe it`);
  const { pem, path } = peer.tlsCACerts;
  if (pem === undefined && path === undefined) throw new Error(`the connection profile gives no tlsCACerts for peer ${name}`);
  const serverName = peer.grpcOptions['ssl-target-name-override'] ?? peer.grpcOptions['hostnameOverride'];
  return {
    mspId,
    name,
    endpoint: new URL(peer.url.replace(/^grpcs:/, 'https:')).host,
    tlsCaPem: pem ?? (await readFile(path ?? '', 'utf8')),
    serverName: typeof serverName === 'string' ? serverName : undefined,
  };
}
