import { type Consortium, type RunningOrganization } from '@lianyi/network-model';

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
