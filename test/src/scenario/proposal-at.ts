import { GatewayError, StatusCode } from '@hyperledger/fabric-gateway';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { decodeError, encodeArgument, newRequest, type Proof, qualifiedName, type Request, type TransactionEntry } from '@lianyi/domain';
import { type Timestamp } from '@lianyi/fabric-protocol';
import { type PeerSession } from '@lianyi/ledger-client';
import { channelHeaderBytes, statedMillis } from '../support/channel-header';
import { type NetworkName } from './patient';

/** A transaction as a hostile client proposes it: the time of a proposal is whatever its client says. */
export interface TimedCall<Entry extends TransactionEntry> {
  readonly entry: Entry;
  readonly input: Request<Entry>;
  readonly proof: Proof;
  readonly atMillis: number;
  /** In so many pieces; left out: in one. */
  readonly inPieces?: readonly Timestamp[];
}

/** Submits with a proposal of that very time. @returns the refusal's code, or `committed`. */
export async function submitAt<Entry extends TransactionEntry>(
  session: PeerSession,
  { channel, chaincode }: NetworkName,
  { entry, input, proof, atMillis, inPieces = [statedMillis(atMillis)] }: TimedCall<Entry>,
): Promise<string> {
  const contract = session.gateway.getNetwork(channel).getContract(chaincode);
  const built = contract.newProposal(qualifiedName(entry), { arguments: [encodeArgument(newRequest(entry, input, { proof }))] });
  const proposal = session.gateway.newProposal(withTime(built.getBytes(), chaincode, inPieces));
  try {
    const commit = await (await proposal.endorse()).submit();
    const status = await commit.getStatus();
    return status.code === StatusCode.VALID ? 'committed' : `validation code ${status.code}`;
  } catch (error) {
    const texts = error instanceof GatewayError ? error.details.map(({ message }) => message) : [];
    const refusal = texts.map(decodeError).find((found) => found !== undefined);
    if (refusal === undefined) throw error;
    return refusal.code;
  }
}

/** The same proposal with another time in its channel header; nonce and creator, and so the transaction id, stay. */
function withTime(proposedTransaction: Uint8Array, chaincode: string, times: readonly Timestamp[]): Uint8Array {
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposedTransaction);
  const signed = proposed.getProposal() ?? new peer.SignedProposal();
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channel = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getChannelId();
  header.setChannelHeader(channelHeaderBytes({ channel, chaincode, transactionId: proposed.getTransactionId() }, ...times));
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  signed.setSignature(new Uint8Array(0));
  proposed.setProposal(signed);
  return proposed.serializeBinary();
}
