import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { type OneVault } from './one-vault';

/** More than the buffers of both systems take. */
const OBJECT_BYTES = 16 * 1024 * 1024;
const SETTLING_MILLIS = 12_000;
const MEBIBYTE = 1024 * 1024;

/**
 * Asks a vault for one object over many connections, and reads nothing of the answers.
 * @returns how much more memory the process holds, which plays both sides, in MiB; the highest of several looks
 */
export async function memoryOfUnreadAnswers({ vault, port, tls }: OneVault, connections: number): Promise<number> {
  const { sha256 } = await vault.put([randomBytes(OBJECT_BYTES)]);
  const sockets: TLSSocket[] = [];
  try {
    // connected before the first look: what a connection costs as such is no answer's
    for (let count = 0; count < connections; count += 1) {
      const socket = connect({ host: '127.0.0.1', port, ...tls, ca: [...tls.ca] });
      sockets.push(socket);
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      socket.pause();
    }
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    for (const socket of sockets) socket.write(`GET /v1/objects/${sha256} HTTP/1.1\r\nhost: c\r\nlianyi-ticket: ticket-1\r\n\r\n`);
    let most = before;
    for (const begun = performance.now(); performance.now() - begun < SETTLING_MILLIS;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      most = Math.max(most, process.memoryUsage().rss);
    }
    return Math.round((most - before) / MEBIBYTE);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
