import { type NodeAddress } from '@lianyi/client/node';
import { type NetworkName } from '../scenario/patient';

/** What a recovering process is given. */
export interface RecoveryTask {
  readonly phrase: string;
  readonly network: NetworkName;
  readonly address: NodeAddress;
}

/** What it cost. */
export interface RecoveryCost {
  readonly recovered: number;
  readonly lost: number;
  /** From the first byte sent to the wallet, with {@link waitedMillis}. */
  readonly millis: number;
  /** Of that, what was waited because the node had answered enough strangers for now. */
  readonly waitedMillis: number;
  readonly mebibytes: number;
}
