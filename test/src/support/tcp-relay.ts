import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A relay in front of one port of this machine, which can do to connections what networks do. */
export class TcpRelay {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isCut = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => {
      this.#join(client);
    });
  }

  static async before(target: { readonly host: string; readonly port: number }): Promise<TcpRelay> {
    const server = createServer();
    const relay = new TcpRelay(server, target);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port; // a TCP server's address is no string
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** All connections that are open now go silent and stay open, as when a firewall forgets them; later ones are relayed. */
  silence(): number {
    const silenced = [...this.#pairs];
    for (const [client, target] of silenced) {
      for (const [from, to] of [
        [client, target],
        [target, client],
      ] as const) {
        from.unpipe(to);
        from.removeAllListeners('data').removeAllListeners('end').resume(); // what comes is taken and lost
      }
    }
    return silenced.length;
  }

  /** Ends all connections and every new one, as a host that is gone; {@link mend} ends that. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const target = connect({ ...this.target, allowHalfOpen: true });
    const pair = [client, target] as const;
    this.#pairs.add(pair);
    for (const socket of pair)
      socket
        .on('error', () => undefined)
        .once('close', () => {
          this.#pairs.delete(pair);
          for (const each of pair) each.destroy();
        });
    client.pipe(target);
    target.pipe(client);
  }
}
