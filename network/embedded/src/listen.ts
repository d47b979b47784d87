import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { isPortFree, OperatorError } from '@lianyi/network-model';
import { watchConnections } from './connections';

/** Loopback only: one process holds every key. */
const HOST = '127.0.0.1';

interface Listener {
  /** The node's name, for a refusal. */
  readonly name: string;
  /** Holds server.key and server.crt. */
  readonly tlsDir: string;
  /** 0 = any free port. */
  readonly port: number;
}

/**
 * Binds a node's server to its TLS certificate and a port; answers the port.
 * @throws {@link OperatorError} `PORT_IN_USE`.
 */
export async function listen(server: Server, { name, tlsDir, port }: Listener): Promise<number> {
  watchConnections();
  const pair = { private_key: readFileSync(join(tlsDir, 'server.key')), cert_chain: readFileSync(join(tlsDir, 'server.crt')) };
  if (port !== 0 && !(await isPortFree(port))) throw portInUse(port, name);
  return new Promise<number>((resolve, reject) => {
    server.bindAsync(`${HOST}:${port}`, ServerCredentials.createSsl(null, [pair]), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(portInUse(port, name, error));
    });
  });
}

function portInUse(port: number, name: string, cause?: Error): OperatorError {
  return new OperatorError(
    'PORT_IN_USE',
    `port ${port} of ${name} is taken by another process`,
    cause === undefined ? undefined : { cause },
  );
}
