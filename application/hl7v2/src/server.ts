import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { Connection, type ConnectionOptions } from './connection';
import { type Hl7Config } from './config';
import { networkOfAddress } from './mllp/address';
import { type SenderBounds, SenderPlaces } from './mllp/sender-places';

export interface Hl7Server {
  readonly port: number;
  /** Takes nothing more, and ends what is open. */
  close(): Promise<void>;
}

/** How many may be connected, and how long they are waited for. */
export interface ServerBounds extends SenderBounds {
  /** For TLS to know who it is. */
  readonly handshakeMillis: number;
}

/** Listens for MLLP. @throws the operating system's errors */
export async function listenForMllp(
  { listen: at, tls }: Pick<Hl7Config, 'listen' | 'tls'>,
  bounds: ServerBounds,
  options: ConnectionOptions,
): Promise<Hl7Server> {
  const places = new SenderPlaces(bounds);
  const sockets = new Set<Socket>();
  /** By both ends, since TLS makes another socket of the same connection; a place is held before TLS has looked at anybody. */
  const entered = new Map<string, Entered>();
  const accept = (socket: Socket): void => {
    const held = enter(places, socket, options);
    if (held === undefined) return;
    const ends = endsOf(socket);
    entered.set(ends, held);
    sockets.add(
      socket.once('close', () => {
        sockets.delete(socket);
        entered.delete(ends);
      }),
    );
    if (tls === undefined) held.speak(socket);
  };
  // before TLS takes the socket over, after which its ends are not told
  const server: Server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, accept)
      : createTlsServer(await tlsOptions(tls, bounds)).prependListener('connection', accept);
  server.on('secureConnection', (socket: TLSSocket) => entered.get(endsOf(socket))?.speak(socket, socket));
  // a handshake that fails, or takes too long, is told of and not ended by Node
  server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
  const port = await listening(server, at);
  server.on('error', options.onFault);
  return {
    port,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** @returns the port. @throws the operating system's errors */
async function listening(server: Server, at: Hl7Config['listen']): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject).listen(at.port, at.host, () => {
    resolve(undefined);
  });
  await promise;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
}

async function tlsOptions(
  { certFile, keyFile, caFile }: NonNullable<Hl7Config['tls']>,
  { handshakeMillis }: ServerBounds,
): Promise<TlsOptions> {
  const [cert, key, ca] = await Promise.all([certFile, keyFile, ...(caFile === undefined ? [] : [caFile])].map((file) => readFile(file)));
  const asksForCertificate = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2', allowHalfOpen: true, handshakeTimeout: handshakeMillis, ...asksForCertificate };
}

/** A connection that has a place: whoever it is may speak now. */
interface Entered {
  speak(socket: Socket, secured?: TLSSocket): void;
}

/** @returns undefined: there is no place, and the connection is over */
function enter(places: SenderPlaces, raw: Socket, options: ConnectionOptions): Entered | undefined {
  let connection: Connection | undefined;
  const place = places.enter(`address ${networkOfAddress(raw.remoteAddress ?? '')}`, () => {
    connection?.giveWay();
    raw.destroy();
  });
  if (place === undefined) {
    raw.destroy();
    return undefined;
  }
  raw.once('close', () => {
    place.leave();
  });
  raw.on('error', () => {
    raw.destroy();
  });
  return {
    speak: (socket, secured) => {
      // who shows a certificate of the hospital's is not crowded out by who shares their address
      const certificate = secured?.authorized === true ? secured.getPeerX509Certificate()?.fingerprint256 : undefined;
      if (certificate !== undefined && !place.isNamed(`certificate ${certificate}`)) socket.destroy();
      else connection = new Connection(socket, place, options);
    },
  };
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
