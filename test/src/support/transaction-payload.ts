import { common, marshal, peer } from '@lianyi/fabric-protocol';

/** The payload of an envelope with one action; what its creator signs. */
export function transactionPayload(
  { channelHeader, signatureHeader }: { readonly channelHeader: Buffer; readonly signatureHeader: Buffer },
  content: peer.ChaincodeActionPayload,
): Buffer {
  const action = new peer.TransactionAction();
  action.setHeader(signatureHeader);
  action.setPayload(marshal(content));
  const transaction = new peer.Transaction();
  transaction.addActions(action);
  const header = new common.Header();
  header.setChannelHeader(channelHeader);
  header.setSignatureHeader(signatureHeader);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(transaction));
  return marshal(payload);
}
