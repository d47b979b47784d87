import { common, peer } from '@lianyi/fabric-protocol';

const endorserTransaction = 3;
/** @remarks Source: common.BlockMetadataIndex. */
const transactionsFilterIndex = 2;

type ValidationCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];
type HeaderType = common.HeaderTypeMap[keyof common.HeaderTypeMap];
const validationCodes: Readonly<Record<string, ValidationCode>> = { ...peer.TxValidationCode };
const headerTypes: Readonly<Record<string, HeaderType>> = { ...common.HeaderType };

/** A number of the ledger as the generated setters want it. */
export function toValidationCode(code: number): ValidationCode {
  return Object.values(validationCodes).find((known) => known === code) ?? peer.TxValidationCode.INVALID_OTHER_REASON;
}

/** `undefined`: a type Fabric has no name for; its transaction is invalid. */
export function toHeaderType(type: number): HeaderType | undefined {
  return Object.values(headerTypes).find((known) => known === type);
}

/** What block and event streams tell about one transaction of a block. */
interface EventTransaction {
  readonly txId: string;
  readonly type: number;
  readonly validationCode: number;
  /** One per action of an endorser transaction; `undefined` if the action has no event. */
  readonly events: readonly (peer.ChaincodeEvent | undefined)[];
  /** An endorser transaction, or an action of it, that is no message. */
  readonly isUnreadable: boolean;
}

/** Reads a block for event streams. An envelope that cannot be read has no id and no event, as on a real peer. */
export function readTransactions(block: common.Block): EventTransaction[] {
  const codes = block.getMetadata()?.getMetadataList_asU8()[transactionsFilterIndex] ?? new Uint8Array();
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return envelopes.map((bytes, index) => {
    const validationCode = codes[index] ?? peer.TxValidationCode.NOT_VALIDATED;
    return { ...readEnvelope(bytes), validationCode };
  });
}

function readEnvelope(bytes: Uint8Array): Omit<EventTransaction, 'validationCode'> {
  try {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
    const type: number = header.getType();
    const events = type === endorserTransaction ? readEvents(payload.getData_asU8()) : [];
    return { txId: header.getTxId(), type, events: events ?? [], isUnreadable: events === undefined };
  } catch {
    return { txId: '', type: 0, events: [], isUnreadable: false };
  }
}

/** `undefined`: something in it is no message. */
function readEvents(transaction: Uint8Array): (peer.ChaincodeEvent | undefined)[] | undefined {
  try {
    return peer.Transaction.deserializeBinary(transaction)
      .getActionsList()
      .map((action) => readEvent(action.getPayload_asU8()));
  } catch {
    return undefined;
  }
}

function readEvent(actionPayload: Uint8Array): peer.ChaincodeEvent | undefined {
  const payload = peer.ChaincodeActionPayload.deserializeBinary(actionPayload).getAction()?.getProposalResponsePayload_asU8();
  const response = peer.ProposalResponsePayload.deserializeBinary(payload ?? new Uint8Array());
  const events = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getEvents_asU8();
  if (events.length === 0) return undefined;
  const event = peer.ChaincodeEvent.deserializeBinary(events);
  return event.getChaincodeId() === '' ? undefined : event;
}
