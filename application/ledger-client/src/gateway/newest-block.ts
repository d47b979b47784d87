import { status } from '@grpc/grpc-js';
import type { Gateway } from '@hyperledger/fabric-gateway';
import { common, msp } from '@hyperledger/fabric-protos';
import { envelopePayload, seekInfo } from '@lianyi/fabric-protocol';
import { Unavailable } from '@lianyi/domain';
import { connectionCauseOf } from '@lianyi/domain/errors';
import { listened } from './listened';

/**
 * Number of a peer's newest block, asked of its deliver service, which every Fabric network offers.
 * @throws {@link Unavailable} the peer delivers no block; what the stream failed with when it takes longer than `withinMillis`.
 * @remarks Source: Fabric common/deliver/deliver.go (SeekNewest).
 */
export async function newestBlock(gateway: Gateway, channelId: string, withinMillis: number): Promise<bigint> {
  const identity = gateway.getIdentity();
  const creator = new msp.SerializedIdentity();
  creator.setMspid(identity.mspId);
  creator.setIdBytes(identity.credentials);
  const envelope = new common.Envelope();
  const data = seekInfo('newest', 'newest');
  envelope.setPayload(envelopePayload({ type: 'DELIVER_SEEK_INFO', channelId, data, creator: creator.serializeBinary() }));
  // the gateway session signs it
  const request = gateway.newBlockEventsRequest(envelope.serializeBinary());
  const stream = listened(await request.getEvents({ deadline: Date.now() + withinMillis }));
  try {
    for await (const block of stream) return BigInt(block.getHeader()?.getNumber() ?? 0);
  } finally {
    stream.close();
  }
  throw new Unavailable('the peer delivered no block');
}

/** A name for why a peer gave no answer: the client's own cause or the gRPC status where there is one. The text of an error may hold addresses. */
export function nameOfFailure(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const own = connectionCauseOf(error);
  if (own !== undefined) return own;
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }; // whatever was thrown
  return (typeof code === 'number' ? status[code] : undefined) ?? (typeof name === 'string' ? name : 'unknown');
}
