import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '@lianyi/domain';
import { buildProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';

/** What an environment may say of whom Node believes; the file holds the authority of the server. */
const environments: readonly (readonly [string, (file: string) => Readonly<Record<string, string>>])[] = [
  ['switches Node’s verification off', () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })],
  ['has Node believe another authority beside its own', (file) => ({ NODE_EXTRA_CA_CERTS: file })],
  ['has Node believe another authority instead of its own', (file) => ({ NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: file })],
  [
    'does all of that and names a proxy',
    (file) => ({
      ...{ NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_EXTRA_CA_CERTS: file, NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: file },
      ...{ HTTPS_PROXY: 'http://127.0.0.1:9', NODE_USE_ENV_PROXY: '1' },
    }),
  ],
];

describe('requests of a process', () => {
  let server: Server;
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let pin: string;
  let program: string;
  let file: string;

  beforeAll(async () => {
    [authority, stranger] = await Promise.all([newAuthority('the named one'), newAuthority('another')]);
    file = join(scratchDirectory(), 'authority.pem');
    writeFileSync(file, authority.pem);
    const own = await authority.issue('server');
    pin = sha256(new X509Certificate(own.cert).raw);
    server = createServer(own, (_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    program = buildProgram(join(__dirname, 'verification-asked-for.fixture.ts'));
  });
  afterAll(() => {
    server.close();
  });

  const told = (env: Readonly<Record<string, string>>, ...asked: readonly (readonly [TestAuthority, string?])[]): Promise<string> => {
    const { port } = server.address() as AddressInfo; // a TCP server's address is no string
    const args = asked.map(([{ pem }, pinned = '']) => `${Buffer.from(pem).toString('base64')} ${pinned}`.trim());
    const child = spawn(process.execPath, ['--no-warnings', program, String(port), ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    return new Promise((resolve) => {
      let said = '';
      child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
      child.once('close', () => {
        resolve(said);
      });
    });
  };

  it.each(environments)(
    'whose environment %s are sent to the named authority’s server with the named certificate alone',
    async (_what, of) => {
      const other = sha256('another certificate');
      const asked = [[authority], [authority, pin], [stranger], [stranger, pin], [authority, other], [stranger, other]] as const;
      expect(await told(of(file), ...asked)).toBe('answered 200,answered 200,NotSent,NotSent,NotSent,NotSent');
    },
  );
});
