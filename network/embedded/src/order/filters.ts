import {
  bytesOf,
  common,
  type ConfiguredPolicies,
  decodeOr,
  msp,
  type MspManager,
  parseCertificate,
  tryDecode,
} from '@lianyi/fabric-protocol';
import { type BroadcastResult } from '../ledger/embedded-channel';

const { Status, HeaderType } = common;

export interface FilterContext {
  readonly channel: string;
  readonly msps: MspManager;
  readonly policies: ConfiguredPolicies;
  readonly absoluteMaxBytes: number;
  readonly nowMillis: number;
}

const accepted: BroadcastResult = { status: Status.SUCCESS, info: '' };

/** @remarks Source: orderer/common/multichannel/registrar.go BroadcastChannelSupport. */
export const unknownToOrderer: BroadcastResult = { status: Status.BAD_REQUEST, info: 'channel does not exist' };

function badRequest(info: string): BroadcastResult {
  return { status: Status.BAD_REQUEST, info };
}

interface Message {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly channelHeader: common.ChannelHeader;
  readonly creator: Buffer;
}

interface Filtered {
  readonly result: BroadcastResult;
  /** common.HeaderType; 0 if the envelope cannot be read. */
  readonly type: number;
}

/** Which channel's an envelope is: its name, or the refusal of one that cannot be read. */
export function channelNamedBy(bytes: Buffer): string | BroadcastResult {
  const message = unpack(bytes);
  return typeof message === 'string' ? unreadable(message) : message.channelHeader.getChannelId();
}

function unreadable(fault: string): BroadcastResult {
  return badRequest(`could not determine channel ID: ${fault}`);
}

/**
 * The orderer's filters in Fabric's order: channel, type, size, expiry, signature. The texts are what clients see.
 * @remarks Source: orderer/common/broadcast/broadcast.go, orderer/common/msgprocessor/{standardchannel,sizefilter,expiration,sigfilter}.go.
 */
export function filterEnvelope(bytes: Buffer, context: FilterContext): Filtered {
  const message = unpack(bytes);
  if (typeof message === 'string') return { result: unreadable(message), type: 0 };
  const type = message.channelHeader.getType();
  const fault = typeFault(message, context);
  if (fault) return { result: fault, type };
  const refused = sizeFault(message, context) ?? expiryFault(message, context) ?? signatureFault(message, context);
  if (!refused) return { result: accepted, type };
  const prefix = type === HeaderType.CONFIG_UPDATE ? 'config update for existing channel did not pass initial checks: ' : '';
  return { result: { ...refused, info: `${prefix}${refused.info}` }, type };
}

/** multichannel/registrar.go BroadcastChannelSupport: only orderers make configuration transactions. */
function typeFault({ channelHeader }: Message, { channel }: FilterContext): BroadcastResult | undefined {
  if (channelHeader.getChannelId() !== channel) return unknownToOrderer;
  const type = channelHeader.getType();
  if (type === HeaderType.CONFIG) return badRequest('message is of type that cannot be processed directly');
  return type === HeaderType.ORDERER_TRANSACTION ? badRequest('message is of type that is no longer supported') : undefined;
}

function unpack(bytes: Buffer): Message | string {
  const envelope = tryDecode(common.Envelope, bytes);
  const payload = envelope && tryDecode(common.Payload, envelope.getPayload_asU8());
  if (!payload) return 'error unmarshalling Payload: proto: cannot parse invalid wire-format data';
  const header = payload.getHeader();
  if (!header) return 'header not set';
  const reading = decodeOr(common.ChannelHeader, header.getChannelHeader_asU8());
  if ('fault' in reading) return `error unmarshalling ChannelHeader: ${reading.fault}`;
  const signatureHeader = tryDecode(common.SignatureHeader, header.getSignatureHeader_asU8());
  return {
    payload: bytesOf(envelope.getPayload_asU8()),
    signature: bytesOf(envelope.getSignature_asU8()),
    channelHeader: reading.message,
    creator: bytesOf(signatureHeader?.getCreator_asU8() ?? new Uint8Array()),
  };
}

function sizeFault({ payload, signature }: Message, { absoluteMaxBytes }: FilterContext): BroadcastResult | undefined {
  const size = payload.length + signature.length;
  if (size <= absoluteMaxBytes) return undefined;
  return badRequest(`message payload is ${String(size)} bytes and exceeds maximum allowed ${String(absoluteMaxBytes)} bytes`);
}

/** Looks at the certificate alone, before anybody asks whose it is (common/crypto/expiration.go ExpiresAt). */
function expiryFault({ creator }: Message, { msps, nowMillis }: FilterContext): BroadcastResult | undefined {
  const expiresAtMillis = msps.deserialize(creator)?.expiresAtMillis ?? expiryOfStranger(creator);
  return expiresAtMillis !== undefined && nowMillis >= expiresAtMillis ? badRequest('broadcast client identity expired') : undefined;
}

function expiryOfStranger(creator: Buffer): number | undefined {
  const identity = tryDecode(msp.SerializedIdentity, creator);
  const certificate = identity && parseCertificate(bytesOf(identity.getIdBytes_asU8()).toString());
  return certificate?.notAfterMillis;
}

function signatureFault({ payload, signature, creator }: Message, { policies }: FilterContext): BroadcastResult | undefined {
  const reason = policies.evaluate('/Channel/Writers', [{ data: payload, identity: creator, signature }]);
  return reason === undefined ? undefined : { status: Status.FORBIDDEN, info: `${reason}: permission denied` };
}
