import { common } from '@hyperledger/fabric-protos';
import { envelopesOf } from '@lianyi/fabric-protocol';
import { followBlocks } from './block-follower';
import { FakeBlocks, genesisOf, newOrderers, nextBlock, type Orderers, sinkOf } from './ordered-chain.fixture';

describe('following, at a configuration block', () => {
  let own: Orderers;
  let stranger: Orderers;
  let genesis: common.Block;
  let stop: AbortController;

  beforeAll(async () => {
    own = await newOrderers('AMSP');
    stranger = await newOrderers('BMSP');
    genesis = genesisOf(own, stranger);
  });
  beforeEach(() => {
    stop = new AbortController();
  });

  /** With bytes of another wire type in the definition of an organisation, or something that is none. */
  function configurationOf(definition: Uint8Array | undefined, behind = ''): Uint8Array {
    const [bytes] = envelopesOf(genesis);
    const envelopeOf = common.Envelope.deserializeBinary(bytes ?? new Uint8Array());
    const payload = common.Payload.deserializeBinary(envelopeOf.getPayload_asU8());
    const content = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
    const sections = content.getConfig()?.getChannelGroup()?.getGroupsMap();
    for (const section of ['Application', 'Orderer']) {
      const value = sections?.get(section)?.getGroupsMap().get('BMSP')?.getValuesMap().get('MSP');
      if (definition !== undefined) value?.setValue(definition);
    }
    payload.setData(Buffer.concat([content.serializeBinary(), Buffer.from(behind, 'hex')]));
    envelopeOf.setPayload(payload.serializeBinary());
    return envelopeOf.serializeBinary();
  }

  it.each([
    ['that has an MSP of another kind', Buffer.from('0801', 'hex'), ''],
    ['that has an empty definition', new Uint8Array(0), ''],
    ['whose update has a field of another wire type', undefined, '12020805'],
    ['with unknown fields', undefined, '7805'],
  ])('%s, goes on by the signatures of the others', async (_what, definition, behind) => {
    const config = nextBlock(genesis, own.orderer, [configurationOf(definition, behind)]);
    const sink = sinkOf(3, stop);
    const told: (readonly string[])[] = [];
    await followBlocks(
      new FakeBlocks([genesis, config, nextBlock(config, own.orderer, [Buffer.from('a transaction')])]),
      sink,
      stop.signal,
      {
        configured: (unread) => told.push(unread.map(({ path }) => path)),
      },
    );
    expect(sink.applied.map(({ blockNumber }) => Number(blockNumber))).toEqual([0, 1, 2]);
    expect(told).toEqual([[], definition?.length === 2 ? ['/Channel/Application/BMSP', '/Channel/Orderer/BMSP'] : []]);
    expect(sink.applied[1]?.configuration).toBeDefined();
    // and after a restart
    const again = new AbortController();
    const restarted: number[] = [];
    await followBlocks(
      new FakeBlocks([genesis, config, nextBlock(config, own.orderer, [Buffer.from('a transaction')])]),
      sink,
      again.signal,
      {
        configured: (unread) => {
          restarted.push(unread.length);
          again.abort();
        },
      },
    );
    expect(restarted).toEqual([told[1]?.length]);
  });

  it('that cannot be read at all, waits with a fault that names it, and goes on when it can', async () => {
    const config = nextBlock(genesis, own.orderer, [configurationOf(undefined, '0a05')]);
    const blocks = new FakeBlocks([genesis, config]);
    const sink = sinkOf(2, stop);
    const failures: unknown[] = [];
    await followBlocks(blocks, sink, stop.signal, {
      interrupted: (error) => {
        failures.push(error);
        blocks.blocks[1] = nextBlock(genesis, own.orderer, [Buffer.from('a transaction')]);
      },
    });
    expect(failures).toMatchObject([
      { name: 'ConfigurationUnread', message: expect.stringContaining('block 1: its configuration') as string },
    ]);
    expect(sink.applied.map(({ blockNumber }) => Number(blockNumber))).toEqual([0, 1]);
  });
});
