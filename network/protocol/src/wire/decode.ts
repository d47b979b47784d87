import { type Message } from 'google-protobuf';

/** A generated message class. */
export interface MessageType<T extends Message> {
  deserializeBinary(bytes: Uint8Array): T;
}

/** Decodes bytes of strangers: `undefined` instead of an exception when they are not the message. */
export function tryDecode<T extends Message>(type: MessageType<T>, bytes: Uint8Array): T | undefined {
  try {
    return type.deserializeBinary(bytes);
  } catch {
    return undefined; // google-protobuf throws plain Errors of no use to anyone; the caller answers with its own code
  }
}
