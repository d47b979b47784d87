import { type ChaincodeSettings, type Organization } from '../consortium/consortium';
import { chooseFreePorts } from '../machine/free-ports';
import { organizationPaths } from '../organizations/layout';
import { type LaunchCommand } from './chaincode/launch-command';
import { type ChaincodeRuntime } from './chaincode/runtime';
import { prepareChaincode } from './chaincode/start-chaincode';
import { type StateDir } from './state-dir';

/** A chaincode and how it is started. */
export interface Launch {
  readonly settings: ChaincodeSettings;
  readonly command: LaunchCommand;
  readonly dir: string;
}

/** The chaincode processes of all organisations: one per organisation and chaincode, for all its peers and channels. */
export class OrganizationChaincodes {
  private readonly runtimes = new Map<string, Map<string, ChaincodeRuntime>>();

  constructor(
    private readonly stateDir: StateDir,
    private readonly executeTimeoutMillis: number,
  ) {}

  /** Writes certificates and chooses ports; nothing runs yet. */
  async prepare(organizations: readonly Organization[], launches: readonly Launch[]): Promise<void> {
    const ports = [...(await chooseFreePorts(organizations.length * launches.length))];
    const { stateDir, executeTimeoutMillis } = this;
    for (const organization of organizations) {
      const byName = new Map<string, ChaincodeRuntime>();
      const index = this.runtimes.size;
      this.runtimes.set(organization.mspId, byName);
      const paths = organizationPaths(stateDir.path, organization);
      for (const launch of launches) {
        const place = { ...launch, stateDir, organization, paths, port: ports.pop() ?? 0, index, executeTimeoutMillis };
        byName.set(launch.settings.name, await prepareChaincode(place));
      }
    }
  }

  /** Resolves when the chaincode of these organisations, or of all, has registered. */
  async start(organizations: readonly string[] = [...this.runtimes.keys()]): Promise<void> {
    await Promise.all(organizations.flatMap((mspId) => [...this.of(mspId).values()]).map((runtime) => runtime.start()));
  }

  /** One organisation's chaincode by name. */
  of(mspId: string): ReadonlyMap<string, ChaincodeRuntime> {
    return this.runtimes.get(mspId) ?? new Map<string, ChaincodeRuntime>();
  }

  /** Opens the streams of a peer that starts. */
  connect(mspId: string, peerIndex: number): void {
    for (const runtime of this.of(mspId).values()) runtime.connection(peerIndex);
  }

  /** Ends the streams of a peer that stops. */
  disconnect(mspId: string, peerIndex: number): void {
    for (const runtime of this.of(mspId).values()) runtime.disconnect(peerIndex);
  }

  /** Process ids of one chaincode, by MSP id. */
  pids(chaincode: string): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [mspId, byName] of this.runtimes) {
      const pid = byName.get(chaincode)?.pid;
      if (pid !== undefined) found.set(mspId, pid);
    }
    return found;
  }

  /** Ends one organisation's processes for good. */
  async remove(mspId: string): Promise<void> {
    const byName = this.of(mspId);
    this.runtimes.delete(mspId);
    await Promise.allSettled([...byName.values()].map((runtime) => runtime.stop()));
  }

  async stop(): Promise<void> {
    const all = [...this.runtimes.values()].flatMap((byName) => [...byName.values()]);
    await Promise.allSettled(all.map((runtime) => runtime.stop()));
  }
}
