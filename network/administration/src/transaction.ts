import {
  bytesOf,
  type common,
  type NewProposal,
  newSignedProposal,
  outlineProposal,
  type peer,
  prepareTransaction,
  type SignedBytes,
  type Signer,
} from '@lianyi/fabric-protocol';

/** A call of a (system) chaincode; `channelId` is '' for one that concerns the peer and no channel. */
export type Call = NewProposal;

export interface SignedCall extends SignedBytes {
  readonly channelId: string;
  readonly transactionId: string;
}

export function signCall(call: Call, signer: Signer): SignedCall {
  const { txId, ...signed } = newSignedProposal(call, signer, Date.now());
  return { ...signed, channelId: call.channelId, transactionId: txId };
}

/** Two peers that should have answered alike did not: one of them is a block behind, or runs other code. */
export class EndorsersDisagree extends Error {
  override readonly name = 'EndorsersDisagree';
}

/** Joins what the endorsers answered, which must be the same bytes, into a transaction and signs it. */
export function signTransaction(call: SignedCall, responses: readonly peer.ProposalResponse[], signer: Signer): common.Envelope {
  const payload = bytesOf(responses[0]?.getPayload_asU8() ?? new Uint8Array());
  const endorsements = responses.map((response) => {
    const endorsement = response.getEndorsement();
    if (!endorsement || !payload.equals(response.getPayload_asU8())) throw new EndorsersDisagree('the endorsers answered differently');
    return endorsement;
  });
  return sign(prepareTransaction(outlineProposal(call), payload, endorsements), signer);
}

/** Signs an envelope's payload in place. */
export function sign(envelope: common.Envelope, signer: Signer): common.Envelope {
  envelope.setSignature(signer.sign(bytesOf(envelope.getPayload_asU8())));
  return envelope;
}
