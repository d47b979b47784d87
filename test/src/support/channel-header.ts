import { common, marshal, msp, peer, Timestamp } from '@lianyi/fabric-protocol';

/** A time as a header says it. */
export function stated(seconds: number, nanos = 0): Timestamp {
  const time = new Timestamp();
  time.setSeconds(seconds);
  time.setNanos(nanos);
  return time;
}

/** The instant in whole milliseconds. */
export function statedMillis(atMillis: number): Timestamp {
  const millis = ((atMillis % 1_000) + 1_000) % 1_000;
  return stated((atMillis - millis) / 1_000, millis * 1_000_000);
}

/** What a channel header says beside the time. */
export interface SaidInHeader {
  readonly channel: string;
  readonly chaincode: string;
  readonly transactionId: string;
}

/** A channel header that holds its time in so many pieces, all of them where a protobuf library writes the one. */
export function channelHeaderBytes({ channel, chaincode, transactionId }: SaidInHeader, ...times: readonly Timestamp[]): Buffer {
  const typed = new common.ChannelHeader();
  typed.setType(common.HeaderType.ENDORSER_TRANSACTION);
  const pieces = times.map((time) => {
    const timed = new common.ChannelHeader();
    timed.setTimestamp(time);
    return marshal(timed);
  });
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const named = new common.ChannelHeader();
  named.setChannelId(channel);
  named.setTxId(transactionId);
  named.setExtension$(marshal(extension));
  return Buffer.concat([marshal(typed), ...pieces, marshal(named)]);
}

/** A signature header as every client writes it, of somebody who has this certificate. */
export function signatureHeaderBytes(mspId: string, certificatePem: string, nonce = Buffer.alloc(24, 7)): Uint8Array {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(Buffer.from(certificatePem));
  const header = new common.SignatureHeader();
  header.setCreator(creator.serializeBinary());
  header.setNonce(nonce);
  return header.serializeBinary();
}
