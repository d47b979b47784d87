import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { loadConnectionProfile } from '@lianyi/ledger-client';
import { type HospitalConsortium } from '@lianyi/workbench';

/** The line between one member's node and another member's peer: it can be held up, as a slow or a silent peer would. */
export class PeerLine {
  readonly #sockets = new Set<Socket>();
  #held = false;

  private constructor(private readonly server: Server) {}

  /**
   * Puts a line between the nodes of `from` and the peer of `to`, before they start: in the connection profile `from` will read.
   * TLS goes through it unbroken.
   */
  static async between(consortium: HospitalConsortium, from: string, to: string): Promise<PeerLine> {
    const { profiles } = consortium.context.network;
    const original = profiles[from] ?? '';
    const peer = (await loadConnectionProfile(original)).find(({ mspId }) => mspId === to);
    if (peer === undefined) throw new Error(`${original} names no peer of ${to}`);
    const url = new URL(`https://${peer.endpoint}`);
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((ready) => server.listen(0, url.hostname, ready));
    const line = new PeerLine(server);
    server.on('connection', (client) => {
      line.#join(client, connect(Number(url.port), url.hostname));
    });
    // `address()` is a pipe's name only for pipes
    const { port } = server.address() as AddressInfo;
    const profile = consortium.data.file(`connection-${from}.${original.split('.').at(-1) ?? 'json'}`);
    writeFileSync(profile, readFileSync(original, 'utf8').replaceAll(peer.endpoint, `${url.hostname}:${port}`));
    profiles[from] = profile;
    return line;
  }

  /** From now on nothing passes, in either direction; nothing is lost either. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }

  #join(client: Socket, peer: Socket): void {
    for (const [from, to] of [
      [client, peer],
      [peer, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#held) from.pause();
      else from.resume();
    }
  }
}
