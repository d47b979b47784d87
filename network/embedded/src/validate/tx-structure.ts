import { createHash } from 'node:crypto';
import {
  bytesOf,
  common,
  computeTxId,
  type MspManager,
  type NamespaceRwSet,
  type ParsedEnvelope,
  parseRwSet,
  peer,
  readEnvelope,
  type SignedData,
  tryDecode,
} from '@lianyi/fabric-protocol';
import { headerMillis } from '../ledger/header-time';
import { Code } from './code';

const { HeaderType } = common;

/** An endorser transaction whose structure and signatures hold; endorsements are not yet judged. */
export interface EndorserTransaction {
  readonly kind: 'endorser';
  readonly chaincode: string;
  readonly rwSet: readonly NamespaceRwSet[];
  readonly endorsements: readonly SignedData[];
}
interface ConfigTransaction {
  readonly kind: 'config';
  readonly config: common.Config;
}
type TransactionBody = EndorserTransaction | ConfigTransaction;

export interface TransactionReading {
  /** '' when the header cannot be read. An invalid transaction's id is used up too. */
  readonly txId: string;
  readonly timestampMillis: number;
  readonly code: Code;
  /** Present if and only if the code is VALID. */
  readonly transaction?: TransactionBody;
}

export interface StructureContext {
  readonly channel: string;
  readonly msps: MspManager;
  isTransactionKnown(txId: string): boolean;
}

/** What the last step needs of an endorser transaction. */
interface ActionParts {
  readonly actionPayload: peer.ChaincodeActionPayload;
  readonly responsePayloadBytes: Buffer;
  readonly responsePayload: peer.ProposalResponsePayload;
}

type Outcome = { readonly code: Code } | { readonly transaction: TransactionBody };

/**
 * Checks one envelope in Fabric's order and answers the code of the first failing step.
 * @remarks Source: core/common/validation/msgvalidation.go, core/committer/txvalidator/v20/validator.go and
 * plugindispatcher/dispatcher.go; the codes were confirmed on a recorded chain.
 */
export function readTransaction(bytes: Buffer, context: StructureContext): TransactionReading {
  const reading = readEnvelope(bytes);
  if (!reading.ok) return { txId: '', timestampMillis: 0, code: unreadableCode(reading.fault) };
  const { channelHeader, channelHeaderBytes } = reading.envelope;
  const identified = { txId: channelHeader.getTxId(), timestampMillis: timestampOf(channelHeaderBytes) };
  const outcome = check(reading.envelope, context);
  return 'code' in outcome ? { ...identified, code: outcome.code } : { ...identified, code: Code.VALID, transaction: outcome.transaction };
}

/** Fabric takes any time, also one no calendar has: that is 0 here. */
function timestampOf(channelHeader: Uint8Array): number {
  const millis = headerMillis(channelHeader);
  return Number.isSafeInteger(millis) ? millis : 0;
}

function unreadableCode(fault: 'envelope' | 'payload' | 'header'): Code {
  if (fault === 'envelope') return Code.INVALID_OTHER_REASON;
  return fault === 'payload' ? Code.BAD_PAYLOAD : Code.BAD_COMMON_HEADER;
}

function check(envelope: ParsedEnvelope, context: StructureContext): Outcome {
  if (!isHeaderSound(envelope)) return { code: Code.BAD_COMMON_HEADER };
  if (!isSignedByCreator(envelope, context.msps)) return { code: Code.BAD_CREATOR_SIGNATURE };
  const type = envelope.channelHeader.getType();
  if (type === HeaderType.CONFIG) return checkConfig(envelope, context);
  if (type === HeaderType.CONFIG_UPDATE) return { code: Code.UNSUPPORTED_TX_PAYLOAD };
  return checkEndorserTransaction(envelope, context);
}

function isHeaderSound({ channelHeader, nonce, creator }: ParsedEnvelope): boolean {
  const types: readonly number[] = [HeaderType.CONFIG, HeaderType.CONFIG_UPDATE, HeaderType.ENDORSER_TRANSACTION];
  return types.includes(channelHeader.getType()) && channelHeader.getEpoch() === 0 && nonce.length > 0 && creator.length > 0;
}

function isSignedByCreator({ creator, payload, signature }: ParsedEnvelope, msps: MspManager): boolean {
  const identity = msps.deserialize(creator);
  return identity !== undefined && msps.invalidReason(identity) === undefined && identity.verify(payload, signature);
}

function checkConfig({ channelHeader, data }: ParsedEnvelope, { channel }: StructureContext): Outcome {
  if (channelHeader.getChannelId() !== channel) return { code: Code.TARGET_CHAIN_NOT_FOUND };
  const config = tryDecode(common.ConfigEnvelope, data)?.getConfig();
  return config ? { transaction: { kind: 'config', config } } : { code: Code.INVALID_CONFIG_TRANSACTION };
}

function checkEndorserTransaction(envelope: ParsedEnvelope, context: StructureContext): Outcome {
  const { channelHeader, nonce, creator } = envelope;
  const txId = channelHeader.getTxId();
  if (txId !== computeTxId(nonce, creator)) return { code: Code.BAD_PROPOSAL_TXID };
  const parts = readAction(envelope);
  if (!parts) return { code: Code.INVALID_ENDORSER_TRANSACTION };
  if (channelHeader.getChannelId() !== context.channel) return { code: Code.TARGET_CHAIN_NOT_FOUND };
  if (context.isTransactionKnown(txId)) return { code: Code.DUPLICATE_TXID };
  return checkAction(envelope, parts);
}

/** msgvalidation.go validateEndorserTransaction; `undefined` = INVALID_ENDORSER_TRANSACTION. */
function readAction({ data, channelHeaderBytes }: ParsedEnvelope): ActionParts | undefined {
  const [action, ...others] = tryDecode(peer.Transaction, data)?.getActionsList() ?? [];
  if (!action || others.length > 0 || !isSignatureHeader(action.getHeader_asU8())) return undefined;
  const actionPayload = tryDecode(peer.ChaincodeActionPayload, action.getPayload_asU8());
  const responsePayloadBytes = actionPayload?.getAction()?.getProposalResponsePayload_asU8();
  const responsePayload = responsePayloadBytes && tryDecode(peer.ProposalResponsePayload, responsePayloadBytes);
  if (!actionPayload || !responsePayload) return undefined;
  // protoutil.GetProposalHash2: the action's own signature header, the envelope's channel header
  const hash = createHash('sha256')
    .update(channelHeaderBytes)
    .update(action.getHeader_asU8())
    .update(actionPayload.getChaincodeProposalPayload_asU8())
    .digest();
  if (!hash.equals(responsePayload.getProposalHash_asU8())) return undefined;
  return { actionPayload, responsePayloadBytes: bytesOf(responsePayloadBytes), responsePayload };
}

function isSignatureHeader(bytes: Uint8Array): boolean {
  const header = tryDecode(common.SignatureHeader, bytes);
  return header !== undefined && header.getNonce_asU8().length > 0 && header.getCreator_asU8().length > 0;
}

/** dispatcher.go Dispatch, up to the definitions. */
function checkAction({ channelHeader }: ParsedEnvelope, parts: ActionParts): Outcome {
  const extension = tryDecode(peer.ChaincodeHeaderExtension, channelHeader.getExtension_asU8());
  if (!extension) return { code: Code.BAD_HEADER_EXTENSION };
  const actionBytes = parts.responsePayload.getExtension_asU8();
  const action = actionBytes.length === 0 ? undefined : tryDecode(peer.ChaincodeAction, actionBytes);
  if (!action) return { code: Code.BAD_RESPONSE_PAYLOAD };
  const rwSet = parseRwSet(bytesOf(action.getResults_asU8()));
  if (!rwSet) return { code: Code.BAD_RWSET };
  const named = extension.getChaincodeId();
  const executed = action.getChaincodeId();
  if (!named || !executed) return { code: Code.INVALID_OTHER_REASON };
  const chaincode = named.getName();
  if (chaincode === '' || chaincode !== executed.getName() || executed.getVersion() === '') return { code: Code.INVALID_CHAINCODE };
  if (!isEventSound(action, chaincode)) return { code: Code.INVALID_OTHER_REASON };
  if (new Set(rwSet.map(({ namespace }) => namespace)).size !== rwSet.length) return { code: Code.ILLEGAL_WRITESET };
  return { transaction: { kind: 'endorser', chaincode, rwSet, endorsements: endorsementsOf(parts) } };
}

function isEventSound(action: peer.ChaincodeAction, chaincode: string): boolean {
  const bytes = action.getEvents_asU8();
  return bytes.length === 0 || tryDecode(peer.ChaincodeEvent, bytes)?.getChaincodeId() === chaincode;
}

function endorsementsOf({ actionPayload, responsePayloadBytes }: ActionParts): readonly SignedData[] {
  return (actionPayload.getAction()?.getEndorsementsList() ?? []).map((endorsement) => {
    const identity = bytesOf(endorsement.getEndorser_asU8());
    return { data: Buffer.concat([responsePayloadBytes, identity]), identity, signature: bytesOf(endorsement.getSignature_asU8()) };
  });
}
