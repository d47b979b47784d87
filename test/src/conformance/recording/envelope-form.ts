import { common, ledger, peer } from '@lianyi/fabric-protocol';

interface MessageType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

/** `undefined` of bytes that are not the message. */
function read<T>(type: MessageType<T>, bytes: Uint8Array): T | undefined {
  try {
    return type.deserializeBinary(bytes);
  } catch {
    return undefined; // google-protobuf throws plain Errors
  }
}

/**
 * What kind of envelope these bytes are, whatever it is about: type, version and epoch of its header, how many actions it has, and
 * which of its nested parts are there and readable. Two envelopes that a peer or an orderer would take apart differently have
 * different forms.
 */
export function formOf(bytes: Uint8Array): string {
  const envelope = read(common.Envelope, bytes);
  const payload = envelope && read(common.Payload, envelope.getPayload_asU8());
  const header = payload?.getHeader();
  const channelHeader = header && read(common.ChannelHeader, header.getChannelHeader_asU8());
  if (payload === undefined || channelHeader === undefined) return 'unreadable';
  if (channelHeader.getType() === common.HeaderType.CONFIG)
    return `configuration, ${partOf(common.ConfigEnvelope, payload.getData_asU8())}`;
  const signatureHeader = read(common.SignatureHeader, header?.getSignatureHeader_asU8() ?? new Uint8Array());
  return [
    `type ${channelHeader.getType()}, version ${channelHeader.getVersion()}, epoch ${channelHeader.getEpoch()}`,
    `timestamp ${channelHeader.hasTimestamp() ? 'present' : 'absent'}`,
    `extension ${partOf(peer.ChaincodeHeaderExtension, channelHeader.getExtension_asU8())}`,
    `nonce of ${signatureHeader?.getNonce_asU8().length ?? 0} bytes`,
    `data ${partOf(peer.Transaction, payload.getData_asU8())}`,
    ...(read(peer.Transaction, payload.getData_asU8())?.getActionsList() ?? []).map(
      (action) => `action (${actionForm(action.getPayload_asU8())})`,
    ),
  ].join('; ');
}

function partOf(type: MessageType<unknown>, bytes: Uint8Array): string {
  if (bytes.length === 0) return 'absent';
  return read(type, bytes) === undefined ? 'unreadable' : 'readable';
}

function actionForm(bytes: Uint8Array): string {
  const action = read(peer.ChaincodeActionPayload, bytes);
  const endorsed = action?.getAction();
  if (endorsed === undefined) return partOf(peer.ChaincodeActionPayload, bytes);
  const response = read(peer.ProposalResponsePayload, endorsed.getProposalResponsePayload_asU8());
  const executed = read(peer.ChaincodeAction, response?.getExtension_asU8() ?? new Uint8Array());
  const results = executed?.getResults_asU8() ?? new Uint8Array();
  // an event is there or not as the chaincode likes
  const events = partOf(peer.ChaincodeEvent, executed?.getEvents_asU8() ?? new Uint8Array());
  return [
    `response ${partOf(peer.ProposalResponsePayload, endorsed.getProposalResponsePayload_asU8())}`,
    `answer ${partOf(peer.ChaincodeAction, response?.getExtension_asU8() ?? new Uint8Array())}`,
    `results ${resultsForm(results)}`,
    ...(events === 'unreadable' ? ['event unreadable'] : []),
  ].join(', ');
}

/** Whether namespaces come twice, too. A transaction that neither reads nor writes has no results. */
function resultsForm(bytes: Uint8Array): string {
  const results = read(ledger.rwset.TxReadWriteSet, bytes);
  if (results === undefined) return 'unreadable';
  const names = results.getNsRwsetList().map((namespace) => namespace.getNamespace());
  return new Set(names).size === names.length ? 'readable' : 'of a namespace twice';
}
