import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { callerAddress, connectionSiteOf } from '../admission/address';
import { type MemberCertificates } from '../member-certificates';
import { ConnectionPlaces, type Connected, type Place } from './connection-places';

export interface ConnectionLimits {
  /** Of everybody who is no member; a quarter of them of one site. */
  readonly all: number;
  /** Of one address, and of one member. */
  readonly perAddress: number;
  /** How long a connection may be open before its first request has come, the handshake included. */
  readonly firstRequestMillis: number;
}

const DEFAULTS: ConnectionLimits = { all: 2_048, perAddress: 256, firstRequestMillis: 10_000 };
const SITES_SHARE = 1 / 4;

/**
 * Bounds the connections of each address, of each site and of all callers, before any cryptography is done for them. A connection whose
 * handshake shows a member's certificate leaves these places and counts among that member's own, so that nobody else can take them.
 */
export function limitConnections(server: Server, members: MemberCertificates, limits: Partial<ConnectionLimits> = {}): void {
  const { all, perAddress, firstRequestMillis } = { ...DEFAULTS, ...limits };
  const ofAnybody = new ConnectionPlaces({ all, perSite: all * SITES_SHARE, perAddress });
  const ofMembers = new ConnectionPlaces({ all: Infinity, perSite: Infinity, perAddress });
  /** By both ends: the handshake makes another socket of the same connection. */
  const open = new Map<string, Connection>();
  server.prependListener('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    const address = callerAddress(socket.remoteAddress ?? '');
    const connection = new Connection(socket, firstRequestMillis);
    if (!connection.takePlace(ofAnybody, { address, site: connectionSiteOf(address) })) return;
    open.set(ends, connection);
    socket.once('close', () => {
      connection.close();
      open.delete(ends);
    });
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const member = members.ofSocket(socket)?.mspId;
    if (member !== undefined) open.get(endsOf(socket))?.takePlace(ofMembers, { address: member, site: member });
  });
  server.prependListener('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const connection = open.get(endsOf(socket));
    connection?.begin();
    // of one that is broken off not every Node says so, and it has no place any more
    answer.once('close', () => {
      connection?.finish();
    });
  });
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}

/** One connection, wherever its place is. */
class Connection {
  #place: Place | undefined;
  #places: ConnectionPlaces | undefined;
  #underWay = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly socket: Socket,
    firstRequestMillis: number,
  ) {
    this.#timer = setTimeout(() => {
      socket.destroy();
    }, firstRequestMillis);
    this.#timer.unref();
  }

  /** Takes a place among these, and gives up the former one. @returns false if there is none: the connection is ended */
  takePlace(places: ConnectionPlaces, who: Pick<Connected, 'address' | 'site'>): boolean {
    const place = places.enter({ ...who, end: () => this.socket.destroy() });
    this.#leave();
    [this.#places, this.#place] = [places, place];
    if (place !== undefined) return true;
    this.close();
    this.socket.destroy();
    return false;
  }

  begin(): void {
    clearTimeout(this.#timer);
    this.#underWay += 1;
    if (this.#place !== undefined) this.#places?.change(this.#place, 'busy');
  }

  finish(): void {
    this.#underWay -= 1;
    if (this.#place !== undefined && this.#underWay === 0) this.#places?.change(this.#place, 'idle');
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#leave();
  }

  #leave(): void {
    if (this.#place !== undefined) this.#places?.leave(this.#place);
    this.#place = undefined;
  }
}
