import { peer, type SignedData } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type Simulator } from '../sim/simulator';

/** What a system chaincode, which runs inside the peer, is called with. */
export interface SystemCall {
  readonly args: readonly Buffer[];
  readonly creator: SignedData;
  /** The chaincode the proposal names: another one's call comes from chaincode. */
  readonly proposedChaincode: string;
  /** The channel the proposal names; absent where it concerns the peer alone. */
  readonly channel?: EmbeddedChannel;
}

export interface SystemChaincode {
  readonly name: string;
  /** qscc and cscc run without: they take no read lock and produce no read/write set. */
  readonly usesSimulator: boolean;
  invoke(call: SystemCall, simulator: Simulator | undefined): peer.Response;
}

/** A channel this peer has joined. */
export type FindChannel = (name: string) => EmbeddedChannel | undefined;

/** Version of every system chaincode in transactions (seen on the recorded chain). */
export const systemVersion = 'syscc';

export function success(payload: Buffer = Buffer.alloc(0)): peer.Response {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  return response;
}

export function failure(message: string, status = 500): peer.Response {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  return response;
}
