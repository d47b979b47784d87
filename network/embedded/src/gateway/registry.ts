import { type SignedBytes } from '@lianyi/fabric-protocol';
import { type ProposalAnswer } from '../peer/endorser';

/** One endorsing peer as a gateway sees it on one channel. */
export interface EndorserClient {
  readonly mspId: string;
  readonly address: string;
  /** Blocks its ledger of the channel has. */
  readonly height: number;
  runs(chaincode: string): boolean;
  process(signed: SignedBytes): Promise<ProposalAnswer>;
}

/** The local endorser's answers reach the gateway as they are; another peer's errors come through gRPC and lose their kind. */
export function asRemote(client: EndorserClient): EndorserClient {
  return {
    mspId: client.mspId,
    address: client.address,
    height: client.height,
    runs: (chaincode) => client.runs(chaincode),
    process: async (signed) => {
      const answer = await client.process(signed);
      return answer.kind === 'response' ? answer : { kind: 'unavailable', message: `rpc error: code = Unknown desc = ${answer.message}` };
    },
  };
}

/** The highest first; of equals the first given, which is a gateway's own peer. @remarks Source: internal/pkg/gateway/registry.go sorter. */
export function byHeight(endorsers: readonly EndorserClient[]): EndorserClient[] {
  return [...endorsers].sort((a, b) => b.height - a.height);
}
