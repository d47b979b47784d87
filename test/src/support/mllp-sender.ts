import { connect, type Socket } from 'node:net';

/** A sender, and what it was answered: each acknowledgement by its MSA-1, control id and own error code. */
export class MllpSender {
  readonly answers: string[] = [];
  readonly texts: Buffer[] = [];
  #rest = Buffer.alloc(0);
  #told: (() => void)[] = [];
  isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.#tell();
    });
  }

  static to(port: number): Promise<MllpSender> {
    const { promise, resolve, reject } = Promise.withResolvers<MllpSender>();
    const socket = connect(port, '127.0.0.1', () => {
      resolve(new MllpSender(socket));
    }).once('error', reject);
    return promise;
  }

  send(message: Uint8Array): void {
    this.socket.write(Buffer.concat([Buffer.from([0x0b]), message, Buffer.from([0x1c, 0x0d])]));
  }

  /** Waits for so many answers, or the end of the connection. */
  async heard(count: number): Promise<readonly string[]> {
    while (this.answers.length < count && !this.isClosed) await new Promise<void>((resolve) => this.#told.push(resolve));
    return this.answers;
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#rest.indexOf(0x1c); end >= 0; end = this.#rest.indexOf(0x1c)) {
      const message = this.#rest.subarray(1, end);
      this.#rest = this.#rest.subarray(end + 2);
      this.texts.push(Buffer.from(message));
      const [, code = '', controlId = ''] = /\rMSA\|([A-Z]{2})\|([^|\r]*)/.exec(message.toString('latin1')) ?? [];
      const error = /\rERR\|[^\r]*?\|([A-Z0-9_]+)\^[^|]*\^LIANYI/.exec(message.toString('latin1'))?.[1];
      this.answers.push([code, controlId, ...(error === undefined ? [] : [error])].join(' '));
    }
    this.#tell();
  }

  #tell(): void {
    for (const tell of this.#told.splice(0)) tell();
  }
}
