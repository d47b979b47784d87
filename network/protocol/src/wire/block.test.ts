import { basename } from 'node:path';
import { readChain, recordedChains } from '@lianyi/test/conformance/recording/recorded-chain';
import { envelopesOf, lastConfigIndexOf } from './block';
import { common } from './proto';

describe('the number of the last configuration block', () => {
  it.each(recordedChains().map((file) => [basename(file), file]))('stands in every block of %s', (_name, file) => {
    let last = 0;
    for (const { number, block } of readChain(file)) {
      const parsed = common.Block.deserializeBinary(Buffer.from(block, 'base64'));
      const [envelope] = envelopesOf(parsed);
      const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope ?? Buffer.alloc(0)).getPayload_asU8());
      const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
      if (header.getType() === common.HeaderType.CONFIG) last = number;
      expect(lastConfigIndexOf(parsed)).toBe(last);
    }
    expect(last).toBeGreaterThan(0);
  });
});
