import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Metadata, Server, ServerCredentials, type ServiceDefinition, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { common, gateway, google, peer } from '@hyperledger/fabric-protos';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

/** What the fake gateway prepares from a proposal; a test overrides single steps to play a dishonest peer. */
export interface Preparation {
  payload(proposal: peer.Proposal, honest: Uint8Array): Uint8Array;
}

export interface FakeFailure {
  readonly code: number;
  readonly message: string;
  readonly details?: readonly { mspId: string; message: string }[];
}

/** A gateway peer in this process: honest unless told otherwise. Counts what reached it. */
export class FakeGateway {
  readonly submitted: Uint8Array[] = [];
  /** Told how many submissions have come, before the newest is answered. */
  onSubmitted: (count: number) => void = () => undefined;
  proposals = 0;
  statusRequests = 0;
  prepare: Preparation['payload'] = (_proposal, honest) => honest;
  fail: { evaluate?: FakeFailure; endorse?: FakeFailure; submit?: FakeFailure; commitStatus?: FakeFailure } = {};
  validationCodes: number[] = [];
  readonly #server = new Server();
  endpoint = '';

  async start(): Promise<void> {
    this.#server.addService(service, {
      evaluate: this.#answer('evaluate', () => new gateway.EvaluateResponse()),
      endorse: this.#answer('endorse', (bytes) => this.#endorse(gateway.EndorseRequest.deserializeBinary(bytes))),
      submit: this.#answer('submit', (bytes) => {
        this.submitted.push(bytes);
        this.onSubmitted(this.submitted.length);
        return new gateway.SubmitResponse();
      }),
      commitStatus: this.#answer('commitStatus', () => {
        this.statusRequests += 1;
        const response = new gateway.CommitStatusResponse();
        // the generated setter wants the enum's literal type
        response.setResult((this.validationCodes.shift() ?? 0) as peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap]);
        response.setBlockNumber(7);
        return response;
      }),
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    this.endpoint = `127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #answer(verb: keyof FakeGateway['fail'], handle: (request: Buffer) => { serializeBinary(): Uint8Array }) {
    return (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
      if (verb === 'endorse') this.proposals += 1;
      const failure = this.fail[verb];
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- tests state gRPC codes as Fabric's logs do, as numbers
      if (failure !== undefined) callback({ code: failure.code, details: failure.message, metadata: detailsOf(failure) });
      else callback(null, Buffer.from(handle(call.request).serializeBinary()));
    };
  }

  #endorse(request: gateway.EndorseRequest): gateway.EndorseResponse {
    const proposal = peer.Proposal.deserializeBinary(request.getProposedTransaction()?.getProposalBytes_asU8() ?? new Uint8Array());
    const envelope = new common.Envelope();
    envelope.setPayload(this.prepare(proposal, honestPayload(proposal)));
    const response = new gateway.EndorseResponse();
    response.setPreparedTransaction(envelope);
    return response;
  }
}

const raw = (path: string) => ({
  path,
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
});
const service: ServiceDefinition = {
  evaluate: raw('/gateway.Gateway/Evaluate'),
  endorse: raw('/gateway.Gateway/Endorse'),
  submit: raw('/gateway.Gateway/Submit'),
  commitStatus: raw('/gateway.Gateway/CommitStatus'),
};

function detailsOf(failure: FakeFailure): Metadata {
  const status = new google.rpc.Status();
  status.setCode(failure.code);
  status.setDetailsList(
    (failure.details ?? []).map(({ mspId, message }) => {
      const detail = new gateway.ErrorDetail();
      detail.setMspId(mspId);
      detail.setMessage(message);
      const any = new Any();
      any.pack(detail.serializeBinary(), 'gateway.ErrorDetail');
      return any;
    }),
  );
  const metadata = new Metadata();
  if (failure.details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return metadata;
}

export interface PreparedParts {
  header: Uint8Array;
  actionHeader: Uint8Array;
  chaincodePayload: Uint8Array;
  responsePayload: Uint8Array;
  endorsements: number;
  actions: number;
}

/** The parts of which an honest peer makes the transaction (Fabric: protoutil.CreateTx). */
export function honestParts(proposal: peer.Proposal): PreparedParts {
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const publicPayload = new peer.ChaincodeProposalPayload();
  publicPayload.setInput(peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8()).getInput_asU8());
  const chaincodePayload = publicPayload.serializeBinary();
  const hash = createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(chaincodePayload);
  return {
    header: proposal.getHeader_asU8(),
    actionHeader: header.getSignatureHeader_asU8(),
    chaincodePayload,
    responsePayload: responsePayload(hash.digest(), 'emr'),
    endorsements: 2,
    actions: 1,
  };
}

export function responsePayload(proposalHash: Uint8Array, chaincodeName: string): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(chaincodeName);
  const answer = new peer.Response();
  answer.setStatus(200);
  answer.setPayload(Buffer.from('"done"'));
  const action = new peer.ChaincodeAction();
  action.setChaincodeId(id);
  action.setResponse(answer);
  action.setResults(Buffer.from('results'));
  const response = new peer.ProposalResponsePayload();
  response.setProposalHash(proposalHash);
  response.setExtension$(action.serializeBinary());
  return response.serializeBinary();
}

export function payloadOf(parts: PreparedParts): Uint8Array {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(parts.responsePayload);
  endorsed.setEndorsementsList(
    Array.from({ length: parts.endorsements }, (_, index) => {
      const endorsement = new peer.Endorsement();
      endorsement.setEndorser(Buffer.from(`endorser ${index}`));
      endorsement.setSignature(Buffer.from(`signature ${index}`));
      return endorsement;
    }),
  );
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(parts.chaincodePayload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(parts.actionHeader);
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList(Array.from({ length: parts.actions }, () => action));
  const payload = new common.Payload();
  payload.setHeader(common.Header.deserializeBinary(parts.header));
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}

function honestPayload(proposal: peer.Proposal): Uint8Array {
  return payloadOf(honestParts(proposal));
}

export function newP256Key(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
