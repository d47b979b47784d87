import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { type Endpoint, endpointIdSchema, endpointSchema, instantOf, mspIdSchema, type Sha256, sha256 } from '@lianyi/domain';
import { fingerprintOf, MemberCertificates, newLogger } from '@lianyi/member-node';
import {
  addMemberRoutes,
  buildServer,
  DEFAULT_VAULT_PATIENCE_MILLIS,
  type Deposit,
  FileVault,
  MemberHealth,
  ReplicaClient,
  Replication,
  type NodeServer,
} from '@lianyi/member-node/testing';
import { newAuthority } from '../support/test-certificates';

export const [own, mute, good] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((mspId) => mspIdSchema.parse(mspId)) as [
  Endpoint['mspId'],
  Endpoint['mspId'],
  Endpoint['mspId'],
];
const endpointId = endpointIdSchema.parse('vault');
const receiptKey = newPrivateKey();

/** As much of a member node as keeps objects for another member, and the certificates of both. */
export interface OneVault {
  readonly port: number;
  readonly tls: { readonly ca: readonly string[]; readonly cert: string; readonly key: string };
  readonly vault: FileVault;
  readonly tlsSha256: Sha256;
  stop(): Promise<void>;
}

/** Starts the vault of `good`, which `own` may use under any ticket. */
export async function startOneVault(connections: { readonly all?: number; readonly perAddress?: number } = {}): Promise<OneVault> {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-one-vault-'));
  const [mine, theirs] = [await newAuthority('tlsca.a'), await newAuthority('tlsca.c')];
  const [client, node] = [await mine.issue('node'), await theirs.issue('node')];
  const vault = await FileVault.open(dir);
  const members = new MemberCertificates([
    { mspId: own, caPem: mine.pem },
    { mspId: good, caPem: theirs.pem },
  ]);
  const server: NodeServer = await buildServer({
    tls: { cert: Buffer.from(node.cert), key: Buffer.from(node.key) },
    members,
    requestsPerMinute: 100_000,
    connections,
    logger: newLogger('silent', good),
  });
  const replication = replicationOf({ vault, mspId: good });
  const objects = {
    read: (object: Sha256) => vault.get(object),
    keep: async ({ objectSha256, versionHash }: Deposit, source: AsyncIterable<Uint8Array>) =>
      replication.receiptFor({ ...(await vault.put(source, { expectedSha256: objectSha256 })), versionHash }),
  };
  addMemberRoutes(server, {
    members,
    directory: { isRegistered: () => Promise.resolve(true) },
    // tickets and deposits are another matter than how objects are sent
    objects: objects as unknown as Parameters<typeof addMemberRoutes>[1]['objects'],
    keyService: { release: () => Promise.reject(new Error('no keys here')) },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    port: (server.server.address() as AddressInfo).port, // a TCP server's address is no string
    tls: { ca: [theirs.pem], ...client },
    vault,
    tlsSha256: fingerprintOf(new X509Certificate(node.cert)),
    stop: async () => {
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface ReplicationParts {
  readonly vault: FileVault;
  readonly mspId: Endpoint['mspId'];
  readonly replicas?: ReplicaClient;
  readonly endpoints?: readonly Endpoint[];
}

/** How a member stores objects here and at the vaults of others; one copy. */
export function replicationOf({ vault, mspId, replicas, endpoints = [] }: ReplicationParts): Replication {
  const members = [...new Set(endpoints.map((endpoint) => endpoint.mspId))];
  return new Replication(
    { mspId, vaultEndpointId: endpointId, copies: 1, patienceMillis: DEFAULT_VAULT_PATIENCE_MILLIS },
    {
      vault,
      deposits: { add: () => Promise.resolve() },
      replicas: replicas ?? { put: () => Promise.reject(new Error('nobody')) },
      directory: {
        members: () => Promise.resolve(members),
        endpoints: (of) => Promise.resolve(endpoints.filter((endpoint) => endpoint.mspId === of)),
      },
      health: new MemberHealth(),
      receiptKey,
      log: newLogger('silent', mspId),
    },
  );
}

/** A vault as the directory has it. @param key - with which it signs its receipts */
export function vaultEntry(mspId: Endpoint['mspId'], id: string, port: number, tlsSha256: Sha256, key = receiptKey): Endpoint {
  return endpointSchema.parse({
    ...{ schemaVersion: 1, mspId, endpointId: id, kind: 'vault', host: '127.0.0.1', port, tlsSha256 },
    ...{ receiptPublicKey: publicKeyOf(key), state: 'active', changedAt: instantOf(Date.now()) },
  });
}

/** A publisher of `own`, for whom `mute` has entered 100 vaults that accept connections and say nothing. */
export class Publisher {
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  constructor(private readonly remote: OneVault) {}

  /**
   * Stores one new object at another member, the mute one preferred.
   * @returns milliseconds; `limitMillis` if it is not done by then
   */
  async publish(isMuteThere: boolean, limitMillis: number): Promise<number> {
    const entries = [vaultEntry(good, 'vault', this.remote.port, this.remote.tlsSha256)];
    if (isMuteThere) {
      const port = await this.#mutePort();
      entries.push(...Array.from({ length: 100 }, (_, index) => vaultEntry(mute, `vault-${index}`, port, sha256('mute'))));
    }
    const replicas = new ReplicaClient({ ...this.remote.tls, ca: [...this.remote.tls.ca] });
    const replication = replicationOf({ vault: this.remote.vault, mspId: own, replicas, endpoints: entries });
    const begun = performance.now();
    const late = new Promise<number>((resolve) => setTimeout(resolve, limitMillis, limitMillis).unref());
    const stored = replication.store(randomBytes(50_000), sha256('a version'), [mute, good]).then(() => performance.now() - begun);
    return Promise.race([stored, late]);
  }

  stop(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server?.close();
  }

  async #mutePort(): Promise<number> {
    if (this.#server === undefined) {
      const server = createServer((socket) => {
        this.#open.add(socket);
        socket.on('error', () => undefined).once('close', () => this.#open.delete(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      this.#server = server;
    }
    return (this.#server.address() as AddressInfo).port; // as above
  }
}
