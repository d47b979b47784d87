import { type Signer } from './signer';
import { newNonce } from './envelope';
import { common, marshal, Timestamp } from './proto';

/** What an envelope is about, before anybody has signed it. */
interface UnsignedEnvelope {
  readonly type: keyof typeof common.HeaderType;
  readonly channelId: string;
  readonly data: Buffer;
  /** Marshalled msp.SerializedIdentity of whoever will sign. */
  readonly creator: Uint8Array;
  readonly nowMillis?: number;
}

/**
 * The payload of an envelope of another kind than a transaction: its header names type, channel, time and author, and no
 * transaction id, as Fabric's own has none.
 * @remarks Source: fabric protoutil/txutils.go CreateSignedEnvelope.
 */
export function envelopePayload({ type, channelId, data, creator, nowMillis = Date.now() }: UnsignedEnvelope): Buffer {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType[type]);
  channelHeader.setChannelId(channelId);
  // deliver refuses a request whose time is out of its window (common/deliver/deliver.go)
  channelHeader.setTimestamp(Timestamp.fromDate(new Date(nowMillis)));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(newNonce());
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  return marshal(payload);
}

/** An envelope with {@link envelopePayload}, signed. */
export function signedEnvelope(
  type: keyof typeof common.HeaderType,
  channelId: string,
  data: Buffer,
  signer: Signer,
  nowMillis = Date.now(),
): common.Envelope {
  const payload = envelopePayload({ type, channelId, data, creator: signer.serializedIdentity, nowMillis });
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(signer.sign(payload));
  return envelope;
}
