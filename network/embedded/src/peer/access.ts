import { type SignedData } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';

export const writersPath = '/Channel/Application/Writers';
export const readersPath = '/Channel/Application/Readers';

/** Refusal of an access check in Fabric's words; `undefined` = allowed. @remarks Source: core/policy/policy.go. */
export function refuseAccess(channel: EmbeddedChannel, path: string, request: SignedData): string | undefined {
  const reason = channel.policies.evaluate(path, [request]);
  return reason === undefined
    ? undefined
    : `Failed evaluating policy on signed data during check policy on channel [${channel.name}] with policy [${path}]: [${reason}]`;
}

export function unknownAtPeer(channelId: string): string {
  return `Failed to get policy manager for channel [${channelId}]`;
}
