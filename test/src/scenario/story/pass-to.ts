import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** A way to a port of this machine that counts who takes it. */
export async function passTo(target: number): Promise<{ readonly server: Server; readonly port: number; readonly taken: () => number }> {
  let taken = 0;
  const server = createServer((socket) => {
    taken += 1;
    const onward = connect(target, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, port: (server.address() as AddressInfo).port, taken: () => taken }; // a TCP server has an address of this form
}
