import 'reflect-metadata';
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import {
  ChannelCredentials,
  type ClientDuplexStream,
  makeGenericClientConstructor,
  Server,
  type ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import * as x509 from '@peculiar/x509';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { signatureHeaderBytes } from './channel-header';

/** The peer's side of the chaincode protocol, with world state in a map: what the bundle is driven by when no network is at hand. */

const { Type } = peer.ChaincodeMessage;
type Message = peer.ChaincodeMessage;
export const CCID = 'emr_1:abc';

/** A certificate as Fabric CA would issue it, with its NodeOU and attributes. */
export async function newCertificate(
  units: readonly string[],
  attributes?: Readonly<Record<string, unknown>>,
): Promise<{ pem: string; spki: Buffer }> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const extensions =
    attributes === undefined
      ? []
      : [new x509.Extension('1.2.3.4.5.6.7.8.1', false, new Uint8Array(Buffer.from(JSON.stringify({ attrs: attributes }))))];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: ['CN=somebody', ...units.map((unit) => `OU=${unit}`)].join(', '),
    keys,
    extensions,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return { pem: certificate.toString('pem'), spki: Buffer.from(certificate.publicKey.rawData) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

/** Starts the bundle as a service; resolves when it says that it listens. */
export async function startBundle(
  node: string,
  bundle: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ process: ChildProcess; address: string; errors: () => string; output: () => string }> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(node, [bundle, 'server'], {
    env: { CORE_CHAINCODE_ID: CCID, CORE_CHAINCODE_ADDRESS: address, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    // at level DEBUG it has much to say before
    child.stdout.on('data', () => {
      if (output.includes(' listens on ')) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`exited with ${String(code)}: ${errors}`));
    });
  });
  return { process: child, address, errors: () => errors, output: () => output };
}

export type Reply = { readonly status: number; readonly message: string; readonly payload: string; readonly event: string | undefined };

type MessageStream = ClientDuplexStream<Message, Message> | ServerDuplexStream<Message, Message>;

const serialize = (message: Message): Buffer => Buffer.from(message.serializeBinary());
const stream = {
  requestStream: true,
  responseStream: true,
  requestSerialize: serialize,
  requestDeserialize: (bytes: Buffer) => peer.ChaincodeMessage.deserializeBinary(bytes),
  responseSerialize: serialize,
  responseDeserialize: (bytes: Buffer) => peer.ChaincodeMessage.deserializeBinary(bytes),
} as const;
const ChaincodeClient = makeGenericClientConstructor({ connect: { path: '/protos.Chaincode/Connect', ...stream } }, 'Chaincode');

/** Where a peer waits for the chaincodes that it launched. */
export class ChaincodeListener {
  readonly #server = new Server();
  readonly #arrived: Promise<ServerDuplexStream<Message, Message>>;

  private constructor() {
    this.#arrived = new Promise((resolve) => {
      this.#server.addService({ register: { path: '/protos.ChaincodeSupport/Register', ...stream } }, { register: resolve });
    });
  }

  static async listen(credentials: ServerCredentials): Promise<{ listener: ChaincodeListener; port: number }> {
    const listener = new ChaincodeListener();
    const port = await new Promise<number>((resolve, reject) => {
      listener.#server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return { listener, port };
  }

  /** The first chaincode that comes, registered. */
  async chaincode(): Promise<StandInPeer> {
    return StandInPeer.accept(await this.#arrived);
  }

  /** Breaks all connections, as a peer that is killed. */
  close(): void {
    this.#server.forceShutdown();
  }
}

export class StandInPeer {
  readonly state = new Map<string, Buffer>();
  /** The numbers of the messages that the chaincode sent for the last transaction. */
  asked: number[] = [];
  #finish: ((message: Message) => void) | undefined;

  private constructor(
    private readonly stream: MessageStream,
    private readonly close_: () => void,
  ) {}

  /** Connects and shakes hands; `batches` says what READY announces. */
  static async connect(
    address: string,
    batches: boolean,
    credentials: ChannelCredentials = ChannelCredentials.createInsecure(),
  ): Promise<StandInPeer> {
    const client = new ChaincodeClient(address, credentials);
    // the generic client knows its methods only when it runs
    const stream = (client as unknown as { connect(): ClientDuplexStream<Message, Message> }).connect();
    return StandInPeer.#meet(stream, batches, () => {
      client.close();
    });
  }

  /** The chaincode that comes to a peer which launched it: the stream is the peer's end. */
  static accept(stream: ServerDuplexStream<Message, Message>): Promise<StandInPeer> {
    return StandInPeer.#meet(stream, true, () => undefined);
  }

  static async #meet(stream: MessageStream, batches: boolean, close: () => void): Promise<StandInPeer> {
    const standIn = new StandInPeer(stream, close);
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.once('data', (first: Message) => {
        if (first.getType() !== Type.REGISTER || peer.ChaincodeID.deserializeBinary(first.getPayload_asU8()).getName() !== CCID) {
          reject(new Error('not registered under its id'));
          return;
        }
        standIn.#send(Type.REGISTERED);
        const ready = new peer.ChaincodeAdditionalParams();
        ready.setUseWriteBatch(batches);
        ready.setMaxSizeWriteBatch(1_000);
        ready.setUseGetMultipleKeys(batches);
        ready.setMaxSizeGetMultipleKeys(2);
        standIn.#send(Type.READY, ready.serializeBinary());
        stream.on('data', (message: Message) => {
          standIn.#receive(message);
        });
        resolve();
      });
    });
    return standIn;
  }

  close(): void {
    this.stream.end();
    this.close_();
  }

  /** Executes one proposal. */
  async invoke(args: readonly (string | Uint8Array)[], mspId: string, certificatePem: string, time = Date.now()): Promise<Reply> {
    this.asked = [];
    const input = new peer.ChaincodeInput();
    input.setArgsList(args.map((arg) => Buffer.from(arg as string)));
    const message = new peer.ChaincodeMessage();
    message.setType(Type.TRANSACTION);
    message.setPayload(input.serializeBinary());
    message.setTxid('00ff'.repeat(16));
    message.setChannelId('emr');
    message.setProposal(signedProposal(mspId, certificatePem, time));
    const completed = await new Promise<Message>((resolve) => {
      this.#finish = resolve;
      this.stream.write(message);
    });
    const response = peer.Response.deserializeBinary(completed.getPayload_asU8());
    return {
      status: response.getStatus(),
      message: response.getMessage(),
      payload: Buffer.from(response.getPayload_asU8()).toString(),
      event: completed.getChaincodeEvent()?.getEventName(),
    };
  }

  #receive(message: Message): void {
    if (message.getType() === Type.COMPLETED) {
      this.#finish?.(message);
      return;
    }
    this.asked.push(message.getType());
    this.#send(Type.RESPONSE, this.#answer(message.getType(), message.getPayload_asU8()), message);
  }

  #answer(type: number, payload: Uint8Array): Uint8Array {
    switch (type) {
      case Type.GET_STATE:
        return this.state.get(peer.GetState.deserializeBinary(payload).getKey()) ?? new Uint8Array();
      case Type.GET_STATE_MULTIPLE: {
        const keys = peer.GetStateMultiple.deserializeBinary(payload).getKeysList();
        const result = new peer.GetStateMultipleResult();
        result.setValuesList(keys.map((key) => this.state.get(key) ?? new Uint8Array()));
        return result.serializeBinary();
      }
      case Type.PUT_STATE: {
        const put = peer.PutState.deserializeBinary(payload);
        this.state.set(put.getKey(), Buffer.from(put.getValue_asU8()));
        return new Uint8Array();
      }
      case Type.WRITE_BATCH_STATE:
        for (const record of peer.WriteBatchState.deserializeBinary(payload).getRecList()) {
          if (record.getType() !== peer.WriteRecord.Type.PUT_STATE) throw new Error('only puts are expected here');
          this.state.set(record.getKey(), Buffer.from(record.getValue_asU8()));
        }
        return new Uint8Array();
      default:
        throw new Error(`unexpected message ${type}`);
    }
  }

  #send(type: number, payload: Uint8Array = new Uint8Array(), answering?: Message): void {
    const message = new peer.ChaincodeMessage();
    message.setType(type as Message extends { setType(type: infer T): void } ? T : never);
    message.setPayload(payload);
    message.setTxid(answering?.getTxid() ?? '');
    message.setChannelId(answering?.getChannelId() ?? '');
    this.stream.write(message);
  }
}

function signedProposal(mspId: string, certificatePem: string, time: number): peer.SignedProposal {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName('emr');
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setChannelId('emr');
  const timestamp = new Timestamp();
  timestamp.fromDate(new Date(time));
  channelHeader.setTimestamp(timestamp);
  channelHeader.setExtension$(extension.serializeBinary());
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeaderBytes(mspId, certificatePem));
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(Buffer.from('input'));
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  return signed;
}
