import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { chooseFreePorts, isPortFree, OperatorError } from '@lianyi/network-model';
import { watchConnections } from './connections';

/** Loopback only: one process holds every key. */
const HOST = '127.0.0.1';
const MAX_ATTEMPTS = 20;

interface Listener {
  /** The node's name, for a refusal. */
  readonly name: string;
  /** Holds server.key and server.crt. */
  readonly tlsDir: string;
  /** 0 = a free one, outside the range from which outgoing connections take theirs, so that it can be had again. */
  readonly port: number;
}

/**
 * Binds a node's server to its TLS certificate and a port; answers the port.
 * @throws {@link OperatorError} `PORT_IN_USE`.
 */
export async function listen(server: Server, { name, tlsDir, port }: Listener): Promise<number> {
  watchConnections();
  const pair = { private_key: readFileSync(join(tlsDir, 'server.key')), cert_chain: readFileSync(join(tlsDir, 'server.crt')) };
  const bind = (number: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.bindAsync(`${HOST}:${number}`, ServerCredentials.createSsl(null, [pair]), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(portInUse(number, name, error));
      });
    });
  if (port === 0) return bindAnywhere(bind);
  if (!(await isPortFree(port))) throw portInUse(port, name);
  return bind(port);
}

/** Another program may take a port between the choice and the binding; then the next one is tried. */
async function bindAnywhere(bind: (port: number) => Promise<number>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const [candidate = 0] = await chooseFreePorts(1);
    try {
      return await bind(candidate);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function portInUse(port: number, name: string, cause?: Error): OperatorError {
  return new OperatorError(
    'PORT_IN_USE',
    { en: `port ${port} of ${name} is taken by another process`, zh: `${name} 的端口 ${port} 已被其他进程占用` },
    cause === undefined ? undefined : { cause },
  );
}
