import { createServer, connect } from 'node:net';
import { systemCode } from './operator-error';

const LOOPBACK = '127.0.0.1';

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  });
}

/**
 * `count` different ports nobody listens on. They are below the range Linux gives to outgoing connections (32768 up), so
 * that no connection of our own takes one between the choice and the start of the node.
 */
export async function chooseFreePorts(count: number, from = 17_050 + Math.floor(Math.random() * 12_000)): Promise<readonly number[]> {
  const chosen: number[] = [];
  for (let port = from; chosen.length < count && port < from + 2_000; port++) {
    if (await isPortFree(port)) chosen.push(port);
  }
  if (chosen.length < count) throw new Error(`only ${chosen.length} of ${count} free ports were found from ${from} on`);
  return chosen;
}

/** Whether a server of ours could listen there now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES') return false;
    throw error;
  }
}

/** Whether something accepts TCP connections there now. */
export async function acceptsConnections(port: number, timeoutMillis = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port, timeout: timeoutMillis });
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('timeout', () => {
      answer(false);
    });
    socket.once('error', () => {
      answer(false);
    });
  });
}
