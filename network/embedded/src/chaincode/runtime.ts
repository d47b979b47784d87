import { OperatorError } from '@lianyi/network-model';
import { ChaincodeConnection, type TlsPair } from './connection';
import { ChaincodeProcess, type ProcessSettings } from './process';

interface RuntimeSettings extends ProcessSettings {
  readonly mspId: string;
  readonly packageId: string;
  readonly port: number;
  /** Name and TLS pair (absent: the service has no TLS) of one of the organisation's peers, by its index. */
  readonly peer: (index: number) => { readonly name: string; readonly tls: TlsPair | undefined };
  readonly executeTimeoutMillis: number;
  readonly log: (line: string) => void;
}

const firstRegistrationMillis = 30_000;
const crashesBeforeGivingUp = 3;

/**
 * The chaincode of one organisation: one process and a stream to each of the organisation's peers. The shim keeps streams
 * apart, so the same transaction may run for two peers at once.
 */
export class ChaincodeRuntime {
  readonly #process: ChaincodeProcess;
  readonly #connections = new Map<number, ChaincodeConnection>();
  #hasStarted = false;
  #crashes = 0;
  #stopped = false;

  constructor(private readonly settings: RuntimeSettings) {
    this.#process = new ChaincodeProcess(settings, (how) => {
      this.#exited(how);
    });
  }

  get packageId(): string {
    return this.settings.packageId;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get port(): number {
    return this.settings.port;
  }

  get restarts(): number {
    return this.#process.restartCount;
  }

  get isStopped(): boolean {
    return this.#process.isStopped;
  }

  /** Resolves when the chaincode has registered. Throws {@link OperatorError} with the end of its log if it never does. */
  async start(): Promise<void> {
    this.#process.start();
    try {
      await this.connection(0).registered(firstRegistrationMillis);
      this.#hasStarted = true;
    } catch (cause) {
      const { mspId, logFile } = this.settings;
      const reason = this.#process.lastCause();
      const why = reason === '' ? '' : `: ${reason}`;
      throw new OperatorError(
        'NODE_FAILED',
        {
          en: `the chaincode of ${mspId} did not start${why}; the end of ${logFile}:\n${this.#process.lastLines(12)}`,
          zh: `${mspId} 的链码没有启动${why}；${logFile} 的末尾：\n${this.#process.lastLines(12)}`,
        },
        { cause },
      );
    }
  }

  /** The stream of the organisation's peer number `peerIndex`. */
  connection(peerIndex: number): ChaincodeConnection {
    const found = this.#connections.get(peerIndex) ?? this.#connect(peerIndex);
    this.#connections.set(peerIndex, found);
    if (this.#stopped) found.close(); // a call that was under way when the network stopped must not dial for ever
    return found;
  }

  /** Ends the stream of a peer that stops. */
  disconnect(peerIndex: number): void {
    this.#connections.get(peerIndex)?.close();
    this.#connections.delete(peerIndex);
  }

  /** Ends the process alone: peers go on dialling until {@link start}. */
  async halt(signal?: NodeJS.Signals): Promise<void> {
    await this.#process.stop(signal);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const index of [...this.#connections.keys()]) this.disconnect(index);
    await this.#process.stop();
  }

  #connect(peerIndex: number): ChaincodeConnection {
    const { packageId, port, executeTimeoutMillis, log } = this.settings;
    const { name, tls } = this.settings.peer(peerIndex);
    return new ChaincodeConnection({ peerName: name, tls, packageId, address: `localhost:${port}`, executeTimeoutMillis, log });
  }

  #exited(how: string): void {
    if (this.#stopped || this.#process.isStopped) return;
    this.settings.log(`the chaincode process of ${this.settings.mspId} ended (${how}); it is started again`);
    this.#crashes += 1;
    if (this.#hasStarted || this.#crashes < crashesBeforeGivingUp) return;
    for (const connection of this.#connections.values()) connection.giveUp(`its process ended ${this.#crashes} times`);
  }
}
