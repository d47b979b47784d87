import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CommandLine } from './command-line';
import { type DataDir } from './data-dir';
import { type NetworkReady } from './network-process';
import { type ReadyProcess, type ReadyProcesses } from './ready-process';

/** A member of the consortium as the network's `up` names it. */
export type Member = NetworkReady['organizations'][number];

/** A running member node. */
export type NodeReady = { readonly url: string; readonly genesis: string };

/** A hospital that takes part: its node runs, its administrator and node are on the ledger. */
export type Hospital = { readonly member: Member; readonly administrator: string; readonly node: ReadyProcess<NodeReady> };

/** What the workbench needs to bring hospitals in. */
export type WorkbenchContext = {
  readonly repositoryRoot: string;
  readonly data: DataDir;
  readonly network: NetworkReady;
  readonly commands: CommandLine;
  readonly processes: ReadyProcesses;
  /** The hospitals that were brought in, by MSP id; each one's staff have another as their witness. */
  readonly running: Map<string, Hospital>;
};

const initialisedSchema = z.object({
  config: z.string(),
  encapsulationKey: z.string(),
  receiptPublicKey: z.string(),
  keyServiceActorTag: z.string(),
  keyServicePublicKeyHash: z.string(),
});
type Initialised = z.infer<typeof initialisedSchema>;

const nodeReadySchema = z.object({ url: z.string(), genesis: z.string() });
const NODE_START_TIMEOUT_MILLIS = 60_000;
/** Whoever of two gets a key, the other one can confirm the permit. */
const WITNESSES = 2;
const anything = z.unknown();

/** `organizations/peerOrganizations/<domain>` as Fabric's tools lay it out. */
export function organizationDir(context: WorkbenchContext, member: Member): string {
  return join(context.network.dir, 'organizations', 'peerOrganizations', member.domain);
}

/** The TLS authority's certificate of a member. */
export function tlsCaFile(context: WorkbenchContext, member: Member): string {
  return join(organizationDir(context, member), 'tlsca', `tlsca.${member.domain}-cert.pem`);
}

/** The profile of a member's administrator, who acts with the Fabric certificate itself. */
async function addAdministrator(context: WorkbenchContext, member: Member): Promise<string> {
  const name = `admin-${member.name}`;
  const msp = join(organizationDir(context, member), 'users', `Admin@${member.domain}`, 'msp');
  const { channel, chaincode, profiles } = context.network;
  const options = {
    ...{ name, kind: 'administrator', 'msp-id': member.mspId, channel, chaincode },
    ...{
      'connection-profile': profiles[member.mspId] ?? '',
      'cert-directory': join(msp, 'signcerts'),
      'key-directory': join(msp, 'keystore'),
    },
  };
  await context.commands.must(undefined, ['profile', 'add', ...flags(options)], anything);
  return name;
}

/** `--name=value …` for a command line; a random id may begin with `-`, so the two are one word. */
export function flags(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([name, value]) => `--${name}=${value}`);
}

async function initialiseNode(context: WorkbenchContext, member: Member, peers: readonly Member[]): Promise<Initialised> {
  const others = peers.filter((peer) => peer.mspId !== member.mspId).slice(0, WITNESSES);
  const options = {
    dir: context.data.node(member.mspId),
    'msp-id': member.mspId,
    'connection-profile': context.network.profiles[member.mspId] ?? '',
    'user-dir': join(organizationDir(context, member), 'users', `node@${member.domain}`),
    members: peers.map((peer) => `${peer.mspId}=${tlsCaFile(context, peer)}`).join(','),
    'other-peer': others.map(({ mspId }) => mspId).join(','),
    // every node of the consortium shares this machine: a busy one is no reason to keep the copy elsewhere than the story says
    'vault-patience': '10000',
    // a file that whoever tells a story puts there; without it the node answers no queries
    'query-database': join(context.data.node(member.mspId), 'hospital.sqlite'),
    'query-views': 'laboratory_results',
    channel: context.network.channel,
    chaincode: context.network.chaincode,
  };
  return context.commands.must(undefined, ['node', 'init', ...flags(options)], initialisedSchema);
}

function nodeConfigFile(context: WorkbenchContext, member: Member): string {
  return join(context.data.node(member.mspId), 'node.json');
}

/** Has a member's node, which may be running, know another member's. */
export async function trustMember(context: WorkbenchContext, member: Member, newcomer: Member): Promise<void> {
  const options = { config: nodeConfigFile(context, member), members: `${newcomer.mspId}=${tlsCaFile(context, newcomer)}` };
  await context.commands.must(undefined, ['node', 'trust', ...flags(options)], anything);
}

/** Has a member's node, which may be running, forget another member's. */
export async function forgetMember(context: WorkbenchContext, member: Member, gone: Member): Promise<void> {
  const options = { config: nodeConfigFile(context, member), member: gone.mspId };
  await context.commands.must(undefined, ['node', 'distrust', ...flags(options)], anything);
}

/** Starts a hospital's member node by its command. */
function startNode(context: WorkbenchContext, member: Member): Promise<ReadyProcess<NodeReady>> {
  return context.processes.start({
    name: `lianyi node start (${member.mspId})`,
    args: [
      join(context.repositoryRoot, 'application/cli/dist/main.js'),
      ...['--json', 'node', 'start', '--config', nodeConfigFile(context, member), '--exit-with-parent'],
    ],
    cwd: context.data.root,
    logFile: join(context.data.logs, `node-${member.name}.log`),
    timeoutMillis: NODE_START_TIMEOUT_MILLIS,
    parseReady: (line) => nodeReadySchema.parse(line),
  });
}

/** Puts a node's endpoints on the ledger: where its vault and its key service are, and by which certificate they are known. */
async function registerEndpoints(
  context: WorkbenchContext,
  hospital: Omit<Hospital, 'node'>,
  nodeUrl: string,
  receiptPublicKey: string,
): Promise<void> {
  const { member, administrator } = hospital;
  const { hostname, port } = new URL(nodeUrl);
  const certificate = join(organizationDir(context, member), 'users', `node@${member.domain}`, 'tls', 'server.crt');
  const common = { host: hostname, port, 'tls-cert-file': certificate };
  const vault = { id: 'vault', kind: 'vault', ...common, 'receipt-public-key': receiptPublicKey };
  const keys = { id: 'keys', kind: 'keys', ...common };
  await context.commands.must(administrator, ['endpoint', 'set', ...flags(vault)], anything);
  await context.commands.must(administrator, ['endpoint', 'set', ...flags(keys)], anything);
}

/** Registers the organisation and its key service; the administrator acts, the node need not run yet. */
async function registerHospital(context: WorkbenchContext, administrator: string, initialised: Initialised): Promise<void> {
  // whoever plays a recovery through here does not wait for a week
  const organisation = { kinds: 'hospital', 'encapsulation-key': initialised.encapsulationKey, 'least-cooling-off': '1' };
  await context.commands.must(administrator, ['org', 'register', ...flags(organisation)], anything);
  const { keyServiceActorTag, keyServicePublicKeyHash } = initialised;
  const keyService = { roles: 'keyService', 'actor-tag': keyServiceActorTag, 'public-key-hash': keyServicePublicKeyHash };
  await context.commands.must(administrator, ['staff', 'add', ...flags(keyService)], anything);
}

/** The port that the node was given is its own from now on: ledger and profiles name it, also after a restart. */
function keepPort(file: string, url: string): void {
  const config = JSON.parse(readFileSync(file, 'utf8')) as { readonly listen: object }; // as `node init` wrote it
  const listen = { ...config.listen, port: Number(new URL(url).port) };
  writeFileSync(file, `${JSON.stringify({ ...config, listen }, null, 2)}\n`, { mode: 0o600 });
}

/** Brings one hospital in: keys, registration, its key service as staff, its node, its endpoints. */
export async function onboardHospital(context: WorkbenchContext, member: Member, peers: readonly Member[]): Promise<Hospital> {
  const administrator = await addAdministrator(context, member);
  const initialised = await initialiseNode(context, member, peers);
  const starting = startNode(context, member);
  starting.catch(() => undefined); // awaited below; whoever sees the registration fail stops the whole consortium
  await registerHospital(context, administrator, initialised);
  const node = await starting;
  keepPort(nodeConfigFile(context, member), node.ready.url);
  await registerEndpoints(context, { member, administrator }, node.ready.url, initialised.receiptPublicKey);
  const hospital = { member, administrator, node };
  context.running.set(member.mspId, hospital);
  return hospital;
}
