import { createHash } from 'node:crypto';
import { bytesOf, common, marshal, peer } from './proto';
import { decodingFault } from './text';

/** A proposal or request that cannot be read; the text is Fabric's. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** Decodes one message, failing with the text of Fabric's protoutil. */
export function decode<T>(typeName: string, type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (error) {
    throw new MalformedMessage(`error unmarshalling ${typeName}: ${decodingFault(error)}`);
  }
}

export interface SignedBytes {
  readonly proposalBytes: Buffer;
  readonly signature: Buffer;
}

/** What the gateway reads of a proposal before anybody has checked it. */
export interface ProposalOutline {
  readonly signed: SignedBytes;
  /** The proposal's header, byte for byte: it becomes the transaction's header. */
  readonly header: common.Header;
  readonly channelHeader: common.ChannelHeader;
  readonly payload: peer.ChaincodeProposalPayload;
  readonly spec: peer.ChaincodeSpec | undefined;
  readonly channelId: string;
  readonly chaincodeName: string;
  readonly hasTransient: boolean;
}

export function outlineProposal(signed: SignedBytes): ProposalOutline {
  const proposal = decode('Proposal', peer.Proposal, signed.proposalBytes);
  const header = decode('Header', common.Header, proposal.getHeader_asU8());
  const channelHeader = decode('ChannelHeader', common.ChannelHeader, header.getChannelHeader_asU8());
  const payload = decode('ChaincodeProposalPayload', peer.ChaincodeProposalPayload, proposal.getPayload_asU8());
  const spec = decode('ChaincodeInvocationSpec', peer.ChaincodeInvocationSpec, payload.getInput_asU8()).getChaincodeSpec();
  return {
    signed,
    header,
    channelHeader,
    payload,
    spec,
    channelId: channelHeader.getChannelId(),
    chaincodeName: spec?.getChaincodeId()?.getName() ?? '',
    hasTransient: payload.getTransientmapMap().getLength() > 0,
  };
}

/** What the endorser reads of a proposal. @remarks Source: core/endorser/msgvalidation.go UnpackProposal. */
export interface UnpackedProposal {
  readonly signed: SignedBytes;
  readonly channelId: string;
  readonly txId: string;
  readonly headerType: number;
  readonly epoch: number;
  readonly creator: Buffer;
  readonly nonce: Buffer;
  readonly chaincodeName: string;
  readonly input: peer.ChaincodeInput;
  readonly proposalHash: Buffer;
}

export function unpackProposal(signed: SignedBytes): UnpackedProposal {
  const { header, channelHeader, payload, spec } = outlineProposal(signed);
  const signatureHeader = decode('SignatureHeader', common.SignatureHeader, header.getSignatureHeader_asU8());
  const chaincodeName = readChaincodeName(channelHeader);
  if (spec === undefined) throw new MalformedMessage('chaincode invocation spec did not contain chaincode spec');
  const input = spec.getInput();
  if (input === undefined) throw new MalformedMessage('chaincode input did not contain any input');
  return {
    signed,
    channelId: channelHeader.getChannelId(),
    txId: channelHeader.getTxId(),
    headerType: channelHeader.getType(),
    epoch: channelHeader.getEpoch(),
    creator: bytesOf(signatureHeader.getCreator_asU8()),
    nonce: bytesOf(signatureHeader.getNonce_asU8()),
    chaincodeName,
    input,
    proposalHash: proposalHash(header, payload),
  };
}

function readChaincodeName(channelHeader: common.ChannelHeader): string {
  const extension = decode('ChaincodeHeaderExtension', peer.ChaincodeHeaderExtension, channelHeader.getExtension_asU8());
  const chaincodeId = extension.getChaincodeId();
  if (chaincodeId === undefined) throw new MalformedMessage('ChaincodeHeaderExtension.ChaincodeId is nil');
  if (chaincodeId.getName() === '') throw new MalformedMessage('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
  return chaincodeId.getName();
}

/** The payload as it goes into the transaction: without the transient map. */
export function withoutTransient(payload: peer.ChaincodeProposalPayload): Buffer {
  const stripped = new peer.ChaincodeProposalPayload();
  stripped.setInput(payload.getInput_asU8());
  return marshal(stripped);
}

/** Hash of the header bytes as received (never re-encoded) and of the payload without its transient map. */
function proposalHash(header: common.Header, payload: peer.ChaincodeProposalPayload): Buffer {
  return createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(withoutTransient(payload))
    .digest();
}

/** The proposal in the form chaincode receives it. */
export function signedProposalMessage(signed: SignedBytes): peer.SignedProposal {
  const message = new peer.SignedProposal();
  message.setProposalBytes(signed.proposalBytes);
  message.setSignature(signed.signature);
  return message;
}
