import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { exchange } from '@lianyi/client/node';
import { mspIdSchema } from '@lianyi/domain';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { waitUntil } from '@lianyi/test/wait-until';
import { MemberCertificates } from '../member-certificates';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';

const a = mspIdSchema.parse('HospitalAMSP');
const large = randomBytes(24 * 1024 * 1024);

describe('a caller', () => {
  let authority: TestAuthority;
  let server: NodeServer;
  let port: number;
  /** How many pieces of the answer were asked for. */
  let pieces: number;
  let closed: number;
  const sockets: TLSSocket[] = [];

  const start = async (answers: object): Promise<void> => {
    authority = await newAuthority('tlsca');
    const pair = await authority.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: a, caPem: authority.pem }]),
      requestsPerMinute: 1_000,
      answers,
      logger: newLogger('silent', a),
    });
    [pieces, closed] = [0, 0];
    const cut = function* (): Generator<Buffer> {
      for (let offset = 0; offset < large.length; offset += 65_536) {
        pieces += 1;
        yield large.subarray(offset, offset + 65_536);
      }
    };
    server.get('/large', (_request, reply) => {
      reply.raw.once('close', () => {
        closed += 1;
      });
      return reply.header('content-length', String(large.length)).send(Readable.from(cut(), { objectMode: false }));
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    port = (server.server.address() as AddressInfo).port; // a TCP server's address is no string
  };
  const open = async (): Promise<TLSSocket> => {
    const socket = connect({ host: '127.0.0.1', port, ca: [authority.pem] });
    sockets.push(socket);
    socket.on('error', () => undefined);
    await new Promise<unknown>((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
    return socket;
  };
  const askFor = (socket: TLSSocket): void => {
    socket.pause();
    socket.write('GET /large HTTP/1.1\r\nhost: a\r\n\r\n');
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  it('that takes no byte is ended, and nothing more is read for it', async () => {
    await start({ idleMillis: 200 });
    askFor(await open());
    await waitUntil('ended', () => closed === 1);
    // what the systems of both sides buffer, not the whole
    expect(pieces).toBeLessThan(large.length / 65_536 / 2);
  });

  it('that takes a little now and then is ended when its time is over', async () => {
    await start({ idleMillis: 10_000, leastMillis: 300, bytesPerSecond: 1e9 });
    const socket = await open();
    askFor(socket);
    const sip = setInterval(() => void socket.read(1), 20);
    await waitUntil('ended', () => closed === 1);
    clearInterval(sip);
  });

  it('that reads gets all of it', async () => {
    await start({ idleMillis: 2_000 });
    const wanted = { host: '127.0.0.1', port, method: 'GET', path: '/large', tls: { ca: [authority.pem] } } as const;
    const { body } = await exchange({ ...wanted, patience: { totalMillis: 30_000 }, maxBytes: large.length });
    expect(body.equals(large)).toBe(true);
  });
});
