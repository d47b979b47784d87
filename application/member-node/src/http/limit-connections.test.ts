import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { exchange } from '@lianyi/client/node';
import { mspIdSchema } from '@lianyi/domain';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { waitUntil } from '@lianyi/test/wait-until';
import { MemberCertificates } from '../member-certificates';
import { type ConnectionLimits } from './limit-connections';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';

const [a, b] = [mspIdSchema.parse('HospitalAMSP'), mspIdSchema.parse('HospitalBMSP')];

describe('connections to a node', () => {
  let own: TestAuthority;
  let other: TestAuthority;
  let server: NodeServer;
  let port: number;
  /** Ends the requests under way to `/slow`. */
  let release: () => void;
  let slow: number;
  const sockets: Socket[] = [];

  const start = async (connections: Partial<ConnectionLimits> = {}): Promise<void> => {
    [own, other] = [await newAuthority('tlsca.a'), await newAuthority('tlsca.b')];
    const pair = await own.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([
        { mspId: a, caPem: own.pem },
        { mspId: b, caPem: other.pem },
      ]),
      requestsPerMinute: 100_000,
      connections,
      logger: newLogger('silent', a),
    });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    release = () => {
      resolve(undefined);
    };
    slow = 0;
    server.get('/fast', () => ({ done: true }));
    server.get('/slow', async () => {
      slow += 1;
      await promise;
      return { done: true };
    });
    await server.listen({ host: '0.0.0.0', port: 0 });
    port = (server.server.address() as AddressInfo).port; // a TCP server's address is no string
  };
  afterEach(async () => {
    release();
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  const keep = <S extends Socket>(socket: S): S => {
    sockets.push(socket);
    return socket.on('error', () => undefined).resume();
  };
  /** So many connections of each address that say nothing. */
  const mute = async (addresses: readonly string[], each: number): Promise<readonly Socket[]> => {
    const opened = addresses.flatMap((localAddress) =>
      Array.from({ length: each }, () => keep(connectTcp({ host: '127.0.0.1', port, localAddress }))),
    );
    await waitUntil('opened or refused', () => opened.every((socket) => !socket.connecting));
    return opened;
  };
  const open = async (localAddress: string, pair: object = {}): Promise<TLSSocket> => {
    const options = { host: '127.0.0.1', port, localAddress, ca: [own.pem], ...pair };
    const socket = keep(connect(options));
    await new Promise<unknown>((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
    return socket;
  };
  const ask = (socket: TLSSocket, path: string): Promise<string> => {
    const answer = new Promise<string>((resolve) => {
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes.toString('latin1').split('\r\n')[0] ?? '');
      });
      socket.once('close', () => {
        resolve('closed');
      });
    });
    socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    return answer;
  };
  const fresh = async (): Promise<number> => {
    const wanted = { host: '127.0.0.1', port, method: 'GET', path: '/fast', tls: { ca: [own.pem] } } as const;
    return (await exchange({ ...wanted, patience: { totalMillis: 20_000 }, maxBytes: 1_000 })).status;
  };
  /** One address in each of so many networks of 24 bits. */
  const networks = (count: number): string[] => Array.from({ length: count }, (_, index) => `127.1.${index}.1`);

  it('are let in past strangers of nine sites who say nothing', async () => {
    await start({ all: 128, perAddress: 16 });
    const opened = await mute(networks(9), 16);
    expect(await fresh()).toBe(200);
    await waitUntil('given way', () => opened.filter((socket) => !socket.closed).length <= 128);
    expect(await fresh()).toBe(200);
  });

  it('are let in past strangers of one site with many addresses, who hold a quarter', async () => {
    await start({ all: 128, perAddress: 16 });
    const addresses = Array.from({ length: 10 }, (_, index) => `127.0.7.${index + 1}`);
    const opened = await mute(addresses, 16);
    await waitUntil('given way', () => opened.filter((socket) => !socket.closed).length <= 32);
    expect(await fresh()).toBe(200);
  });

  it('are let in past strangers of nine sites with requests under way, who lose one then', async () => {
    await start({ all: 24, perAddress: 3 });
    const under = await Promise.all(networks(8).flatMap((address) => Array.from({ length: 3 }, () => open(address))));
    const answers = under.map((socket) => ask(socket, '/slow'));
    await waitUntil('under way', () => slow === 24);
    expect(await fresh()).toBe(200);
    await waitUntil('given way', () => under.some(({ destroyed }) => destroyed));
    release();
    expect((await Promise.all(answers)).filter((answer) => answer !== 'HTTP/1.1 200 OK')).toEqual(['closed']);
  });

  it('are let in past strangers whose requests are under way, and these end for nobody of the same address', async () => {
    await start({ perAddress: 3 });
    const under = await Promise.all(Array.from({ length: 3 }, () => open('127.0.0.9')));
    const answers = under.map((socket) => ask(socket, '/slow'));
    await waitUntil('under way', () => slow === 3);
    expect((await open('127.0.0.9')).destroyed).toBe(true);
    expect(await fresh()).toBe(200);
    release();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 3 }, () => 'HTTP/1.1 200 OK'));
  });

  it('of an address end for its next one, the oldest first, unless something is under way', async () => {
    await start({ perAddress: 3 });
    const [first, second, third] = [await open('127.0.0.9'), await open('127.0.0.9'), await open('127.0.0.9')];
    const answer = ask(first, '/slow');
    await waitUntil('under way', () => slow === 1);
    await open('127.0.0.9');
    await waitUntil('given way', () => second.destroyed);
    expect([first.destroyed, third.destroyed]).toEqual([false, false]);
    release();
    expect(await answer).toBe('HTTP/1.1 200 OK');
  });

  it('of members are not those of strangers at the same address, and end for none', async () => {
    await start({ perAddress: 3 });
    const pair = await other.issue('node');
    const ofMember = [await open('127.0.0.9', pair), await open('127.0.0.9', pair), await open('127.0.0.9', pair)];
    await mute(['127.0.0.9'], 50);
    expect(await Promise.all(ofMember.map((socket) => ask(socket, '/fast')))).toEqual(ofMember.map(() => 'HTTP/1.1 200 OK'));
    // and a member's places are its own: the fourth ends its first
    await open('127.0.0.9', pair);
    await waitUntil('given way', () => ofMember[0]?.destroyed === true);
    expect(ofMember.slice(1).map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  it('of one member end for none of another member', async () => {
    await start({ perAddress: 2 });
    const [pairA, pairB] = [await own.issue('node'), await other.issue('node')];
    const kept = await open('127.0.0.9', pairB);
    for (let count = 0; count < 6; count += 1) await open('127.0.0.9', pairA);
    expect(await ask(kept, '/fast')).toBe('HTTP/1.1 200 OK');
  });

  it('by a certificate that no member’s authority has issued are those of strangers', async () => {
    await start({ perAddress: 2 });
    const pair = await (await newAuthority('nobody')).issue('node');
    const first = await open('127.0.0.9', pair);
    await open('127.0.0.9', pair);
    await open('127.0.0.9');
    await waitUntil('given way', () => first.destroyed);
  });

  it('end when no request comes in time, in the handshake and after it; one that asks stays', async () => {
    await start({ firstRequestMillis: 400 });
    const [silent] = await mute(['127.0.0.9'], 1);
    const afterHandshake = await open('127.0.0.9');
    const asking = await open('127.0.0.9');
    expect(await ask(asking, '/fast')).toBe('HTTP/1.1 200 OK');
    await waitUntil('ended', () => silent?.closed === true && afterHandshake.destroyed);
    expect(asking.destroyed).toBe(false);
    expect(await ask(asking, '/fast')).toBe('HTTP/1.1 200 OK');
  });

  it('half a request is none', async () => {
    await start({ firstRequestMillis: 400 });
    const socket = await open('127.0.0.9');
    socket.write('GET /fast HTTP/1.1\r\nhost:');
    await waitUntil('ended', () => socket.destroyed);
  });
});
