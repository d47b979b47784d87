import { common, msp, peer } from '@hyperledger/fabric-protos';
import { type Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { type BlockTransaction, type FollowedBlock } from '@lianyi/ledger-client';
import { channelHeaderBytes, statedMillis } from '@lianyi/test/support/channel-header';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';

/** A call as a client and its endorsers would have put it into a block. */
export interface Call {
  /** What the client asked for, if not `emr`. */
  readonly asked?: string;
  /** What the header calls the transaction, if not {@link TRANSACTION_ID}. */
  readonly transactionId?: string;
  /** What the endorsers executed, if not `emr`. */
  readonly executed?: string;
  /** Bytes in the place of the proposal, or of the write set. */
  readonly proposal?: Uint8Array;
  readonly results?: Uint8Array;
  /** Private writes of one organisation's collection. */
  readonly privateWrites?: Readonly<Record<string, string | null>>;
  readonly event?: BlockTransaction['event'];
  /** The time that the client states instead of `atMillis`, in so many pieces. */
  readonly statedTime?: readonly Timestamp[];
  readonly transaction: { readonly contract: string; readonly name: string };
  readonly argument: string;
  readonly writes?: Readonly<Record<string, string | null>>;
  /** Writes behind `writes`, of the same keys or of others. */
  readonly moreWrites?: readonly (readonly [string, string])[];
  /** How often it says who endorses these keys from now on. */
  readonly endorsersSaid?: Readonly<Record<string, number>>;
  readonly creatorMspId?: string;
  /** PEM, or whatever else stands in the place of a certificate. */
  readonly creatorCertificate?: string | Uint8Array;
  readonly atMillis: number;
  readonly validationCode?: number;
}

const EMR = 'emr';
/** What the chaincode is told that each transaction is called, whatever the block calls it. */
export const TRANSACTION_ID = 'tx';

function chaincodeId(name: string): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  return id;
}

function headersOf({
  creatorMspId = 'AMSP',
  creatorCertificate = '',
  atMillis,
  executed = EMR,
  statedTime,
  transactionId = TRANSACTION_ID,
}: Call): common.Header {
  const said = { channel: EMR, chaincode: executed, transactionId };
  const header = channelHeaderBytes(said, ...(statedTime ?? [statedMillis(atMillis)]));
  const creator = new msp.SerializedIdentity();
  creator.setMspid(creatorMspId);
  creator.setIdBytes(typeof creatorCertificate === 'string' ? Buffer.from(creatorCertificate) : creatorCertificate);
  const signer = new common.SignatureHeader();
  signer.setCreator(creator.serializeBinary());
  const headers = new common.Header();
  headers.setChannelHeader(header);
  headers.setSignatureHeader(signer.serializeBinary());
  return headers;
}

function proposalOf({ transaction, argument, asked = EMR }: Call): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(`${transaction.contract}:${transaction.name}`), Buffer.from(argument)]);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId(asked));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const proposed = new peer.ChaincodeProposalPayload();
  proposed.setInput(invocation.serializeBinary());
  return proposed.serializeBinary();
}

/** The envelope of a call. */
export function envelopeOf(call: Call): Uint8Array {
  const { writes = {}, moreWrites = [], endorsersSaid = {}, privateWrites, executed = EMR } = call;
  const collections = privateWrites === undefined ? {} : { collections: { _implicit_org_BMSP: { writes: privateWrites } } };
  const repeatedPolicies = Object.entries(endorsersSaid).flatMap(([key, times]) => Array<string>(times).fill(key));
  const action = new peer.ChaincodeAction();
  action.setChaincodeId(chaincodeId(executed));
  action.setResults(call.results ?? buildRwSet({ [EMR]: { writes, repeatedWrites: moreWrites, repeatedPolicies, ...collections } }));
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(call.proposal ?? proposalOf(call));
  content.setAction(endorsed);
  const actions = new peer.TransactionAction();
  actions.setPayload(content.serializeBinary());
  const body = new peer.Transaction();
  body.addActions(actions);
  const payload = new common.Payload();
  payload.setHeader(headersOf(call));
  payload.setData(body.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

/** A block of the own chain with these calls. */
export function blockOfCalls(number: number, calls: readonly Call[]): FollowedBlock {
  return {
    blockNumber: BigInt(number),
    headerHash: Buffer.alloc(32, number + 1),
    previousHash: Buffer.alloc(32, number),
    dataHashMatches: true,
    configuration: number === 0 ? Buffer.from('configuration') : undefined,
    transactions: calls.map((call, index) => ({
      transactionId: `tx-${number}-${index}`,
      transactionIndex: index,
      validationCode: call.validationCode ?? 0,
      event: call.event,
      envelope: envelopeOf(call),
    })),
  };
}
