import { common, peer } from '@hyperledger/fabric-protos';
import { type ChaincodeStub } from 'fabric-shim';
import { type SaidInHeader, channelHeaderBytes, signatureHeaderBytes, stated } from '@lianyi/test/support/channel-header';
import { assertPlainCreator, chaincodeNameOf, proposalMilliseconds } from './proposal-header';

const AT = 1_768_464_000; // seconds
const PLAIN = signatureHeaderBytes('AlphaMSP', 'a certificate');
const SAID: SaidInHeader = { channel: 'emr', chaincode: 'emr', transactionId: 'tx' };

type StubParts = [client: null, channel: string, txId: string, input: peer.ChaincodeInput, signed: object];
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the shim's index does not export the class whose objects it hands out
const Stub = require('fabric-shim/lib/stub') as new (...parts: StubParts) => ChaincodeStub; // its constructor, see there

/** As the shim makes it of what a peer sends. */
function stubOf(channelHeader: Uint8Array, signatureHeader = PLAIN): ChaincodeStub {
  const headers = new common.Header();
  headers.setChannelHeader(channelHeader);
  headers.setSignatureHeader(signatureHeader);
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

  it('is one creator and one nonce', () => {
    expect(() => {
      assertPlainCreator(stubOf(channelHeaderBytes(SAID, stated(AT))));
    }).not.toThrow();
  });

  it.each<readonly [string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['a creator without a nonce', () => PLAIN.subarray(0, -26)],
    ['a nonce of another length', () => signatureHeaderBytes('AlphaMSP', 'a certificate', Buffer.alloc(23))],
    ['the nonce before the creator', () => Buffer.concat([PLAIN.subarray(-26), PLAIN.subarray(0, -26)])],
    ['a creator twice', () => Buffer.concat([PLAIN.subarray(0, -26), PLAIN])],
    ['a field that no client writes', () => Buffer.concat([PLAIN, Buffer.from([0x7a, 0x00])])],
    ['a creator that holds a field more', () => withIdentity(Buffer.concat([identity(), Buffer.from([0x7a, 0x00])]))],
    ['a creator without an organisation', () => withIdentity(identity().subarray(10))],
  ])('is no creator where the header holds %s', (_what, header) => {
    const refused = expect.objectContaining({ code: 'INVALID_REQUEST', details: { path: 'proposal.creator' } }) as Error;
    expect(() => {
      assertPlainCreator(stubOf(channelHeaderBytes(SAID, stated(AT)), header()));
    }).toThrow(refused);
  });
});

/** The creator of {@link PLAIN}: ten bytes name the organisation. */
function identity(): Uint8Array {
  return common.SignatureHeader.deserializeBinary(PLAIN).getCreator_asU8();
}

function withIdentity(creator: Uint8Array): Uint8Array {
  const header = new common.SignatureHeader();
  header.setCreator(creator);
  header.setNonce(Buffer.alloc(24));
  return header.serializeBinary();
}
