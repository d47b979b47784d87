import { type Signer } from './signer';
import { newNonce } from './envelope';
import { bytesOf, common, marshal, Timestamp } from './proto';

/**
 * An envelope of another kind than a transaction, signed: its header names type, channel, time and author, and no
 * transaction id, as Fabric's own has none.
 * @remarks Source: fabric protoutil/txutils.go CreateSignedEnvelope.
 */
export function signedEnvelope(
  type: keyof typeof common.HeaderType,
  channelId: string,
  data: Buffer,
  signer: Signer,
  nowMillis = Date.now(),
): common.Envelope {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType[type]);
  channelHeader.setChannelId(channelId);
  // deliver refuses a request whose time is out of its window (common/deliver/deliver.go)
  channelHeader.setTimestamp(Timestamp.fromDate(new Date(nowMillis)));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(signer.serializedIdentity);
  signatureHeader.setNonce(newNonce());
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  envelope.setSignature(signer.sign(bytesOf(envelope.getPayload_asU8())));
  return envelope;
}
