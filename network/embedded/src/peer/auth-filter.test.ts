import { common, marshal, type MspManager, peer } from '@lianyi/fabric-protocol';
import { channelHeaderBytes, stated } from '@lianyi/test/support/channel-header';
import { refuseUnauthenticated } from './auth-filter';

const NOW = 1_768_464_000; // seconds
const nobodyKnown = { deserialize: () => undefined } as unknown as MspManager; // as much of it as the filter asks

function refusalAt(...times: Parameters<typeof stated>[]): string | undefined {
  const said = { channel: 'emr', chaincode: 'emr', transactionId: 'tx' };
  const header = new common.Header();
  header.setChannelHeader(channelHeaderBytes(said, ...times.map((time) => stated(...time))));
  header.setSignatureHeader(marshal(new common.SignatureHeader()));
  const proposal = new peer.Proposal();
  proposal.setHeader(marshal(header));
  return refuseUnauthenticated({ proposalBytes: marshal(proposal), signature: Buffer.alloc(0) }, () => nobodyKnown, NOW * 1_000);
}

describe('the time of a proposal', () => {
  it('is let pass within fifteen minutes, also in the two pieces of which Go makes one time', () => {
    expect([refusalAt([NOW]), refusalAt([NOW + 900]), refusalAt([NOW], [0, 999_000_000])]).toEqual([undefined, undefined, undefined]);
    expect(refusalAt([0, 999_000_000], [NOW])).toBeUndefined();
  });

  it.each<readonly [string, Parameters<typeof stated>[]]>([
    ['a second more than fifteen minutes off', [[NOW - 901]]],
    ['in two pieces, the last of which says more', [[NOW], [NOW + 901]]],
    ['in no piece', []],
  ])('is refused %s', (_how, times) => {
    expect(refusalAt(...times)).toContain('incorrect timestamp');
  });
});
