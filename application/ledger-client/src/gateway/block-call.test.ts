import { common, peer } from '@hyperledger/fabric-protos';
import { newBlock } from '@lianyi/fabric-protocol';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';
import { shortestOf } from '@lianyi/test/stalling/shortest-of';
import { parseBlock } from './block';
import { readCall } from './block-call';

const EMR = 'emr';

/** Where a stranger puts fields that nobody has asked for, or one field very often: `7a 00`, `0a 00`, ... so many bytes of it. */
type Place = 'envelope' | 'payload' | 'headers' | 'channelHeader' | 'data' | 'action' | 'results' | 'namespace' | 'proposal';

/** A transaction that writes one key, with `junk` in one place. */
function envelopeWith(place: Place | undefined, junk: Uint8Array): Uint8Array {
  const at = (here: Place, bytes: Uint8Array): Uint8Array => (here === place ? new Uint8Array(Buffer.concat([bytes, junk])) : bytes);
  const id = new peer.ChaincodeID();
  id.setName(EMR);
  const action = new peer.ChaincodeAction();
  action.setChaincodeId(id);
  action.setResults(at('results', buildRwSet({ [EMR]: { writes: { key: 'value' } } })));
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(at('action', action.serializeBinary()));
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(at('proposal', new Uint8Array(0)));
  content.setAction(endorsed);
  const actions = new peer.TransactionAction();
  actions.setPayload(content.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(actions);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setTxId('t1');
  const headers = new common.Header();
  headers.setChannelHeader(at('channelHeader', channelHeader.serializeBinary()));
  const payload = new common.Payload();
  payload.setHeader(headers);
  payload.setData(at('data', transaction.serializeBinary()));
  const envelope = new common.Envelope();
  // a second piece of the header is part of it
  const pieces = place === 'headers' ? Buffer.from(junk.map((byte, index) => (index % 2 === 0 ? 0x0a : byte))) : new Uint8Array(0);
  envelope.setPayload(Buffer.concat([at('payload', payload.serializeBinary()), pieces]));
  return at('envelope', envelope.serializeBinary());
}

const junkOf = (field: number, count: number): Uint8Array => Buffer.alloc(2 * count, Buffer.from([(field << 3) | 2, 0]));

describe('a transaction that a stranger has filled up', () => {
  const places: readonly (readonly [Place, number])[] = [
    ['envelope', 15],
    ['envelope', 2],
    ['payload', 15],
    ['headers', 15],
    ['channelHeader', 15],
    ['channelHeader', 5],
    ['data', 15],
    ['action', 15],
    ['results', 15],
    ['proposal', 1],
  ];

  it.each(places)('in its %s with field %d is read as before', (place, field) => {
    const call = readCall(envelopeWith(undefined, new Uint8Array(0)), EMR);
    expect(call).toMatchObject({ writes: [{ key: 'key' }] });
    const block = newBlock(1, Buffer.alloc(32), [Buffer.from(envelopeWith(place, junkOf(field, 1_000)))]);
    // of a field that is there twice, the last counts: for a peer it is no valid transaction then
    const named = place === 'channelHeader' && field === 5 ? { transactionId: '' } : {};
    expect(readCall(envelopeWith(place, junkOf(field, 1_000)), EMR)).toEqual({ ...(call as object), ...named });
    expect(parseBlock(common.Block.deserializeBinary(block.serializeBinary())).transactions).toHaveLength(1);
  });

  it.each(places)('in its %s with field %d costs as much more as it is longer', (place, field) => {
    const cost = (count: number): number => {
      const envelope = envelopeWith(place, junkOf(field, count));
      return shortestOf(5, () => readCall(envelope, EMR));
    };
    cost(1_000);
    // sixty-four times as long: a copy of all before for each field would cost four thousand times as much
    expect(cost(64_000) / cost(1_000)).toBeLessThan(512);
  });

  it('with very many actions is none that a peer has as valid, and no object is made of each', () => {
    const envelope = envelopeWith('data', junkOf(1, 2_000_000));
    expect(readCall(envelope, EMR)).toBe('unreadable');
    const block = common.Block.deserializeBinary(newBlock(1, Buffer.alloc(32), [Buffer.from(envelope)]).serializeBinary());
    const before = process.memoryUsage().rss;
    expect(parseBlock(block).transactions).toMatchObject([{ transactionId: '', event: undefined }]);
    expect((process.memoryUsage().rss - before) / envelope.length).toBeLessThan(8);
  });
});
