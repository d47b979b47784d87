import { type CallOptions, Client, type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { WireMessage } from '@lianyi/fabric-protocol';

/** Field numbers of peer.DeliverResponse and common.Block. */
const DELIVERED = { block: 2, filteredBlock: 3, blockAndPrivateData: 4 };
const BLOCK = { header: 1, data: 2, metadata: 3 };

/** A block has three parts, its header three fields, its metadata five entries (common/common.proto). */
const MOST_FIELDS = 64;
/** An envelope that an orderer took is signed: a signature alone takes more (orderer/common/msgprocessor/sigfilter.go). */
const SMALLEST_ENVELOPE_BYTES = 64;

/**
 * Refuses what a peer delivers if it holds more parts than a block can have, before an object is made of each: a message of the largest
 * size can hold fifty million empty ones, which no memory has room for. Nobody has signed it yet.
 * @throws Error — it is no block, or none that an orderer makes
 */
export function assertFewParts(response: Uint8Array): void {
  const delivered = new WireMessage(response);
  const block = delivered.message(DELIVERED.block);
  const others = [delivered.message(DELIVERED.filteredBlock), delivered.message(DELIVERED.blockAndPrivateData)];
  const few = [delivered, block, block.message(BLOCK.header), block.message(BLOCK.metadata)];
  const mostEnvelopes = MOST_FIELDS + response.length / SMALLEST_ENVELOPE_BYTES;
  const isSparing =
    others.every((each) => each.countFields() === 0) &&
    few.every((each) => each.countFields() <= MOST_FIELDS) &&
    block.message(BLOCK.data).countFields() <= mostEnvelopes;
  if (!isSparing) throw new Error('the peer delivered a block of more parts than any can have');
}

/** A client whose streams are of blocks, and of such that {@link assertFewParts}. */
export class BlockClient extends Client {
  override makeBidiStreamRequest<Request, Response>(
    method: string,
    serialize: (value: Request) => Buffer,
    deserialize: (value: Buffer) => Response,
    metadata: Metadata | CallOptions = {},
    options: CallOptions = {},
  ): ClientDuplexStream<Request, Response> {
    const read = (bytes: Buffer): Response => {
      assertFewParts(bytes);
      return deserialize(bytes);
    };
    return metadata instanceof Metadata
      ? super.makeBidiStreamRequest(method, serialize, read, metadata, options)
      : super.makeBidiStreamRequest(method, serialize, read, metadata);
  }
}
