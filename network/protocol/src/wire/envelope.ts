import { createHash, randomBytes } from 'node:crypto';
import { tryDecode } from './decode';
import { bytesOf, common } from './proto';

/** protoutil/commonutils.go: 24 random bytes. */
const NONCE_BYTES = 24;

export function newNonce(): Buffer {
  return randomBytes(NONCE_BYTES);
}

/** hex(SHA-256(nonce || creator)) (protoutil/proputils.go ComputeTxID). */
export function computeTxId(nonce: Uint8Array, creator: Uint8Array): string {
  return createHash('sha256').update(nonce).update(creator).digest('hex');
}

/** An envelope with its headers unpacked. Header bytes are kept as they arrived: signatures and hashes cover those. */
export interface ParsedEnvelope {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly channelHeaderBytes: Buffer;
  readonly signatureHeaderBytes: Buffer;
  readonly channelHeader: common.ChannelHeader;
  readonly creator: Buffer;
  readonly nonce: Buffer;
  readonly data: Buffer;
}

/** How far an envelope could be read. */
type EnvelopeReading =
  { readonly ok: true; readonly envelope: ParsedEnvelope } | { readonly ok: false; readonly fault: 'envelope' | 'payload' | 'header' };

export function readEnvelope(bytes: Uint8Array): EnvelopeReading {
  const envelope = tryDecode(common.Envelope, bytes);
  if (!envelope) return { ok: false, fault: 'envelope' };
  const payloadBytes = bytesOf(envelope.getPayload_asU8());
  const payload = tryDecode(common.Payload, payloadBytes);
  if (!payload) return { ok: false, fault: 'payload' };
  const header = payload.getHeader();
  const channelHeader = header && tryDecode(common.ChannelHeader, header.getChannelHeader_asU8());
  const signatureHeader = header && tryDecode(common.SignatureHeader, header.getSignatureHeader_asU8());
  if (!channelHeader || !signatureHeader) return { ok: false, fault: 'header' };
  const parsed: ParsedEnvelope = {
    payload: payloadBytes,
    signature: bytesOf(envelope.getSignature_asU8()),
    channelHeaderBytes: bytesOf(header.getChannelHeader_asU8()),
    signatureHeaderBytes: bytesOf(header.getSignatureHeader_asU8()),
    channelHeader,
    creator: bytesOf(signatureHeader.getCreator_asU8()),
    nonce: bytesOf(signatureHeader.getNonce_asU8()),
    data: bytesOf(payload.getData_asU8()),
  };
  return { ok: true, envelope: parsed };
}
