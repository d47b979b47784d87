import { common, orderer, type SignedData } from '@lianyi/fabric-protocol';
import { refuseAccess } from '../peer/access';
import { type FindChannel } from '../peer/system-chaincode';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { BlockCursor, closeWithClient } from './block-cursor';
import { type Outgoing, send } from './send';

const { Status } = common;
export type StatusCode = common.StatusMap[keyof common.StatusMap];

const statusCodes: readonly StatusCode[] = Object.values(Status);

/** The status a number stands for; what stands for none is a fault of this program. */
export function toStatus(code: number): StatusCode {
  return statusCodes.find((status) => status === code) ?? Status.INTERNAL_SERVER_ERROR;
}

/** Who delivers: a peer in one of its forms, or an orderer. */
export interface DeliverParts<Response> {
  readonly findChannel: FindChannel;
  /** Path of the policy that says who may read. */
  readonly policy: string;
  readonly answerWith: (channel: EmbeddedChannel, block: common.Block) => Response;
  readonly now: () => number;
}

/** @remarks Source: common/deliver/deliver.go; the same window as for proposals. */
const timeWindowMillis = 15 * 60_000;

interface SeekRequest {
  readonly channelId: string;
  readonly signed: SignedData;
  readonly seek: orderer.SeekInfo | undefined;
}

/**
 * Serves one request of a deliver stream and answers how it ended. A success is followed by the next request on the same
 * stream, anything else ends it.
 */
export async function deliverBlocks<Response>(
  parts: DeliverParts<Response>,
  envelope: common.Envelope,
  call: Outgoing<Response>,
): Promise<StatusCode | undefined> {
  const request = readRequest(envelope, parts.now());
  if (request === undefined) return Status.BAD_REQUEST;
  const channel = parts.findChannel(request.channelId);
  if (channel === undefined) return Status.NOT_FOUND;
  const { seek } = request;
  if (seek === undefined) return Status.BAD_REQUEST;
  const access = new SessionAccess(parts, channel, request.signed);
  if (!access.isAllowed()) return Status.FORBIDDEN;
  const range = readRange(seek, channel.state.height);
  if (typeof range === 'number') return range;
  const failIfNotReady = seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
  return sendRange(parts, { channel, access, failIfNotReady, ...range }, call);
}

interface Range {
  readonly start: number;
  readonly stop: number;
}

interface Delivery extends Range {
  readonly channel: EmbeddedChannel;
  readonly access: SessionAccess;
  readonly failIfNotReady: boolean;
}

/**
 * The right to read, of one stream. Expiry is looked at for every block; the policy again only when the channel's configuration has
 * changed, by which alone a certificate is revoked.
 * @remarks Source: common/deliver/acl.go SessionAccessControl.
 */
class SessionAccess {
  /** Those of the configuration by which the policy was last found satisfied. */
  #msps: EmbeddedChannel['msps'] | undefined;

  constructor(
    private readonly guard: Guard,
    private readonly channel: EmbeddedChannel,
    private readonly signed: SignedData,
  ) {}

  isAllowed(): boolean {
    const { msps } = this.channel;
    const identity = msps.deserialize(this.signed.identity);
    if (identity !== undefined && identity.expiresAtMillis <= this.guard.now()) return false;
    if (this.#msps === msps) return true;
    if (refuseAccess(this.channel, this.guard.policy, this.signed) !== undefined) return false;
    this.#msps = msps;
    return true;
  }
}

async function sendRange<Response>(
  parts: DeliverParts<Response>,
  { channel, access, failIfNotReady, start, stop }: Delivery,
  call: Outgoing<Response>,
): Promise<StatusCode | undefined> {
  const cursor = new BlockCursor(channel, start);
  const detach = closeWithClient(cursor, call);
  try {
    for (let number = start; number <= stop; number += 1) {
      if (failIfNotReady && number >= channel.state.height) return Status.NOT_FOUND;
      const block = await cursor.next();
      if (block === undefined) return undefined;
      if (!access.isAllowed()) return Status.FORBIDDEN;
      await send(call, parts.answerWith(channel, block));
    }
    return Status.SUCCESS;
  } finally {
    detach();
    cursor.close();
  }
}

/** `undefined` = malformed; a malformed seek inside a readable envelope is found only after the channel. */
function readRequest(envelope: common.Envelope, nowMillis: number): SeekRequest | undefined {
  try {
    const data = Buffer.from(envelope.getPayload_asU8());
    const payload = common.Payload.deserializeBinary(data);
    const header = payload.getHeader();
    if (header === undefined) return undefined;
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const timestamp = channelHeader.getTimestamp();
    if (timestamp === undefined || Math.abs(timestamp.getSeconds() * 1000 - nowMillis) > timeWindowMillis) return undefined;
    const creator = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8();
    const signed = { data, identity: Buffer.from(creator), signature: Buffer.from(envelope.getSignature_asU8()) };
    return { channelId: channelHeader.getChannelId(), signed, seek: readSeek(payload.getData_asU8()) };
  } catch {
    return undefined;
  }
}

function readSeek(bytes: Uint8Array): orderer.SeekInfo | undefined {
  try {
    return orderer.SeekInfo.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}

type Guard = Pick<DeliverParts<unknown>, 'policy' | 'now'>;

/** A start beyond the height is not found at once, also for a client that would wait; start = height waits. */
function readRange(seek: orderer.SeekInfo, height: number): Range | StatusCode {
  const startPosition = seek.getStart();
  const stopPosition = seek.getStop();
  if (startPosition === undefined || stopPosition === undefined) return Status.BAD_REQUEST;
  const start = startOf(startPosition, height);
  if (start === undefined) return Status.BAD_REQUEST;
  if (start > height) return Status.NOT_FOUND;
  const stop = stopOf(stopPosition, start, height);
  return stop < start ? Status.BAD_REQUEST : { start, stop };
}

const { TypeCase } = orderer.SeekPosition;

function startOf(position: orderer.SeekPosition, height: number): number | undefined {
  switch (position.getTypeCase()) {
    case TypeCase.OLDEST:
      return 0;
    case TypeCase.NEWEST:
      return height - 1;
    case TypeCase.NEXT_COMMIT:
      return height;
    case TypeCase.SPECIFIED:
      return position.getSpecified()?.getNumber();
    default:
      return undefined;
  }
}

function stopOf(position: orderer.SeekPosition, start: number, height: number): number {
  switch (position.getTypeCase()) {
    case TypeCase.OLDEST:
      return start;
    case TypeCase.SPECIFIED:
      return position.getSpecified()?.getNumber() ?? 0;
    case TypeCase.NEWEST:
      return Math.max(start, height - 1);
    default:
      return 0;
  }
}
