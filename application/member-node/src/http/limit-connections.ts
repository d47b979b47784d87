import type { Server, Socket } from 'node:net';
import { callerAddress } from '../admission/address';

const MOST_CONNECTIONS = 2_048;
const DEFAULT_PER_ADDRESS = 256;

/** Ends connections above a number, of all callers together and of each address, before any cryptography is done for them. */
export function limitConnections(server: Server, perAddress = DEFAULT_PER_ADDRESS): void {
  server.maxConnections = MOST_CONNECTIONS;
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const address = callerAddress(socket.remoteAddress ?? '');
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const rest = (open.get(address) ?? 1) - 1;
      if (rest > 0) open.set(address, rest);
      else open.delete(address);
    });
    if (count > perAddress) socket.destroy();
  });
}
