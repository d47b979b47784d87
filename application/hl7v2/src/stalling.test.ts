import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { MllpSender } from '@lianyi/test/support/mllp-sender';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { type Hl7Config } from './config';
import { MemoryHospital, message, startBefore, utf8 } from './hl7.fixture';
import { type Hl7Bounds, type Hl7Interface } from './start-hl7';

const FEW: Partial<Hl7Bounds> = { places: 6, placesOfOne: 4, roomBytes: 200_000, roomBytesOfOne: 100_000 };

describe('a stranger on the hospital’s network', () => {
  let running: Hl7Interface;
  let open: Socket[] = [];
  const start = async (bounds: Partial<Hl7Bounds>, said: Partial<Hl7Config> = {}): Promise<void> => {
    running = await startBefore(new MemoryHospital(), said, [], { ...FEW, ...bounds });
  };
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    open = [];
    await running.stop();
  });
  const mute = async (says = ''): Promise<Socket> => {
    const socket = connect(running.port, '127.0.0.1').on('error', () => undefined);
    socket.resume();
    open.push(socket);
    await once(socket, 'connect');
    socket.write(says);
    return socket;
  };
  const sender = async (): Promise<MllpSender> => {
    const made = await MllpSender.to(running.port);
    open.push(made.socket);
    return made;
  };
  const mutes = async (count: number, says = ''): Promise<readonly Socket[]> => {
    const made: Socket[] = [];
    for (let at = 0; at < count; at += 1) made.push(await mute(says));
    return made;
  };

  it.each([
    ['says nothing', ''],
    ['begins frames and does not end them', '\u000b'],
    ['fills the room with what does not end', `\u000b${'A'.repeat(60_000)}`],
    ['says what is none', 'MSH|'],
  ])('who %s, on more connections than there are, keeps nobody out', async (_what, says) => {
    await start({});
    const known = await sender();
    known.send(utf8(message({ id: '1' })));
    expect(await known.heard(1)).toEqual(['AA 1']);
    await mutes(12, says);
    const fresh = await sender();
    fresh.send(utf8(message({ id: '2' })));
    expect(await fresh.heard(1)).toEqual(['AA 2']);
    known.send(utf8(message({ id: '3' })));
    expect(await known.heard(2)).toEqual(['AA 1', 'AA 3']);
  });

  it.each([
    ['says nothing', '', { muteMillis: 50 }],
    ['does not end a frame', '\u000bMSH', { frameMillis: 50 }],
  ])('who %s is let go in time', async (_what, says, bounds) => {
    await start(bounds);
    const socket = await mute(says);
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  describe('where senders show a certificate', () => {
    let tls: NonNullable<Hl7Config['tls']>;
    let own: { readonly cert: string; readonly key: string };
    let ca = '';
    beforeAll(async () => {
      const authority = await newAuthority('senders');
      const [server, client] = [await authority.issue('server'), await authority.issue('lis')];
      const directory = scratchDirectory();
      const file = (name: string, text: string): string => {
        writeFileSync(join(directory, name), text);
        return join(directory, name);
      };
      ca = authority.pem;
      own = client;
      tls = { certFile: file('s.crt', server.cert), keyFile: file('s.key', server.key), caFile: file('ca.crt', ca) };
    });

    it('keeps nobody out by handshakes that are not begun, and is let go in time', async () => {
      await start({ handshakeMillis: 300 }, { tls });
      const sockets = await mutes(12);
      const secured = connectTls({ port: running.port, host: '127.0.0.1', ca, ...own, checkServerIdentity: () => undefined });
      open.push(secured);
      const heard = once(secured, 'data');
      await once(secured, 'secureConnect');
      secured.write(Buffer.concat([Buffer.from('\u000b'), utf8(message({ id: '1' })), Buffer.from('\u001c\r')]));
      const [answer] = (await heard) as [Buffer];
      expect(answer.toString()).toContain('MSA|AA|1');
      for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
    });
  });
});
