import { blockDataHash, blockHeaderHash, common, envelopesOf } from '@lianyi/fabric-protocol';

/**
 * Throws for a block the channel does not begin with. One of a later number Fabric refuses with these words; another of
 * number 0 it takes, and finds out when the orderers' blocks do not follow from it: here that would be never.
 * @remarks Source: fabric core/peer/peer.go createChannel, common/ledger/blkstorage/blockfile_mgr.go addBlock.
 */
export function refuseOtherFirstBlock(channel: string, first: Buffer | undefined, given: Buffer): void {
  const number = common.Block.deserializeBinary(given).getHeader()?.getNumber() ?? 0;
  if (number !== 0) throw new Error(`cannot create ledger from genesis block: block number should have been 0 but was ${number}`);
  if (first === undefined || !contentOf(first).equals(contentOf(given)))
    throw new Error(`cannot create ledger from genesis block: ${channel} begins with another block`);
}

/** What a block's hash is over, and the envelopes themselves; metadata differs from copy to copy. */
function contentOf(bytes: Buffer): Buffer {
  const block = common.Block.deserializeBinary(bytes);
  const header = block.getHeader();
  return Buffer.concat([header ? blockHeaderHash(header) : Buffer.alloc(0), blockDataHash(envelopesOf(block))]);
}
