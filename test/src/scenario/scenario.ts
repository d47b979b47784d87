import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type MemberNodeClient, problemSchema, type RequestSigner, staffProofs } from '@lianyi/client';
import { connectMemberNode, exchange, loadKeyFile } from '@lianyi/client/node';
import { actorTagSchema, type Ledger, mspIdSchema, parseStrictJson, type Sha256, sha256Schema } from '@lianyi/domain';
import {
  ChannelClient,
  GatewayLedger,
  identityInMspDirectory,
  loadConnectionProfile,
  loadSigningIdentity,
  openPeerSession,
  type PeerSession,
} from '@lianyi/ledger-client';
import { Acts, addStaff, HospitalConsortium, type Hospital, type ConsortiumKind, organizationDir, tlsCaFile } from '@lianyi/workbench';
import { filesBelow } from '../architecture/source-files';
import { waitUntil } from '../wait-until';
import { chainHeight } from './peer-blocks';
import { type NetworkName, Patient } from './patient';
// the workbench is no part of the SDK; tests and demo are its only users

export const repositoryRoot = resolve(__dirname, '..', '..', '..');

/** A member of staff, by profile for the command line and by key for the SDK. */
export interface StaffMember {
  readonly profile: string;
  readonly hospital: Hospital;
  readonly actorTag: string;
  readonly department: string;
  readonly sign: RequestSigner;
  readonly client: MemberNodeClient;
}

/** An id nobody has used before. */
export function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}

/** The network the scenarios run on; everything else about them is the same on both. */
export const networkKind: ConsortiumKind = process.env['LIANYI_NETWORK'] === 'fabric' ? 'fabric' : 'embedded';

/** What one member's node asks another's. */
interface MemberRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
interface MemberUser {
  readonly name: 'node' | 'User1';
  readonly certificate: 'server' | 'client';
}
const NODE_USER: MemberUser = { name: 'node', certificate: 'server' };

/** A consortium with its member nodes, each part a process of its own, below `.lianyi/` of the checkout, and the means to act in it. */
export class Scenario {
  readonly acts: Acts;
  readonly #clients = new Map<string, MemberNodeClient>();
  readonly #sessions: PeerSession[] = [];
  readonly #watched = new Map<string, Promise<PeerSession>>();

  private constructor(
    readonly consortium: HospitalConsortium,
    readonly hospitals: readonly [a: Hospital, b: Hospital, c: Hospital],
    private readonly dataDir: string,
  ) {
    this.acts = new Acts(consortium.commands);
  }

  /**
   * @param prepare - runs between the network's start and the hospitals'
   * @param definition - of another consortium than the checkout's
   */
  static async start(
    name: string,
    prepare: (network: HospitalConsortium) => Promise<void> = () => Promise.resolve(),
    definition: { readonly consortiumFile?: string } = {},
  ): Promise<Scenario> {
    const dataDir = join(repositoryRoot, '.lianyi', `test-${process.pid}-${name}`);
    rmSync(dataDir, { recursive: true, force: true });
    let consortium: HospitalConsortium | undefined;
    try {
      consortium = await HospitalConsortium.start({ kind: networkKind, repositoryRoot, dataDir, ...definition });
      await prepare(consortium);
      const [a, b, c] = await consortium.onboardAll();
      if (a === undefined || b === undefined || c === undefined) throw new Error('the scenarios need three hospitals');
      return new Scenario(consortium, [a, b, c], dataDir);
    } catch (error) {
      const logs = lastWords(join(dataDir, 'logs'));
      await consortium?.stop();
      rmSync(dataDir, { recursive: true, force: true });
      throw new Error(`the consortium did not start\n${logs}`, { cause: error });
    }
  }

  get a(): Hospital {
    return this.hospitals[0];
  }
  get b(): Hospital {
    return this.hospitals[1];
  }
  get c(): Hospital {
    return this.hospitals[2];
  }

  get network(): NetworkName {
    const { channel, chaincode } = this.consortium.context.network;
    return { channel, chaincode, genesis: this.genesis };
  }

  get genesis(): Sha256 {
    return sha256Schema.parse(this.a.node.ready.genesis);
  }

  /** A hospital's node, as its staff and patients reach it. */
  client({ node, member }: Hospital): MemberNodeClient {
    const known = this.#clients.get(member.mspId);
    if (known !== undefined) return known;
    const client = connectMemberNode({
      url: node.ready.url,
      tlsCa: readFileSync(tlsCaFile(this.consortium.context, member), 'utf8'),
    });
    this.#clients.set(member.mspId, client);
    return client;
  }

  /** Another hospital's node, to be asked what the ledger has: the first that is not the reader's own. */
  witnessFor({ member }: Hospital): MemberNodeClient {
    return this.client(member.mspId === this.a.member.mspId ? this.b : this.a);
  }

  /** Hires somebody: key, entry in the directory, profile. */
  async hire(hospital: Hospital, roles: string, department?: string): Promise<StaffMember> {
    const profile = `${roles.split(',')[0] ?? ''}-${newId()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 8)}`;
    const role = { profile, roles, ...(department === undefined ? {} : { department }) };
    const { actorTag } = await addStaff(this.consortium.context, hospital, hospital.administrator, role);
    const privateKey = await loadKeyFile(this.consortium.data.key(profile));
    const mspId = mspIdSchema.parse(hospital.member.mspId);
    const sign = staffProofs({ network: this.network, mspId, actorTag: actorTagSchema.parse(actorTag), privateKey });
    return { profile, hospital, actorTag, department: department ?? 'none', sign, client: this.client(hospital) };
  }

  /** Somebody whom a hospital will register. */
  newPatient({ member }: Hospital = this.a): Patient {
    return new Patient(this.network, member.mspId);
  }

  /** A Fabric session with one member's peer, as another member's client sees it. */
  async session({ member }: Hospital, user: 'node' | 'Admin' | 'User1' = 'node', peerOf = member.mspId): Promise<PeerSession> {
    const msp = join(organizationDir(this.consortium.context, member), 'users', `${user}@${member.domain}`, 'msp');
    const profile = this.consortium.context.network.profiles[member.mspId] ?? '';
    const peer = (await loadConnectionProfile(profile)).find(({ mspId }) => mspId === peerOf);
    if (peer === undefined) throw new Error(`${profile} names no peer of ${peerOf}`);
    const session = openPeerSession(peer, await loadSigningIdentity(await identityInMspDirectory(member.mspId, msp)));
    this.#sessions.push(session);
    return session;
  }

  /**
   * Waits until a hospital's peer has every block that another hospital's peer has now. Who commits waits for their own peer
   * only, so a reader at another one may come too early.
   */
  async catchUp({ member }: Hospital): Promise<void> {
    const heights = await Promise.all(this.hospitals.map((each) => this.#height(each).catch(() => 0))); // one may be down
    const highest = Math.max(...heights);
    const hospital = this.hospitals.find((each) => each.member.mspId === member.mspId);
    if (hospital === undefined) return; // a newcomer
    await waitUntil(`${member.mspId} has ${highest} blocks`, async () => (await this.#height(hospital)) >= highest);
  }

  async #height(hospital: Hospital): Promise<number> {
    const { mspId } = hospital.member;
    const session = this.#watched.get(mspId) ?? this.session(hospital);
    this.#watched.set(mspId, session);
    return chainHeight(await session, this.network.channel);
  }

  /** The ledger without a member node in between: what a hostile member would use, so that only the chaincode is left to refuse. */
  async ledger(hospital: Hospital, user: 'node' | 'Admin' | 'User1' = 'node'): Promise<Ledger> {
    const { gateway } = await this.session(hospital, user);
    return new GatewayLedger(new ChannelClient(gateway, this.network), hospital.member.mspId);
  }

  /** One member's node asking another's, by the TLS certificate of one of its users. @returns the refusal's code, or `ok`. */
  async askMember(from: Hospital | undefined, to: Hospital, request: MemberRequest, user: MemberUser = NODE_USER): Promise<string> {
    await this.catchUp(to);
    return this.askMemberAtOnce(from, to, request, user);
  }

  /** As {@link askMember}, of a node that need not have all blocks: nothing of the test's own is in the time it takes. */
  async askMemberAtOnce(from: Hospital | undefined, to: Hospital, request: MemberRequest, user: MemberUser = NODE_USER): Promise<string> {
    const { hostname, port } = new URL(to.node.ready.url);
    const answer = await exchange({
      ...request,
      headers: { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
      host: hostname,
      port: Number(port),
      tls: { ca: [readFileSync(tlsCaFile(this.consortium.context, to.member), 'utf8')], ...this.#certificateOf(from, user) },
      patience: { totalMillis: 30_000 },
      maxBytes: 1_000_000,
    });
    if (answer.status < 300) return 'ok';
    return problemSchema.parse(parseStrictJson(answer.body.toString('utf8'), { maxBytes: 1_000_000, maxDepth: 16 })).code;
  }

  /** Stops everything and removes what it left. */
  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    for (const session of this.#sessions.splice(0)) session.close();
    await this.consortium.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #certificateOf(
    from: Hospital | undefined,
    { name, certificate }: { readonly name: string; readonly certificate: string },
  ): { cert?: string; key?: string } {
    if (from === undefined) return {};
    const { member } = from;
    const tls = join(organizationDir(this.consortium.context, member), 'users', `${name}@${member.domain}`, 'tls');
    return { cert: readFileSync(join(tls, `${certificate}.crt`), 'utf8'), key: readFileSync(join(tls, `${certificate}.key`), 'utf8') };
  }
}

/** The end of each log, because the folder is removed with the failed start. */
function lastWords(folder: string): string {
  return filesBelow(folder)
    .map((file) => `${basename(file)}: ${readFileSync(file, 'utf8').slice(-1500)}`)
    .join('\n');
}

/** The code with which something was refused; `ok` if it was not. @throws what failed without a code. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
  return 'ok';
}

/** The code with which something was refused. @throws when it was not refused at all, or failed without a code. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await outcomeOf(attempt);
  if (outcome === 'ok') throw new Error('it was not refused');
  return outcome;
}
