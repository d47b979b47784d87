import { subscribe } from 'node:diagnostics_channel';
import { type Socket } from 'node:net';

const accepted = new Set<Socket>();
let isWatching = false;

/** Notes the connections that servers of this process accept from now on. */
export function watchConnections(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { readonly socket: Socket }; // as Node documents this channel
    accepted.add(socket);
    socket.once('close', () => accepted.delete(socket));
  });
}

/**
 * Ends all connections to a port of this process. A server's own end waits for what it still has to send, for ever where the
 * client stands still.
 */
export function endConnections(port: number): void {
  for (const socket of accepted) if (socket.localPort === port) socket.resetAndDestroy();
}
