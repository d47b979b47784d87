import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { clearSocket, controlSocket, refuseForeignSocket, removeSocket } from './control-socket';

const OTHERS = { getuid: () => 4_294_967 };

describe('the socket through which a running network is spoken to', () => {
  const shared = mkdtempSync(join(tmpdir(), 'lianyi-socket-'));
  const dir = join(shared, 'n');
  const path = controlSocket(dir);
  const servers: Server[] = [];
  const listen = async (at: string): Promise<void> => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(at, resolve));
  };
  const asSomebodyElse = (act: () => void): void => {
    const spy = jest.spyOn(process, 'getuid').mockImplementation(OTHERS.getuid);
    try {
      act();
    } finally {
      spy.mockRestore();
    }
  };

  beforeEach(() => {
    mkdirSync(dir, { mode: 0o700 });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  afterAll(() => {
    rmSync(shared, { recursive: true, force: true });
  });

  it('lies in the data directory, else in a folder of our own that nobody else may enter', () => {
    expect(path).toBe(join(dir, 'control.sock'));
    const long = clearSocket(join(shared, 'x'.repeat(100)));
    expect(dirname(long)).toBe(join(tmpdir(), `lianyi-${String(process.getuid?.())}`));
    expect(lstatSync(dirname(long)).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(long)).toBeLessThan(100);
  });

  it.each(['0770', '0702', '1777'])('is not trusted in a folder where others may write: %s', async (mode) => {
    await listen(path);
    refuseForeignSocket(path);
    chmodSync(dir, Number.parseInt(mode, 8));
    expect(() => {
      refuseForeignSocket(path);
    }).toThrow(/nobody else may write/);
    expect(() => clearSocket(dir)).toThrow(/nobody else may write/);
    expect(existsSync(path)).toBe(true);
  });

  it("is not trusted if the folder is somebody else's", async () => {
    await listen(path);
    asSomebodyElse(() => {
      expect(() => {
        refuseForeignSocket(path);
      }).toThrow(/a folder of yours/);
      removeSocket(dir);
    });
    expect(existsSync(path)).toBe(true);
  });

  it('is no file that somebody put in its place', () => {
    writeFileSync(path, '');
    expect(() => clearSocket(dir)).toThrow(/is not a socket of yours/);
    removeSocket(dir);
    expect(existsSync(path)).toBe(true);
  });

  it('makes room for the next when a killed process left it', async () => {
    await listen(path);
    expect(clearSocket(dir)).toBe(path);
    expect(existsSync(path)).toBe(false);
  });
});
