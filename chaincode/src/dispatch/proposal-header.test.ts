import { common, peer } from '@hyperledger/fabric-protos';
import { type ChaincodeStub } from 'fabric-shim';
import { type SaidInHeader, channelHeaderBytes, stated } from '@lianyi/test/support/channel-header';
import { chaincodeNameOf, proposalMilliseconds } from './proposal-header';

const AT = 1_768_464_000; // seconds
const SAID: SaidInHeader = { channel: 'emr', chaincode: 'emr', transactionId: 'tx' };

type StubParts = [client: null, channel: string, txId: string, input: peer.ChaincodeInput, signed: object];
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the shim's index does not export the class whose objects it hands out
const Stub = require('fabric-shim/lib/stub') as new (...parts: StubParts) => ChaincodeStub; // its constructor, see there

/** As the shim makes it of what a peer sends. */
function stubOf(channelHeader: Uint8Array): ChaincodeStub {
  const headers = new common.Header();
  headers.setChannelHeader(channelHeader);
  headers.setSignatureHeader(new common.SignatureHeader().serializeBinary());
  const proposal = new peer.Proposal();
  proposal.setHeader(headers.serializeBinary());
  proposal.setPayload(Buffer.from([0x0a, 0]));
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  return new Stub(null, 'emr', 'tx', new peer.ChaincodeInput(), signed);
}

describe('what the chaincode reads of a proposal’s header', () => {
  it('is its time in whole milliseconds, and the chaincode’s name', () => {
    const stub = stubOf(channelHeaderBytes({ ...SAID, chaincode: 'other' }, stated(AT, 999_999_999)));
    expect([proposalMilliseconds(stub), chaincodeNameOf(stub)]).toEqual([AT * 1_000 + 999, 'other']);
  });

  it.each([
    ['in two pieces, of which a peer makes one time and the shim another', [stated(0, 999_000_000), stated(AT)]],
    ['twice the same', [stated(AT), stated(AT)]],
    ['twice, first one that is far off', [stated(1), stated(AT)]],
    ['not at all', []],
  ])('is no time that it says %s', (_how, times) => {
    const refused = expect.objectContaining({ code: 'INVALID_REQUEST', details: { path: 'proposal.timestamp' } }) as Error;
    expect(() => proposalMilliseconds(stubOf(channelHeaderBytes(SAID, ...times)))).toThrow(refused);
  });

  it('is no chaincode that it does not name', () => {
    expect(() => chaincodeNameOf(stubOf(channelHeaderBytes({ ...SAID, chaincode: '' }, stated(AT))))).toThrow('names no chaincode');
  });
});
