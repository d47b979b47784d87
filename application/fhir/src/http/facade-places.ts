import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { addressOfCaller } from './caller-address';

/** One connection: of whom, and whether somebody with a token has spoken over it. */
interface Place {
  readonly address: string;
  readonly end: () => void;
  isKnown: boolean;
}

/**
 * Bounds the connections of a server. One more than there are places has the oldest give way over which nobody has shown a token, of the address that holds the
 * most of them; if all others have shown one, that is who comes. Behind a proxy all have one address, so no address has a bound of its own.
 */
export class FacadePlaces {
  /** By both ends, since TLS makes another socket of the same connection; the oldest first. */
  readonly #places = new Map<string, Place>();

  constructor(private readonly most: number) {}

  /** Watches a server's connections from before their handshake on. */
  watch(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      const ends = endsOf(socket);
      this.enter(ends, addressOfCaller(socket.remoteAddress ?? ''), () => {
        socket.destroy();
      });
      socket.once('close', () => {
        this.#places.delete(ends);
      });
    });
  }

  enter(ends: string, address: string, end: () => void): void {
    this.#places.set(ends, { address, end, isKnown: false });
    if (this.#places.size > this.most) this.#oneGivesWay();
  }

  /** Somebody with a token speaks over it. */
  known(socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>): void {
    const place = this.#places.get(endsOf(socket));
    if (place !== undefined) place.isKnown = true;
  }

  #oneGivesWay(): void {
    const unknown = [...this.#places].filter(([, { isKnown }]) => !isKnown);
    const counts = new Map<string, number>();
    for (const [, { address }] of unknown) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const gives = unknown.find(([, { address }]) => counts.get(address) === most);
    if (gives === undefined) return;
    const [ends, { end }] = gives;
    this.#places.delete(ends);
    end();
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Parameters<FacadePlaces['known']>[0]): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
