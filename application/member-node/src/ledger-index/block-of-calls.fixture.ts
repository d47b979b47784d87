import { common, msp, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { type FollowedBlock } from '@lianyi/ledger-client';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';

/** A call as a client and its endorsers would have put it into a block. */
export interface Call {
  readonly transaction: { readonly contract: string; readonly name: string };
  readonly argument: string;
  readonly writes?: Readonly<Record<string, string | null>>;
  readonly creatorMspId?: string;
  readonly atMillis: number;
  readonly validationCode?: number;
}

function envelopeOf({ transaction, argument, writes = {}, creatorMspId = 'AMSP', atMillis }: Call): Uint8Array {
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.ENDORSER_TRANSACTION);
  header.setChannelId('emr');
  header.setTimestamp(Timestamp.fromDate(new Date(atMillis)));
  const creator = new msp.SerializedIdentity();
  creator.setMspid(creatorMspId);
  const signer = new common.SignatureHeader();
  signer.setCreator(creator.serializeBinary());
  const headers = new common.Header();
  headers.setChannelHeader(header.serializeBinary());
  headers.setSignatureHeader(signer.serializeBinary());
  const id = new peer.ChaincodeID();
  id.setName('emr');
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(`${transaction.contract}:${transaction.name}`), Buffer.from(argument)]);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(id);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const proposed = new peer.ChaincodeProposalPayload();
  proposed.setInput(invocation.serializeBinary());
  const action = new peer.ChaincodeAction();
  action.setResults(buildRwSet({ emr: { writes } }));
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(proposed.serializeBinary());
  content.setAction(endorsed);
  const actions = new peer.TransactionAction();
  actions.setPayload(content.serializeBinary());
  const body = new peer.Transaction();
  body.addActions(actions);
  const payload = new common.Payload();
  payload.setHeader(headers);
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
      event: undefined,
      envelope: envelopeOf(call),
    })),
  };
}
