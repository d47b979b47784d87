import {
  type ChaincodeSource,
  chooseFreePorts,
  type Consortium,
  OperatorError,
  type Organization,
  organizationPaths,
  plannedServices,
  serviceName,
} from '@lianyi/network-model';
import { type ChaincodeRuntime } from './chaincode/runtime';
import { prepareChaincode } from './start-chaincode';
import { type StateDir } from './state-dir';

/** One organisation's process of one version of a chaincode, for all its peers and channels. */
export interface ChaincodeService {
  readonly name: string;
  readonly mspId: string;
  readonly source: ChaincodeSource;
  readonly runtime: ChaincodeRuntime;
}

interface WantedService extends Omit<ChaincodeService, 'runtime'> {
  readonly organization: Organization;
}

/** The chaincode processes of all organisations. */
export class OrganizationChaincodes {
  #services: readonly ChaincodeService[] = [];

  constructor(
    private readonly stateDir: StateDir,
    private readonly executeTimeoutMillis: number,
  ) {}

  list(): readonly ChaincodeService[] {
    return this.#services;
  }

  /** @throws {@link OperatorError} `UNKNOWN_NAME`. */
  get(name: string): ChaincodeService {
    const found = this.#services.find((service) => service.name === name);
    if (found === undefined)
      throw new OperatorError('UNKNOWN_NAME', { en: `there is no chaincode service ${name}`, zh: `没有链码服务 ${name}` });
    return found;
  }

  /** An organisation's service of a package; `undefined`: it runs none. */
  of(mspId: string, packageId: string): ChaincodeRuntime | undefined {
    return this.#services.find((service) => service.mspId === mspId && service.source.chaincodePackage.packageId === packageId)?.runtime;
  }

  /**
   * Prepares the services of these chaincodes that are not there yet, with certificates and ports; they do not run yet.
   * Answers them.
   */
  async prepare(consortium: Consortium, sources: readonly ChaincodeSource[]): Promise<readonly ChaincodeService[]> {
    const missing = wantedServices(consortium, sources).filter((wanted) => this.#find(wanted) === undefined);
    const ports = await chooseFreePorts(missing.length);
    const { stateDir, executeTimeoutMillis } = this;
    const prepared = await Promise.all(
      missing.map(async ({ organization, ...service }, index) => {
        const runtime = await prepareChaincode({
          ...service,
          stateDir,
          organization,
          paths: organizationPaths(stateDir.path, organization),
          port: ports[index] ?? 0,
          index: consortium.organizations.indexOf(organization),
          executeTimeoutMillis,
        });
        return { ...service, runtime };
      }),
    );
    this.#services = [...this.#services, ...prepared];
    return prepared;
  }

  /** Ends the services that these chaincodes do not need. */
  async retain(consortium: Consortium, sources: readonly ChaincodeSource[]): Promise<void> {
    const wanted = wantedServices(consortium, sources);
    const leaving = this.#services.filter((service) => !wanted.some((each) => isSame(each, service)));
    await this.remove(leaving);
  }

  async remove(leaving: readonly ChaincodeService[]): Promise<void> {
    this.#services = this.#services.filter((service) => !leaving.includes(service));
    await Promise.allSettled(leaving.map(({ runtime }) => runtime.stop()));
  }

  /** Opens the streams of a peer that starts. */
  connect(mspId: string, peerIndex: number): void {
    for (const service of this.#services) if (service.mspId === mspId) service.runtime.connection(peerIndex);
  }

  /** Ends the streams of a peer that stops. */
  disconnect(mspId: string, peerIndex: number): void {
    for (const service of this.#services) if (service.mspId === mspId) service.runtime.disconnect(peerIndex);
  }

  /** Process ids of one chaincode, by MSP id; of several versions those of the newest. */
  pids(chaincode: string): ReadonlyMap<string, number> {
    const own = this.#services.filter(({ source }) => source.settings.name === chaincode);
    return new Map(own.flatMap(({ mspId, runtime }) => (runtime.pid === undefined ? [] : [[mspId, runtime.pid] as const])));
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#services.map(({ runtime }) => runtime.stop()));
  }

  #find(wanted: Pick<ChaincodeService, 'mspId' | 'source'>): ChaincodeService | undefined {
    return this.#services.find((service) => isSame(service, wanted));
  }
}

function isSame(one: Pick<ChaincodeService, 'mspId' | 'source'>, other: Pick<ChaincodeService, 'mspId' | 'source'>): boolean {
  return one.mspId === other.mspId && one.source.chaincodePackage.packageId === other.source.chaincodePackage.packageId;
}

function wantedServices(consortium: Consortium, sources: readonly ChaincodeSource[]): readonly WantedService[] {
  const running = { ...consortium, chaincodes: sources.map(({ settings }) => settings) };
  return plannedServices(running).flatMap((services) => {
    const { name, version } = services.chaincode;
    const source = sources.find(({ settings }) => settings.name === name && settings.version === version);
    if (source === undefined) return [];
    return services.organizations.map((organization) => ({
      name: serviceName(services, organization),
      mspId: organization.mspId,
      organization,
      source,
    }));
  });
}
