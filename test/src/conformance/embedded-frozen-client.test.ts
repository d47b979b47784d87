import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { loadConsortium } from '@lianyi/network-model';
import { waitUntil } from '../wait-until';

const root = resolve(__dirname, '../../..');

const session = (port: number): string => `require('node:http2').connect('https://localhost:${port}', { rejectUnauthorized: false })`;
const call = `{ ':method': 'POST', ':path': '/gateway.Gateway/Evaluate', 'content-type': 'application/grpc', te: 'trailers' }`;
/** What a client has done when it stands still; each is a program that says when it has come so far. */
const clients: Readonly<Record<string, (port: number) => string>> = {
  'after one call': (port) =>
    `const s = ${session(port)}; const r = s.request(${call}); r.on('response', there).on('error', () => undefined).resume(); r.end();`,
  'in the middle of a call': (port) =>
    `const s = ${session(port)}; s.request(${call}).on('error', () => undefined).write(Buffer.alloc(3), there);`,
  'once it is connected': (port) => `const s = ${session(port)}; s.on('connect', there);`,
  'before it has said a word': (port) => `const s = require('node:net').connect(${port}, '127.0.0.1', there);`,
};

/** A client in a process of its own. */
const start = (program: string): ChildProcess =>
  spawn(
    process.execPath,
    ['-e', `const there = () => console.log('there'); ${program} s.on('error', () => undefined); setInterval(() => undefined, 1000);`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );

describe(`an embedded network whose clients stand still: ${Object.keys(clients).join(', ')}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-frozen-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('stops without waiting for them, and leaves no connection behind', async () => {
    const network = await startEmbeddedNetwork({
      consortium: { ...loadConsortium(join(root, 'consortium.yaml')), chaincodes: [] },
      chaincodes: new Map(),
      dir,
    });
    const { peers, orderers } = network.definition().layout;
    const ports = [...peers, ...orderers].map(({ port }) => port);
    const started = Object.values(clients).map((program, index) => start(program(ports[index] ?? 0)));
    try {
      await Promise.all(started.map(async ({ stdout }) => stdout && once(stdout, 'data')));
      for (const { pid } of started) if (pid !== undefined) process.kill(pid, 'SIGSTOP');
      const begun = Date.now();
      await network.stop();
      // half of what gRPC's server would wait for them
      expect(Date.now() - begun).toBeLessThan(15_000);
      // what is left would keep the process alive; servers that closed are gone a moment later
      const isGone = (): boolean =>
        !process.getActiveResourcesInfo().some((kind) => /^(TLSSocketWrap|TCPSocketWrap|TCPServerWrap)$/.test(kind));
      await waitUntil('all connections and servers are gone', isGone, 20_000);
    } finally {
      for (const each of started) each.kill('SIGKILL');
    }
  });
});
