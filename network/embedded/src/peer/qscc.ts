import { common, marshal, peer } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { readersPath, refuseAccess } from './access';
import { failure, type FindChannel, success, type SystemCall, type SystemChaincode } from './system-chaincode';

type Query = (channel: EmbeddedChannel, argument: Buffer) => peer.Response;

const queries: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['GetChainInfo', chainInfo],
  ['GetBlockByNumber', blockByNumber],
  ['GetBlockByHash', blockByHash],
  ['GetBlockByTxID', blockByTxId],
  ['GetTransactionByID', transactionById],
]);

/** Query system chaincode: blocks and transactions of any channel of the peer, whichever the proposal names. @remarks Source: core/scc/qscc/query.go. */
export class QueryChaincode implements SystemChaincode {
  readonly name = 'qscc';
  readonly usesSimulator = false;

  constructor(private readonly findChannel: FindChannel) {}

  invoke({ args, creator, proposedChaincode }: SystemCall): peer.Response {
    if (args.length < 2) return failure(`Incorrect number of arguments, ${args.length}`);
    if (proposedChaincode !== this.name) {
      return failure(
        `Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, original invocation for '${proposedChaincode}'`,
      );
    }
    const [functionName = '', channelId = ''] = args.map(String);
    if (functionName !== 'GetChainInfo' && args.length < 3) return failure(`missing 3rd argument for ${functionName}`);
    const channel = this.findChannel(channelId);
    if (channel === undefined) return failure(`Invalid chain ID, ${channelId}`);
    const refusal = refuseAccess(channel, readersPath, creator);
    if (refusal !== undefined) return failure(`access denied for [${functionName}][${channelId}]: [${refusal}]`);
    const query = queries.get(functionName);
    return query === undefined ? failure(`Requested function ${functionName} not found.`) : query(channel, args[2] ?? Buffer.alloc(0));
  }
}

function chainInfo({ blocks, state }: EmbeddedChannel): peer.Response {
  const info = new common.BlockchainInfo();
  info.setHeight(state.height);
  info.setCurrentblockhash(blocks.lastBlockHash);
  const newest = blocks.getBlock(state.height - 1);
  if (newest !== undefined) info.setPreviousblockhash(common.Block.deserializeBinary(newest).getHeader()?.getPreviousHash_asU8() ?? '');
  return success(marshal(info));
}

function blockByNumber({ blocks }: EmbeddedChannel, argument: Buffer): peer.Response {
  const text = argument.toString();
  if (!/^\d{1,16}$/.test(text)) {
    return failure(`Failed to parse block number with error strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const block = blocks.getBlock(Number(text));
  return block === undefined
    ? failure(`Failed to get block number ${Number(text)}, error no such block number [${Number(text)}] in index`)
    : success(block);
}

function blockByHash({ blocks }: EmbeddedChannel, argument: Buffer): peer.Response {
  const number = blocks.getBlockNumberByHash(argument);
  const block = number === undefined ? undefined : blocks.getBlock(number);
  return block === undefined
    ? failure(`Failed to get block hash ${argument.toString()}, error no such block hash [${argument.toString('hex')}] in index`)
    : success(block);
}

function blockByTxId({ blocks }: EmbeddedChannel, argument: Buffer): peer.Response {
  const txId = argument.toString();
  const number = blocks.getBlockNumberByTxId(txId);
  const block = number === undefined ? undefined : blocks.getBlock(number);
  return block === undefined
    ? failure(`Failed to get block for txID ${txId}, error no such transaction ID [${txId}] in index`)
    : success(block);
}

function transactionById({ blocks }: EmbeddedChannel, argument: Buffer): peer.Response {
  const txId = argument.toString();
  const found = blocks.getTransaction(txId);
  if (found === undefined) return failure(`Failed to get transaction with id ${txId}, error no such transaction ID [${txId}] in index`);
  const processed = new peer.ProcessedTransaction();
  processed.setTransactionenvelope(common.Envelope.deserializeBinary(found.envelope));
  processed.setValidationcode(found.validationCode);
  return success(marshal(processed));
}
