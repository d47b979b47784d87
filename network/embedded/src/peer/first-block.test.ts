import { common, marshal } from '@lianyi/fabric-protocol';
import { newConsortium } from '@lianyi/test/support/ledger-fixture';
import { refuseOtherFirstBlock } from './first-block';

type Block = InstanceType<typeof common.Block>;

describe('the block a peer joins a channel by', () => {
  let genesis: Buffer;
  const join = (change: (block: Block) => void) => () => {
    const block = common.Block.deserializeBinary(genesis);
    change(block);
    refuseOtherFirstBlock('emr', genesis, marshal(block));
  };

  beforeAll(async () => {
    ({ genesis } = await newConsortium());
  });

  it('is the first of the channel, whatever metadata the copy carries', () => {
    const copied = join((block) => {
      block.getMetadata()?.setMetadataList([Uint8Array.of(1)]);
    });
    expect(copied).not.toThrow();
  });

  it('is refused with the text of Fabric when it is a later one', () => {
    const later = join((block) => {
      block.getHeader()?.setNumber(7);
    });
    expect(later).toThrow('cannot create ledger from genesis block: block number should have been 0 but was 7');
  });

  it.each([
    ['another header', (block: Block) => block.getHeader()?.setDataHash(Uint8Array.of(1))],
    ['another predecessor', (block: Block) => block.getHeader()?.setPreviousHash(Uint8Array.of(1))],
    ['another content under the same header', (block: Block) => block.getData()?.addData(Uint8Array.of(1))],
    [
      'no header',
      (block: Block) => {
        block.clearHeader();
      },
    ],
  ])('is refused when it has %s', (_what, change) => {
    expect(
      join((block) => {
        change(block);
      }),
    ).toThrow('cannot create ledger from genesis block: emr begins with another block');
  });
});
