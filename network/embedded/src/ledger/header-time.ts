import { WireMessage } from '@lianyi/fabric-protocol';

/** Field numbers of common/common.proto ChannelHeader and google/protobuf/timestamp.proto Timestamp. */
const TIMESTAMP = 3;
const SECONDS = 1;
const NANOS = 2;

/** The time that a client states, in milliseconds since 1970, as a peer reads it: several pieces are one. 0, as Go has it, where there is none. */
export function headerMillis(channelHeader: Uint8Array): number {
  try {
    const time = new WireMessage(channelHeader).message(TIMESTAMP);
    return Number(time.integer(SECONDS, 64)) * 1_000 + Math.floor(Number(time.integer(NANOS, 32)) / 1_000_000);
  } catch {
    return 0; // what Go cannot read, and the libraries for JavaScript can
  }
}
