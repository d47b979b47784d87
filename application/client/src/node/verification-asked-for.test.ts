import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '@lianyi/domain';
import { buildProgram } from '@lianyi/test/support/child-program';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';

describe('a request of a process whose environment switches Node’s verification off', () => {
  let server: Server;
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let pin: string;
  let program: string;

  beforeAll(async () => {
    [authority, stranger] = await Promise.all([newAuthority('the named one'), newAuthority('another')]);
    const own = await authority.issue('server');
    pin = sha256(new X509Certificate(own.cert).raw);
    server = createServer(own, (_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    program = buildProgram(join(__dirname, 'verification-asked-for.fixture.ts'));
  });
  afterAll(() => {
    server.close();
  });

  const asked = (ca: TestAuthority, pinned?: string): Promise<string> => {
    const { port } = server.address() as AddressInfo; // a TCP server's address is no string
    const args = [program, String(port), Buffer.from(ca.pem).toString('base64'), ...(pinned === undefined ? [] : [pinned])];
    const env = { PATH: process.env['PATH'], NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const child = spawn(process.execPath, ['--no-warnings', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000 });
    return new Promise((resolve) => {
      let said = '';
      child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
      child.once('close', () => {
        resolve(said);
      });
    });
  };

  it('is answered by the server of the named authority, with and without the pin', async () => {
    expect(await asked(authority)).toBe('answered 200');
    expect(await asked(authority, pin)).toBe('answered 200');
  });
  it('is not sent to a server of another authority', async () => {
    expect(await asked(stranger)).toBe('NotSent');
    expect(await asked(stranger, pin)).toBe('NotSent');
  });
  it('is not sent to a server with another certificate than is pinned', async () => {
    expect(await asked(authority, sha256('another certificate'))).toBe('NotSent');
  });
});
