import { common, msp, peer } from '@hyperledger/fabric-protos';
import { parseRwSet } from '@lianyi/fabric-protocol';

/** A public write of a transaction; an absent value is a deletion. */
export interface BlockWrite {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** What a client asked of a chaincode, and what its endorsers made of it, as both stand in a block. */
export interface BlockCall {
  readonly channel: string;
  readonly chaincode: string;
  /** The organisation whose client signed the transaction. */
  readonly creatorMspId: string;
  /** The time of the proposal, in milliseconds since 1970; whole milliseconds, as the chaincode reads it. */
  readonly proposedAtMillis: number;
  /** The chaincode's arguments, the first one its function; bytes that are no UTF-8 become U+FFFD, as in the chaincode. */
  readonly args: readonly string[];
  /** Public writes to the chaincode's own keys, in the order of the write set. */
  readonly writes: readonly BlockWrite[];
}

const ENDORSER_TRANSACTION: number = common.HeaderType.ENDORSER_TRANSACTION;
const NOTHING = new Uint8Array(0);

/**
 * Takes a transaction of a block apart; undefined if it is no call of a chaincode, or not readable as one: a peer that has it as VALID
 * has read it.
 */
export function readCall(envelope: Uint8Array): BlockCall | undefined {
  try {
    return callIn(envelope);
  } catch {
    return undefined; // bytes of strangers
  }
}

function callIn(envelope: Uint8Array): BlockCall | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? NOTHING);
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  if (header.getType() !== ENDORSER_TRANSACTION || action === undefined) return undefined;
  const content = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const { chaincode, args } = invocationIn(content.getChaincodeProposalPayload_asU8());
  return {
    channel: header.getChannelId(),
    chaincode,
    creatorMspId: creatorOf(payload),
    proposedAtMillis: millisOf(header),
    args,
    writes: writesOf(content.getAction()?.getProposalResponsePayload_asU8() ?? NOTHING, chaincode),
  };
}

function creatorOf(payload: common.Payload): string {
  const signer = common.SignatureHeader.deserializeBinary(payload.getHeader()?.getSignatureHeader_asU8() ?? NOTHING);
  return msp.SerializedIdentity.deserializeBinary(signer.getCreator_asU8()).getMspid();
}

function millisOf(header: common.ChannelHeader): number {
  const time = header.getTimestamp();
  return time === undefined ? 0 : time.getSeconds() * 1_000 + Math.floor(time.getNanos() / 1_000_000);
}

function invocationIn(proposalPayload: Uint8Array): Pick<BlockCall, 'chaincode' | 'args'> {
  const proposed = peer.ChaincodeProposalPayload.deserializeBinary(proposalPayload);
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposed.getInput_asU8()).getChaincodeSpec();
  const args = spec?.getInput()?.getArgsList_asU8() ?? [];
  return { chaincode: spec?.getChaincodeId()?.getName() ?? '', args: args.map((arg) => Buffer.from(arg).toString('utf8')) };
}

function writesOf(responsePayload: Uint8Array, chaincode: string): readonly BlockWrite[] {
  const response = peer.ProposalResponsePayload.deserializeBinary(responsePayload);
  const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  const namespaces = (parseRwSet(Buffer.from(results)) ?? []).filter(({ namespace }) => namespace === chaincode);
  return namespaces.flatMap(({ writes }) => writes.map(({ key, value, isDelete }) => ({ key, value: isDelete ? undefined : value })));
}
