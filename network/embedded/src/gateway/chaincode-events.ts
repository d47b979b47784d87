import { status } from '@grpc/grpc-js';
import { gateway, orderer, peer } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { BlockCursor, closeWithClient } from './block-cursor';
import { readTransactions } from './block-transactions';
import { decodeRequest, type Gateway } from './gateway';
import { type Outgoing, send } from './send';
import { RpcError } from './rpc-errors';

const { TypeCase } = orderer.SeekPosition;

/**
 * Sends the events of one chaincode, block by block, from valid transactions only, until the client leaves.
 * @remarks Source: internal/pkg/gateway/chaincodeevents.go. After the check at the start nobody looks at the identity again.
 */
export async function streamChaincodeEvents(
  owner: Gateway,
  signed: gateway.SignedChaincodeEventsRequest,
  call: Outgoing<gateway.ChaincodeEventsResponse>,
): Promise<void> {
  const bytes = Buffer.from(signed.getRequest_asU8());
  if (bytes.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  const request = decodeRequest('invalid chaincode events request', gateway.ChaincodeEventsRequest, bytes);
  const channel = owner.requireReader(request.getChannelId(), {
    data: bytes,
    identity: Buffer.from(request.getIdentity_asU8()),
    signature: Buffer.from(signed.getSignature_asU8()),
  });
  const cursor = new BlockCursor(channel, startBlock(channel, request));
  closeWithClient(cursor, call);
  const isMatch = eventMatcher(request.getChaincodeId(), request.getAfterTransactionId());
  for (let block = await cursor.next(); block !== undefined; block = await cursor.next()) {
    const matching = validEvents(readTransactions(block)).filter(isMatch);
    if (matching.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(block.getHeader()?.getNumber() ?? 0);
    response.setEventsList(matching);
    await send(call, response);
  }
}

function validEvents(transactions: ReturnType<typeof readTransactions>): peer.ChaincodeEvent[] {
  return transactions
    .filter((transaction) => transaction.validationCode === peer.TxValidationCode.VALID)
    .flatMap((transaction) => transaction.events.filter((event) => event !== undefined));
}

/** Resuming skips up to and including the event of the transaction seen last, whichever chaincode's it was. */
function eventMatcher(chaincode: string, afterTransactionId: string): (event: peer.ChaincodeEvent) => boolean {
  let passed = afterTransactionId === '';
  return (event) => {
    if (passed) return event.getChaincodeId() === chaincode;
    passed = event.getTxId() === afterTransactionId;
    return false;
  };
}

function startBlock(channel: EmbeddedChannel, request: gateway.ChaincodeEventsRequest): number {
  const after = request.getAfterTransactionId();
  const resumeAt = after === '' ? undefined : channel.blocks.getBlockNumberByTxId(after);
  if (resumeAt !== undefined) return resumeAt;
  const position = request.getStartPosition();
  switch (position?.getTypeCase() ?? TypeCase.TYPE_NOT_SET) {
    case TypeCase.SPECIFIED:
      return position?.getSpecified()?.getNumber() ?? 0;
    case TypeCase.TYPE_NOT_SET:
    case TypeCase.NEXT_COMMIT:
      return channel.state.height;
    default:
      throw new RpcError(status.INVALID_ARGUMENT, 'invalid start position type');
  }
}
