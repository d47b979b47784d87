import { common, peer } from '@hyperledger/fabric-protos';
import { BlockAuthority } from '@lianyi/fabric-protocol';
import { readChain, recordedChains } from '@lianyi/test/conformance/recording/recorded-chain';
import { parseBlock } from './block';
import { assertFewParts } from './block-client';

const ENDORSER_TRANSACTION: number = common.HeaderType.ENDORSER_TRANSACTION;

/** What the generated classes make of an envelope that no stranger has twisted. */
function byGeneratedClasses(envelope: Uint8Array): { readonly transactionId: string; readonly event: object | undefined } {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(0));
  const transactionId = header.getTxId();
  if (header.getType() !== ENDORSER_TRANSACTION) return { transactionId, event: undefined };
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const content = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array(0));
  const response = peer.ProposalResponsePayload.deserializeBinary(
    content.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(0),
  );
  const bytes = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getEvents_asU8();
  if (bytes.length === 0) return { transactionId, event: undefined };
  const event = peer.ChaincodeEvent.deserializeBinary(bytes);
  return { transactionId, event: { chaincode: event.getChaincodeId(), name: event.getEventName() } };
}

describe.each(recordedChains())('the blocks of real Fabric in %s', (file) => {
  const blocks = readChain(file).map(({ block }) => common.Block.deserializeBinary(Buffer.from(block, 'base64')));

  it('are all taken as they are delivered', () => {
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) {
      const response = new peer.DeliverResponse();
      response.setBlock(block);
      assertFewParts(response.serializeBinary());
    }
  });

  it('have the transactions and events that the generated classes find', () => {
    const readable = blocks.flatMap((block) => parseBlock(block).transactions).filter(({ validationCode }) => validationCode === 0);
    expect(readable.some(({ event }) => event !== undefined)).toBe(true);
    for (const { envelope, transactionId, event } of readable) {
      const told = event && { chaincode: event.chaincode, name: event.name };
      expect({ transactionId, event: told }).toEqual(byGeneratedClasses(envelope));
    }
  });

  it('are all ordered, by the configuration before each', () => {
    const [genesis, ...later] = blocks;
    if (genesis === undefined) throw new Error('no blocks');
    const authority = BlockAuthority.ofGenesis(genesis);
    for (const block of later) {
      expect(authority.refusalOf(block)).toBeUndefined();
      authority.follow(block);
    }
  });
});
