import { BlockAuthority, common, ConfigurationUnread, marshal, msp, newBlock } from '@lianyi/fabric-protocol';
import { type Attack, type AttackOutcome } from '../attack';
import { ChainInMemory } from '../chain-in-memory';

/** MSPs by anonymous credentials (msp/msp.go ProviderType IDEMIX), which peers know and this program does not. */
const IDEMIX = 1;

/** The first configuration, with one organisation's definition of another kind. */
function changed(genesis: common.Block, mspId: string): Buffer {
  const envelope = common.Envelope.deserializeBinary(genesis.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const content = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
  const sections = content.getConfig()?.getChannelGroup()?.getGroupsMap();
  for (const section of ['Application', 'Orderer']) {
    const value = sections?.get(section)?.getGroupsMap().get(mspId)?.getValuesMap().get('MSP');
    const definition = new msp.MSPConfig();
    definition.setType(IDEMIX);
    definition.setConfig(Buffer.from('an issuer’s keys'));
    value?.setValue(marshal(definition));
  }
  payload.setData(marshal(content));
  envelope.setPayload(marshal(payload));
  return marshal(envelope);
}

/** B’s administrator gives B a definition that this program cannot read. Then A’s orderer makes the next block. */
async function run(): Promise<AttackOutcome> {
  const chain = await ChainInMemory.make();
  const authority = BlockAuthority.ofGenesis(chain.genesis);
  const configuration = newBlock(1, Buffer.alloc(32), [changed(chain.genesis, chain.consortium.b.mspId)]);
  try {
    if (!authority.follow(configuration)) throw new Error('the block was not taken for a configuration');
    const refusal = authority.refusalOf(chain.after(configuration, [Buffer.from('a transaction')], true));
    const seen = `the chain goes on; ${authority.unread.length} parts are named as unread`;
    return { succeeded: refusal !== undefined, seen: refusal ?? seen };
  } catch (error) {
    if (!(error instanceof ConfigurationUnread)) throw error;
    return { succeeded: true, seen: `every node stops at the block: ${error.message}` };
  }
}

/** Shown with a definition of a kind that this program says it does not read; forms that it merely read otherwise are in the unit tests. */
export const unreadDefinition: Attack = {
  id: 'R4-3',
  title: 'one member’s administrator stops every node’s chain by a definition of the own organisation',
  defences: [{ file: 'network/protocol/src/channel-config/channel-config.ts', name: 'readPart', body: 'return read();' }],
  networks: ['embedded'],
  run,
};
