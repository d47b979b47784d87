/**
 * The only importer of fabric-protos in this package.
 *
 * A second copy of the generated code in one process breaks the first (it assigns a global `proto`), so message objects
 * never cross a process or package border: only bytes do.
 */
import { refuseMalformedText } from './text';

refuseMalformedText();

export { common, discovery, gateway, google, gossip, ledger, msp, orderer, peer } from '@hyperledger/fabric-protos';
export { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
export { Any } from 'google-protobuf/google/protobuf/any_pb';

/** What every generated message can do; lets helpers take any of them. */
export interface Message {
  serializeBinary(): Uint8Array;
}

/** Marshals a message into a Buffer without copying. */
export function marshal(message: Message): Buffer {
  const bytes = message.serializeBinary();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A Buffer over the bytes a generated getter returned, without copying. */
export function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
