import { common, peer } from '@hyperledger/fabric-protos';
import { newBlock } from '@lianyi/fabric-protocol';
import { assertFewParts } from './block-client';

/** As many empty parts of a field. */
const empty = (field: number, count: number): Buffer => Buffer.alloc(2 * count, Buffer.from([(field << 3) | 2, 0]));
const part = (field: number, content: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  // four bytes of a varint, whatever the size
  for (let index = 0; index < 4; index += 1) size[index] = ((content.length >> (7 * index)) & 0x7f) | (index < 3 ? 0x80 : 0);
  return Buffer.concat([Buffer.from([(field << 3) | 2]), size, content]);
};
const MANY = 100_000;

describe('a block that a peer delivers', () => {
  it.each([0, 1, 500])('is taken with %d envelopes', (count) => {
    const block = newBlock(
      3,
      Buffer.alloc(32),
      Array.from({ length: count }, () => Buffer.alloc(300)),
    );
    const response = new peer.DeliverResponse();
    response.setBlock(common.Block.deserializeBinary(block.serializeBinary()));
    expect(() => {
      assertFewParts(response.serializeBinary());
    }).not.toThrow();
  });

  it('is taken where it is no block but a status', () => {
    const response = new peer.DeliverResponse();
    response.setStatus(common.Status.NOT_FOUND);
    expect(() => {
      assertFewParts(response.serializeBinary());
    }).not.toThrow();
  });

  it.each([
    ['entries of metadata', part(2, part(3, empty(1, MANY)))],
    ['entries of metadata in two pieces', part(2, Buffer.concat([part(3, empty(1, 40)), part(3, empty(1, 40))]))],
    ['envelopes', part(2, part(2, empty(1, MANY)))],
    ['fields of a header', part(2, part(1, empty(2, MANY)))],
    ['headers', part(2, empty(1, MANY))],
    ['blocks', empty(2, MANY)],
    ['fields that there are not', empty(15, MANY)],
    ['filtered transactions, which nobody asked for', part(3, empty(4, MANY))],
    ['private data, which nobody asked for', part(4, part(1, part(2, empty(1, MANY))))],
  ])('is refused with too many %s, before any is made an object', (_what, response) => {
    expect(() => {
      assertFewParts(response);
    }).toThrow('more parts');
  });
});
