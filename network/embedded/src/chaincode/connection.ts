import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { peer } from '@lianyi/fabric-protocol';
import { ChaincodeStream } from './stream';
import { type TransactionContext } from './transaction-context';

export interface TlsPair {
  readonly rootPem: string;
  readonly keyPem: string;
  readonly certificatePem: string;
}
/** What a service is trusted by, and what it is shown if it asks. */
export type ServiceTls = Pick<TlsPair, 'rootPem'> & Partial<TlsPair>;

interface ConnectionSettings {
  /** Whose peer dials, for the log. */
  readonly peerName: string;
  readonly packageId: string;
  /** `host:port`. */
  readonly address: string;
  /** Absent: a service of somebody else's, reached without TLS. */
  readonly tls: ServiceTls | undefined;
  readonly executeTimeoutMillis: number;
  readonly log: (line: string) => void;
}

/** What an endorser needs of a chaincode that is installed at its peer. */
export interface ChaincodeExecutor {
  readonly packageId: string;
  execute(context: TransactionContext, input: Buffer): Promise<peer.ChaincodeMessage>;
}

/** @remarks Seconds, not gRPC's default minute: the process is local and is either starting or gone. */
const dialOptions = {
  'grpc.enable_http_proxy': 0, // a proxy of the environment is for other machines; gRPC would ask it for loopback, too
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 20,
  'grpc.min_reconnect_backoff_ms': 20,
  'grpc.max_reconnect_backoff_ms': 200,
  'grpc.use_local_subchannel_pool': 1,
};
/** How long a transaction waits for a chaincode that is being started again. */
const relaunchWaitMillis = 5_000;
const redialMillis = 20;
/** A closed client keeps waiting until its deadline and the process with it, so each attempt is short. */
const dialMillis = 1_000;

/** One peer's stream to a chaincode service, dialled again whenever it ends. */
export class ChaincodeConnection implements ChaincodeExecutor {
  #stream: ChaincodeStream | undefined;
  readonly #waiters = new Set<(error?: Error) => void>();
  #client: peer.ChaincodeClient | undefined;
  #closed = false;

  constructor(private readonly settings: ConnectionSettings) {
    this.#dial();
  }

  get packageId(): string {
    return this.settings.packageId;
  }

  async execute(context: TransactionContext, input: Buffer): Promise<peer.ChaincodeMessage> {
    const stream = await this.#launched();
    try {
      return await stream.execute(context, input, this.settings.executeTimeoutMillis);
    } catch (error) {
      throw new Error(`error sending: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** Resolves once the chaincode has registered here; fails at once when this connection is closed. */
  registered(timeoutMillis: number): Promise<ChaincodeStream> {
    if (this.#closed) return Promise.reject(new Error('it was stopped'));
    if (this.#stream !== undefined) return Promise.resolve(this.#stream);
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        if (this.#stream !== undefined) resolve(this.#stream);
        else reject(error ?? new Error('not registered'));
      };
      const timer = setTimeout(done, timeoutMillis);
      this.#waiters.add(done);
    });
  }

  /** Fails those who wait now; later ones wait anew. */
  giveUp(reason: string): void {
    for (const waiter of [...this.#waiters]) waiter(new Error(reason));
  }

  close(): void {
    this.#closed = true;
    this.giveUp('it was stopped');
    this.#stream?.close();
    this.#client?.close();
  }

  async #launched(): Promise<ChaincodeStream> {
    try {
      return await this.registered(relaunchWaitMillis);
    } catch {
      const { packageId } = this.settings;
      const address = this.settings.address.replace('localhost:', '127.0.0.1:');
      throw new Error(
        `could not launch chaincode ${packageId}: connection to ${packageId} failed: error cannot create connection for ${packageId}: ` +
          `error creating grpc connection to ${address}: failed to create new connection: connection error: ` +
          `desc = "transport: error while dialing: dial tcp ${address}: connect: connection refused"`,
      );
    }
  }

  #dial(): void {
    const { tls, address, packageId, log } = this.settings;
    const client = new peer.ChaincodeClient(address, credentialsFor(tls), dialOptions);
    this.#client = client;
    const ended = (): void => {
      this.#stream = undefined;
      this.#redial(client);
    };
    client.waitForReady(Date.now() + dialMillis, (error) => {
      if (error !== undefined || this.#closed) {
        this.#redial(client);
        return;
      }
      ChaincodeStream.open(client.connect(), packageId, log, ended).then(
        (stream) => {
          this.#admit(stream);
        },
        (reason: unknown) => {
          log(`the chaincode of ${this.settings.peerName} did not register: ${String(reason)}`);
        },
      );
    });
  }

  #redial(client: peer.ChaincodeClient): void {
    client.close();
    if (this.#closed || this.#client !== client) return;
    setTimeout(() => {
      if (!this.#closed) this.#dial();
    }, redialMillis);
  }

  #admit(stream: ChaincodeStream): void {
    if (this.#closed) {
      stream.close();
      return;
    }
    this.#stream = stream;
    for (const waiter of [...this.#waiters]) waiter();
  }
}

function credentialsFor(tls: ServiceTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { rootPem, keyPem, certificatePem } = tls;
  // both or none: a certificate without its key says nothing
  const isMutual = keyPem !== undefined && certificatePem !== undefined;
  const [key, certificate] = isMutual ? [Buffer.from(keyPem), Buffer.from(certificatePem)] : [null, null];
  return credentials.createSsl(Buffer.from(rootPem), key, certificate, { rejectUnauthorized: true });
}
