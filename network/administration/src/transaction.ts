import { type NewProposal, newSignedProposal, type SignedBytes, type Signer } from '@lianyi/fabric-protocol';

export interface SignedCall extends SignedBytes {
  readonly channelId: string;
  readonly transactionId: string;
}

/** Signs a call of a (system) chaincode; its `channelId` is '' if it concerns the peer and no channel. */
export function signCall(call: NewProposal, signer: Signer): SignedCall {
  const { txId, ...signed } = newSignedProposal(call, signer, Date.now());
  return { ...signed, channelId: call.channelId, transactionId: txId };
}
