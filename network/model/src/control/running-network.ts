import { type Consortium } from '../consortium/consortium';
import { type RunningOrganization } from '../organizations/running-organization';
import { type AmendmentRequest } from './amendments';
import { type NetworkDefinition } from './network-definition';
import { type NetworkStatus } from './network-status';

/** What can be done to one node of a running network. */
export const NODE_ACTIONS = ['stop', 'start', 'restart', 'kill'] as const;
export type NodeAction = (typeof NODE_ACTIONS)[number];

/** What every kind of network is started with. */
export interface NetworkStart {
  readonly consortium: Consortium;
  /** Folder of each chaincode to run, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, string>;
  /** Where certificates, ledgers and logs are kept; a second start on it continues. */
  readonly dir: string;
  /** Fabric's `chaincode.executetimeout`; 30 s. */
  readonly executeTimeoutMillis?: number;
}

/** A consortium that runs in or below this process, whichever kind of network it is. */
export interface RunningNetwork {
  /** Its data directory, absolute. */
  readonly dir: string;
  /** The consortium's own channel. */
  readonly channel: string;
  readonly organizations: readonly RunningOrganization[];
  /** From the start's call to the moment every organisation could submit. */
  readonly elapsedMillis: number;
  status(): Promise<NetworkStatus>;
  /** @throws {@link OperatorError} `UNKNOWN_NAME`, or what went wrong. */
  act(action: NodeAction, node: string): Promise<void>;
  /** What the verbs work with, as it is now. */
  definition(): NetworkDefinition;
  /**
   * Brings what runs to what the amendments say and records them; all or nothing, one change after another.
   * @throws {@link OperatorError} `CHANGED_MEANWHILE` — what is recorded is not what they were made from.
   */
  amend(change: AmendmentRequest): Promise<void>;
  /** Stops all nodes; what they stored stays. */
  stop(): Promise<void>;
}
