import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  allDone,
  Authorities,
  authorityPaths,
  CaClient,
  FabricCaAuthority,
  inProcessAuthorities,
  lacksCertificates,
  OperatorError,
  organizationPaths,
  readAuthorities,
  readCaCertificates,
  writeOrganizations,
  writeServerFiles,
  sentenceOf,
} from '@lianyi/network-model';
import { type ProcessSpec } from './managed-process';
import { writeServiceTls } from './node-files';
import { type AuthorityNode, fabricFolders, type FabricPlan } from './plan';
import { type Supervisor, type SupervisorEvent } from './supervisor';
import { type FabricTool, findAuthorityServer } from './tools';

/** Whatever else has the port may accept connections and say nothing. */
const READY_ANSWER_MILLIS = 2_000;

/** Both CAs answer: a server listens before it has read its databases. */
async function answersAsBoth(dataDir: string, { name, organization, port }: AuthorityNode): Promise<boolean> {
  const paths = authorityPaths(dataDir, organization);
  const { listenerCertificate } = paths;
  const certificates = readCaCertificates(paths);
  if (!certificates) return false;
  const { tlsCaPem } = certificates;
  const isServed = async (ca: string): Promise<boolean> => {
    try {
      const client = new CaClient({ server: name, name: ca, port, tlsCaPem, listenerCertificate, timeoutMillis: READY_ANSWER_MILLIS });
      return (await client.info()).name === ca;
    } catch {
      return false; // it does not listen yet
    }
  };
  return (await isServed(`ca.${organization.domain}`)) && isServed(`tlsca.${organization.domain}`);
}

function authorityProcess(dataDir: string, program: string, node: AuthorityNode): ProcessSpec {
  const { tlsCa } = authorityPaths(dataDir, node.organization);
  const { logs, run } = fabricFolders(dataDir);
  return {
    name: node.name,
    kind: 'authority',
    command: program,
    // at `info` it would write its configuration into its log
    args: ['start', '--home', tlsCa, '--loglevel', 'warning'],
    cwd: tlsCa,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    logFile: join(logs, `${node.name}.log`),
    pidFile: join(run, `${node.name}.json`),
    isReady: () => answersAsBoth(dataDir, node),
  };
}

/** What a start of the CA servers needs to know. */
interface AuthorityServersOptions {
  readonly dataDir: string;
  readonly supervisor: Supervisor;
  readonly report: (event: SupervisorEvent) => void;
}

/** The organisations' CA servers: started when something has to be issued, the others beside the nodes. */
export class AuthorityServers {
  readonly #starting = new Map<string, Promise<void>>();

  private constructor(
    private readonly options: AuthorityServersOptions,
    private readonly program: Promise<FabricTool>,
  ) {}

  /** Looks for the program; that it is missing matters only to whoever needs a server. */
  static find(options: AuthorityServersOptions): AuthorityServers {
    const program = findAuthorityServer();
    program.catch(() => undefined); // reported by the start that needs it
    return new AuthorityServers(options, program);
  }

  /** @throws {@link OperatorError} — its program is missing, it does not start, or what it keeps is gone. */
  async open(node: AuthorityNode): Promise<FabricCaAuthority> {
    await this.#start(node);
    const authority = FabricCaAuthority.open(this.options.dataDir, node.organization);
    if (!authority) throw new Error(`${node.name} was started without its files`);
    return authority;
  }

  /** Starts those without which nodes or users would have no certificate. */
  async startNeeded({ authorities, folders }: FabricPlan): Promise<void> {
    const needed = authorities.filter(({ organization }) => lacksCertificates(folders.dataDir, organization));
    await allDone(needed.map((node) => this.#start(node)));
  }

  /** Starts those that do not run; the network is whole without them, so a failure is only told. */
  async startAll(plan: FabricPlan): Promise<void> {
    await Promise.all(
      plan.authorities.map(async (node) => {
        try {
          await this.#start(node);
        } catch (error) {
          this.options.report({ kind: 'notStarted', node: node.name, reason: sentenceOf(error) });
        }
      }),
    );
  }

  #start(node: AuthorityNode): Promise<void> {
    const known = this.#starting.get(node.name);
    if (known) return known;
    const starting = this.#launch(node).finally(() => {
      this.#starting.delete(node.name);
    });
    this.#starting.set(node.name, starting);
    return starting;
  }

  async #launch(node: AuthorityNode): Promise<void> {
    const { dataDir, supervisor } = this.options;
    // an operator may have stopped it; then what asks it says so
    if (supervisor.states().some(({ name }) => name === node.name)) return;
    refuseLostKeys(dataDir, node);
    const { path } = await this.program;
    writeServerFiles(dataDir, node.organization, node.port);
    const { logs, run } = fabricFolders(dataDir);
    for (const folder of [logs, run]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    await supervisor.start([authorityProcess(dataDir, path, node)]);
  }
}

/**
 * A server without its keys would silently make others, and its certificates would be worth nothing to the channel.
 * @throws {@link OperatorError} `STATE_INCOMPLETE`.
 */
function refuseLostKeys(dataDir: string, { name, organization }: AuthorityNode): void {
  if (!existsSync(organizationPaths(dataDir, organization).root)) return;
  const paths = authorityPaths(dataDir, organization);
  const [known, kept] = [readAuthorities(dataDir, organization), readCaCertificates(paths)];
  if (kept?.caPem === known.caPem && kept.tlsCaPem === known.tlsCaPem) return;
  const what = kept
    ? { en: `${paths.data} holds another CA than the network's`, zh: `${paths.data} 中的 CA 不是该网络的` }
    : { en: `what it keeps in ${paths.data} is gone`, zh: `它存放在 ${paths.data} 中的内容已丢失` };
  throw new OperatorError('STATE_INCOMPLETE', {
    en: `${name} cannot start: ${what.en}; put the folder back`,
    zh: `${name} 无法启动：${what.zh}；请把该目录放回`,
  });
}

/** Issues what the plan needs and does not have; without servers, this process does it. */
export async function issueCertificates(plan: FabricPlan, servers: AuthorityServers | undefined): Promise<void> {
  const { dataDir } = plan.folders;
  const authorities = authoritiesOf(plan, servers);
  try {
    const services = plan.chaincodes.map((node) => writeServiceTls(dataDir, node, authorities.of));
    await allDone([writeOrganizations(dataDir, plan.consortium, authorities.of), ...services]);
  } finally {
    await authorities.close();
  }
}

function authoritiesOf(plan: FabricPlan, servers: AuthorityServers | undefined): Authorities {
  const { dataDir } = plan.folders;
  if (!servers) return new Authorities(inProcessAuthorities(dataDir));
  return new Authorities(async (organization) => {
    const node = plan.authorities.find((candidate) => candidate.organization.mspId === organization.mspId);
    if (!node) throw new Error(`${organization.mspId} has no CA server planned`);
    return servers.open(node);
  });
}
