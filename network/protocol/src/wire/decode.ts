import { type Message } from 'google-protobuf';
import { decodingFault } from './text';

/** A generated message class. */
export interface MessageType<T extends Message> {
  deserializeBinary(bytes: Uint8Array): T;
}

/** A message, or what Fabric's decoder says against the bytes. */
export type Decoding<T> = { readonly message: T } | { readonly fault: string };

/** Decodes bytes of strangers where the refusal tells why. */
export function decodeOr<T extends Message>(type: MessageType<T>, bytes: Uint8Array): Decoding<T> {
  try {
    return { message: type.deserializeBinary(bytes) };
  } catch (error) {
    return { fault: decodingFault(error) };
  }
}

/** Decodes bytes of strangers: `undefined` instead of an exception when they are not the message. */
export function tryDecode<T extends Message>(type: MessageType<T>, bytes: Uint8Array): T | undefined {
  try {
    return type.deserializeBinary(bytes);
  } catch {
    return undefined; // google-protobuf throws plain Errors of no use to anyone; the caller answers with its own code
  }
}
