import { common, peer } from '@lianyi/fabric-protocol';
import { observedCase } from '../conformance-case';
import { A, type ConformanceNetwork } from '../conformance-network';

const ask =
  (chaincode: string, name: string, ...args: readonly string[]) =>
  async (network: ConformanceNetwork): Promise<string> => {
    await network
      .as(A)
      .contract(chaincode)
      .evaluateTransaction(name, ...args);
    return 'answered';
  };

export const systemChaincodeCases = [
  observedCase('56a', 'qscc: a transaction nobody made', ask('qscc', 'GetTransactionByID', 'emr', 'f'.repeat(64))),
  observedCase('56b', 'qscc: a block to come', ask('qscc', 'GetBlockByNumber', 'emr', '99999999')),
  observedCase('56c', 'qscc: a block number that is none', ask('qscc', 'GetBlockByNumber', 'emr', 'one')),
  observedCase('56d', 'qscc: no block number', ask('qscc', 'GetBlockByNumber', 'emr')),
  observedCase('56e', 'qscc: an operation nobody knows', ask('qscc', 'Nonsense', 'emr')),
  observedCase('56f', 'qscc: no channel', ask('qscc', 'GetChainInfo')),
  observedCase('56g', 'qscc: another channel', ask('qscc', 'GetChainInfo', 'nochan')),
  observedCase('56h', 'qscc: the block of a transaction nobody made', ask('qscc', 'GetBlockByTxID', 'emr', 'f'.repeat(64))),
  observedCase('56i', 'qscc: a block by a hash of none', ask('qscc', 'GetBlockByHash', 'emr', 'no hash')),
  observedCase('56j', 'qscc: a transaction by its id', async (network) => {
    const transaction = await network.as(A).endorse('put', [network.key(), 'x']);
    await (await transaction.submit()).getStatus();
    const bytes = await network.as(A).contract('qscc').evaluateTransaction('GetTransactionByID', 'emr', transaction.getTransactionId());
    const found = peer.ProcessedTransaction.deserializeBinary(bytes);
    return { code: found.getValidationcode(), hasEnvelope: found.getTransactionenvelope() !== undefined };
  }),
  observedCase('56k', 'qscc: the first block', async (network) => {
    const bytes = await network.as(A).contract('qscc').evaluateTransaction('GetBlockByNumber', 'emr', '0');
    const block = common.Block.deserializeBinary(bytes);
    return [block.getHeader()?.getNumber(), block.getData()?.getDataList().length, block.getMetadata()?.getMetadataList().length];
  }),
  observedCase('56l', 'qscc: submitted instead of evaluated', (network) =>
    network
      .as(A)
      .contract('qscc')
      .submitTransaction('GetChainInfo', 'emr')
      .then(() => 'committed'),
  ),
  observedCase('56m', 'cscc: channels of the peer', async (network) => {
    const bytes = await network.as(A, 'Admin').contract('cscc').evaluateTransaction('GetChannels');
    return peer.ChannelQueryResponse.deserializeBinary(bytes)
      .getChannelsList()
      .map((channel) => channel.getChannelId())
      .filter((name) => name === 'emr');
  }),
  observedCase('56n', 'cscc: channels, asked by a user', ask('cscc', 'GetChannels')),
  observedCase('56o', 'cscc: configuration of a channel', ask('cscc', 'GetChannelConfig', 'emr')),
  observedCase('56p', 'cscc: configuration of another channel', ask('cscc', 'GetChannelConfig', 'nochan')),
  observedCase('56q', 'cscc: the first block', ask('cscc', 'GetConfigBlock', 'emr')),
  observedCase('56r', 'cscc: an operation nobody knows', ask('cscc', 'Nonsense', 'emr')),
  observedCase('56s', 'cscc: join, by a user', ask('cscc', 'JoinChain', 'no block')),
  observedCase('56w', 'cscc called by chaincode', (network) =>
    network.as(A).submit('call', ['cscc', JSON.stringify(['GetChannelConfig', 'emr'])]),
  ),
];
