import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type MemberNodeClient, newPrivateKey, publicKeyOf, type RequestSigner, staffProofs } from '@lianyi/client';
import { connectMemberNode } from '@lianyi/client/node';
import { actorTagSchema, hashOfKey, type Ledger, mspIdSchema, newRequest, type Role, type Sha256, transactions } from '@lianyi/domain';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import {
  ChannelClient,
  GatewayLedger,
  identityInMspDirectory,
  loadConnectionProfile,
  loadSigningIdentity,
  openPeerSession,
} from '@lianyi/ledger-client';
import { initNode, type MemberNode, type NodeConfig, startMemberNode } from '@lianyi/member-node';
import { loadConsortium, type RunningNetwork } from '@lianyi/network-model';
import { Patient } from './patient';

const root = resolve(__dirname, '../../..');
export const HOSPITALS = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'] as const;
export type Hospital = (typeof HOSPITALS)[number];

export interface RunningHospital {
  readonly mspId: Hospital;
  readonly config: NodeConfig;
  readonly node: MemberNode;
  readonly client: MemberNodeClient;
  readonly administrator: Ledger;
}

/** A consortium with its member nodes in this process, registered on the ledger. */
export class World {
  readonly hospitals = new Map<Hospital, RunningHospital>();
  readonly #closers: (() => Promise<void> | void)[] = [];

  private constructor(
    readonly dir: string,
    readonly network: RunningNetwork,
  ) {}

  static async start(): Promise<World> {
    const dir = mkdtempSync(join(tmpdir(), 'lianyi-member-node-'));
    const network = await startEmbeddedNetwork({
      consortium: loadConsortium(join(root, 'consortium.yaml')),
      chaincodes: new Map([['emr', join(root, 'chaincode')]]),
      dir: join(dir, 'network'),
    });
    const world = new World(dir, network);
    try {
      for (const mspId of HOSPITALS) await world.#startHospital(mspId);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  hospital(mspId: Hospital): RunningHospital {
    const hospital = this.hospitals.get(mspId);
    if (hospital === undefined) throw new Error(`${mspId} does not run`);
    return hospital;
  }

  get genesis(): Sha256 {
    return this.hospital('HospitalAMSP').node.genesis;
  }

  get identity(): { channel: string; chaincode: string; genesis: Sha256 } {
    return { channel: 'emr', chaincode: 'emr', genesis: this.genesis };
  }

  /** Registers a member of staff and returns how they sign. */
  async hire(mspId: Hospital, tag: string, roles: readonly Role[], departments: readonly string[] = []): Promise<RequestSigner> {
    const privateKey = newPrivateKey();
    const staff = {
      actorTag: tag,
      roles: [...roles],
      departments: [...departments],
      publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
      dutyWindows: [],
    };
    await this.hospital(mspId).administrator.submit(newRequest(transactions.RegisterStaff, staff));
    return staffProofs({ network: this.identity, mspId: mspIdSchema.parse(mspId), actorTag: actorTagSchema.parse(tag), privateKey });
  }

  /** Somebody whom a hospital will register. */
  newPatient(mspId: Hospital): Patient {
    return new Patient(this.identity, mspId);
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
    await this.network.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #startHospital(mspId: Hospital): Promise<void> {
    const organisation = this.network.organizations.find((candidate) => candidate.mspId === mspId);
    if (organisation === undefined) throw new Error(`no ${mspId}`);
    const carrier = organisation.user('node');
    const identity = await identityInMspDirectory(mspId, carrier.msp);
    const members = HOSPITALS.map((member) => {
      const owner = this.network.organizations.find((candidate) => candidate.mspId === member);
      return { mspId: member, caFile: join(owner?.user('node').tls ?? '', 'ca.crt') };
    });
    const { config, registration } = await initNode({
      directory: join(this.dir, 'nodes', mspId),
      mspId,
      channel: 'emr',
      chaincode: 'emr',
      connectionProfile: organisation.profile,
      identity: { certFile: identity.certFile, keyFile: identity.keyFile },
      tls: { certFile: join(carrier.tls, 'server.crt'), keyFile: join(carrier.tls, 'server.key'), members },
      listen: { host: '127.0.0.1', port: 0 },
      otherPeerMspIds: HOSPITALS.filter((other) => other !== mspId),
      keyServiceActorTag: 'key-service',
      logLevel: (process.env['LIANYI_TEST_LOG'] as 'info' | undefined) ?? 'fatal',
    });
    const node = await startMemberNode(config);
    this.#closers.push(() => node.stop());
    const administrator = await this.#openAdministrator(mspId, organisation.user('Admin').msp, organisation.profile);
    await administrator.submit(
      newRequest(transactions.RegisterOrganisation, {
        kinds: ['hospital'],
        genesis: node.genesis,
        encapsulationKeys: [...registration.encapsulationKeys],
        leastCoolingOffMinutes: 1, // a story goes by in no time
      }),
    );
    const { actorTag, publicKeyHash } = registration.keyService;
    await administrator.submit(
      newRequest(transactions.RegisterStaff, {
        actorTag,
        roles: ['keyService'],
        departments: [],
        publicKeyHash,
        dutyWindows: [],
      }),
    );
    const endpoint = { host: '127.0.0.1', port: node.port, tlsSha256: registration.tlsSha256, state: 'active' as const };
    await administrator.submit(
      newRequest(transactions.UpdateEndpoint, {
        ...endpoint,
        endpointId: 'vault',
        kind: 'vault',
        receiptPublicKey: registration.receiptPublicKey,
      }),
    );
    await administrator.submit(newRequest(transactions.UpdateEndpoint, { ...endpoint, endpointId: 'keys', kind: 'keys' }));
    const client = connectMemberNode({ url: node.url, tlsCa: readFileSync(join(carrier.tls, 'ca.crt'), 'utf8') });
    this.#closers.push(() => {
      client.close();
    });
    this.hospitals.set(mspId, { mspId, config, node, client, administrator });
  }

  async #openAdministrator(mspId: Hospital, mspDirectory: string, profile: string): Promise<Ledger> {
    const peer = (await loadConnectionProfile(profile)).find((candidate) => candidate.mspId === mspId);
    if (peer === undefined) throw new Error(`no peer of ${mspId} in ${dirname(profile)}`);
    const session = openPeerSession(peer, await loadSigningIdentity(await identityInMspDirectory(mspId, mspDirectory)));
    this.#closers.push(() => {
      session.close();
    });
    return new GatewayLedger(new ChannelClient(session.gateway, { channel: 'emr', chaincode: 'emr' }), mspId);
  }
}
