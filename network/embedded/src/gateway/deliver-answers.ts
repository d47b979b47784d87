import { common, ledger, peer } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { readTransactions, toHeaderType, toValidationCode } from './block-transactions';

export type DeliverForm = 'block' | 'filtered' | 'private';

/** A block as one of the peer's deliver services shows it; `holder` = the peer whose private data goes with it. */
export function answerWith(form: DeliverForm, channel: EmbeddedChannel, holder: string, block: common.Block): peer.DeliverResponse {
  const response = new peer.DeliverResponse();
  if (form === 'block') response.setBlock(block);
  else if (form === 'filtered') showFiltered(response, channel.name, block);
  else response.setBlockAndPrivateData(withPrivateData(channel, holder, block));
  return response;
}

/** A status stands for a block that has no filtered form, and the stream goes on. */
function showFiltered(response: peer.DeliverResponse, channelId: string, block: common.Block): void {
  if (readTransactions(block).some(({ isUnreadable }) => isUnreadable)) response.setStatus(common.Status.BAD_REQUEST);
  else response.setFilteredBlock(filter(channelId, block));
}

/** Events without their payload, and invalid transactions too. @remarks Source: core/peer/deliverevents.go. */
function filter(channelId: string, block: common.Block): peer.FilteredBlock {
  const filtered = new peer.FilteredBlock();
  filtered.setChannelId(channelId);
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  for (const { txId, type, validationCode, events } of readTransactions(block)) {
    const transaction = new peer.FilteredTransaction();
    transaction.setTxid(txId);
    const headerType = toHeaderType(type);
    if (headerType !== undefined) transaction.setType(headerType);
    transaction.setTxValidationCode(toValidationCode(validationCode));
    if (type === common.HeaderType.ENDORSER_TRANSACTION) transaction.setTransactionActions(filteredActions(events));
    filtered.addFilteredTransactions(transaction);
  }
  return filtered;
}

function filteredActions(events: readonly (peer.ChaincodeEvent | undefined)[]): peer.FilteredTransactionActions {
  const actions = new peer.FilteredTransactionActions();
  for (const event of events) {
    if (event === undefined) continue;
    const action = new peer.FilteredChaincodeAction();
    const withoutPayload = event.clone();
    withoutPayload.setPayload('');
    action.setChaincodeEvent(withoutPayload);
    actions.addChaincodeActions(action);
  }
  return actions;
}

function withPrivateData({ blocks }: EmbeddedChannel, holder: string, block: common.Block): peer.BlockAndPrivateData {
  const response = new peer.BlockAndPrivateData();
  response.setBlock(block);
  const writes = blocks.getPrivateWrites(holder, block.getHeader()?.getNumber() ?? 0);
  for (const [txIndex, held] of Map.groupBy(writes, (write) => write.txIndex)) {
    const set = new ledger.rwset.TxPvtReadWriteSet();
    set.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
    for (const [namespace, collections] of Map.groupBy(held, (write) => write.namespace)) {
      const namespaceSet = new ledger.rwset.NsPvtReadWriteSet();
      namespaceSet.setNamespace(namespace);
      namespaceSet.setCollectionPvtRwsetList(
        collections.map(({ collection, kvRwSet }) => {
          const collectionSet = new ledger.rwset.CollectionPvtReadWriteSet();
          collectionSet.setCollectionName(collection);
          collectionSet.setRwset(kvRwSet);
          return collectionSet;
        }),
      );
      set.addNsPvtRwset(namespaceSet);
    }
    response.getPrivateDataMapMap().set(txIndex, set);
  }
  return response;
}
