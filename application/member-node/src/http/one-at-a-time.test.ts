import type { AddressInfo, Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { memberOperations } from '@lianyi/client';
import { mspIdSchema } from '@lianyi/domain';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { waitUntil } from '@lianyi/test/wait-until';
import { Lane } from '../admission/lane';
import { MemberCertificates } from '../member-certificates';
import { newLogger } from './log';
import { serve } from './operation-routes';
import { buildServer, type NodeServer } from './server';

const a = mspIdSchema.parse('HospitalAMSP');
const { GetHealth } = memberOperations;
const healthz = 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n';

describe('requests that stand behind each other on one connection', () => {
  let authority: TestAuthority;
  let server: NodeServer;
  let lane: Lane;
  /** How many handlers have begun. */
  let begun: number;
  let finish: (() => void)[];
  const sockets: TLSSocket[] = [];

  beforeEach(async () => {
    authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: a, caPem: authority.pem }]),
      requestsPerMinute: 1_000,
      logger: newLogger('silent', a),
    });
    [begun, finish] = [0, []];
    lane = new Lane({ atOnce: 4, perCaller: 4, waiting: 0 });
    serve(server, GetHealth, async ({ whenOver }) => {
      begun += 1;
      whenOver(await lane.enter('anybody'));
      await new Promise<void>((resolve) => finish.push(resolve));
      return { body: { n: begun } };
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const end of finish) end();
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });
  const send = async (text: string): Promise<{ socket: TLSSocket; answers: () => number }> => {
    const { port } = server.server.address() as AddressInfo; // a TCP server's address is no string
    const socket = connect({ host: '127.0.0.1', port, ca: [authority.pem] });
    sockets.push(socket);
    let answered = '';
    socket.on('error', () => undefined).on('data', (bytes: Buffer) => (answered += bytes.toString('latin1')));
    await new Promise<unknown>((resolve) => socket.once('secureConnect', resolve));
    socket.write(text);
    return { socket, answers: () => answered.split('HTTP/1.1 200').length - 1 };
  };

  it('are looked at one after another, and all answered', async () => {
    const { answers } = await send(healthz.repeat(4));
    for (let count = 1; count <= 4; count += 1) {
      await waitUntil('begun', () => finish.length === count);
      await new Promise((resolve) => setImmediate(resolve));
      expect([begun, lane.load.running]).toEqual([count, 1]);
      finish[count - 1]?.();
      await waitUntil('answered', () => answers() === count);
    }
  });

  it('keep the place of the work that goes on when the connection breaks off, give it back when that is done, and take none behind it', async () => {
    const { socket } = await send(healthz.repeat(5));
    await waitUntil('begun', () => begun === 1);
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await gone;
    // another connection's request has been looked at since: the node knows that the first has gone
    await send(healthz);
    await waitUntil('another has a place', () => begun === 2);
    expect(lane.load.running).toBe(2);
    finish[0]?.();
    await waitUntil('left', () => lane.load.running === 1);
    finish[1]?.();
    await waitUntil('left', () => lane.load.running === 0);
  });

  it('end the connection when too many of them wait', async () => {
    const { socket } = await send(healthz.repeat(18));
    await waitUntil('ended', () => socket.destroyed);
    finish[0]?.();
    await waitUntil('left', () => lane.load.running === 0);
    expect(begun).toBe(1);
  });

  it('leave no listener on a connection that is kept', async () => {
    const { answers } = await send('');
    const socket = sockets[0];
    const kept = new Promise<Socket>((resolve) =>
      server.server.once('request', (request) => {
        resolve(request.socket);
      }),
    );
    for (let count = 1; count <= 15; count += 1) {
      socket?.write(healthz);
      await waitUntil('begun', () => finish.length === count);
      finish[count - 1]?.();
      await waitUntil('answered', () => answers() === count);
    }
    expect((await kept).listenerCount('close')).toBeLessThan(8);
  });
});
