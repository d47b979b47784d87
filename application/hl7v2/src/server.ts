import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Connection, type ConnectionOptions } from './connection';
import { type Hl7Config } from './config';

/** Senders of a hospital: some dozens. */
const CONNECTIONS = 256;

export interface Hl7Server {
  readonly port: number;
  /** Takes nothing more, and ends what is open. */
  close(): Promise<void>;
}

/** Listens for MLLP. @throws the operating system's errors */
export async function listenForMllp(
  { listen: at, tls }: Pick<Hl7Config, 'listen' | 'tls'>,
  options: ConnectionOptions,
): Promise<Hl7Server> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(
      socket.once('close', () => {
        sockets.delete(socket);
      }),
    );
    new Connection(socket, options);
  };
  const server: Server = tls === undefined ? createServer({ allowHalfOpen: true }, accept) : createTlsServer(await tlsOptions(tls), accept);
  server.maxConnections = CONNECTIONS;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject).listen(at.port, at.host, () => {
    resolve(undefined);
  });
  await promise;
  server.on('error', options.onFault);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : at.port,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function tlsOptions({ certFile, keyFile, caFile }: NonNullable<Hl7Config['tls']>): Promise<object> {
  const [cert, key, ca] = await Promise.all([certFile, keyFile, ...(caFile === undefined ? [] : [caFile])].map((file) => readFile(file)));
  const asksForCertificate = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2', allowHalfOpen: true, ...asksForCertificate };
}
