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
  readonly millis: number;
  readonly mebibytes: number;
}
