import { refuseUnknownChaincode } from '../administration/chaincode-source';
import { type Consortium } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { type RunningOrganization } from '../organizations/running-organization';
import { readLaunchCommand } from './chaincode/launch-command';
import { EmbeddedNetwork } from './embedded-network';
import { StateDir } from './state-dir';

export interface EmbeddedNetworkOptions {
  readonly consortium: Consortium;
  /** Directory of each chaincode's package, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, string>;
  /** Where certificates, chain and logs are kept; a second start on it continues. */
  readonly dir: string;
  /** Fabric's `chaincode.executetimeout`; 30 s. */
  readonly executeTimeoutMillis?: number;
  /** Milliseconds by which peers commit later than the others, by node name or, for all of an organisation, MSP id. */
  readonly lag?: ReadonlyMap<string, number>;
  readonly onProgress?: (step: string) => void;
}

export interface RunningNetwork {
  readonly dir: string;
  /** The consortium's own channel. */
  readonly channel: string;
  readonly organizations: readonly RunningOrganization[];
  /** From the call to the moment everything answers. */
  readonly elapsedMillis: number;
  /** Process ids of one chaincode, by MSP id. */
  chaincodePids(chaincode: string): ReadonlyMap<string, number>;
  /** Number of blocks of the consortium's own channel. */
  height(): number;
  stop(): Promise<void>;
}

/**
 * Starts a whole consortium in this process, and each organisation's chaincode in its own. Loopback only. It protects
 * nobody: one process holds every key. Throws {@link OperatorError} with one sentence; nothing is left running then.
 */
export async function startEmbeddedNetwork(options: EmbeddedNetworkOptions): Promise<EmbeddedNetwork> {
  const startedAt = performance.now();
  refuseProduction();
  refuseUnknownChaincode(options.consortium, options.chaincodes);
  for (const folder of options.chaincodes.values()) readLaunchCommand(folder); // before anything is made
  const stateDir = StateDir.open(options.dir, options.consortium);
  const network = openNetwork(options, stateDir);
  try {
    await network.start();
  } catch (error) {
    await network.stop();
    throw error;
  }
  network.elapsedMillis = Math.round(performance.now() - startedAt);
  return network;
}

function openNetwork(options: EmbeddedNetworkOptions, stateDir: StateDir): EmbeddedNetwork {
  try {
    return new EmbeddedNetwork(options, stateDir);
  } catch (error) {
    stateDir.release();
    throw error;
  }
}

function refuseProduction(): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new OperatorError(
      'POLICY_REFUSED',
      'the embedded network is a workbench that protects nobody: it does not start with NODE_ENV=production',
    );
  }
}
