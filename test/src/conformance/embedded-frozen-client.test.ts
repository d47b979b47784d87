import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { loadConsortium } from '@lianyi/network-model';
import { waitUntil } from '../wait-until';

const root = resolve(__dirname, '../../..');

/** A client in a process of its own that opens a connection, says so, and does nothing more. */
const client = (port: number): ChildProcess =>
  spawn(
    process.execPath,
    [
      '-e',
      `const s = require('node:http2').connect('https://localhost:${port}', { rejectUnauthorized: false });
       s.on('error', () => undefined); s.on('connect', () => console.log('there')); setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );

describe('an embedded network whose clients stand still', () => {
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
    const ports = [...peers, ...orderers].slice(0, 4).map(({ port }) => port);
    const clients = ports.map(client);
    try {
      await Promise.all(clients.map(async ({ stdout }) => stdout && once(stdout, 'data')));
      for (const { pid } of clients) if (pid !== undefined) process.kill(pid, 'SIGSTOP');
      const begun = Date.now();
      await network.stop();
      // half of what gRPC's server would wait for them
      expect(Date.now() - begun).toBeLessThan(15_000);
      // what is left would keep the process alive; servers that closed are gone a moment later
      const isGone = (): boolean =>
        !process.getActiveResourcesInfo().some((kind) => /^(TLSSocketWrap|TCPSocketWrap|TCPServerWrap)$/.test(kind));
      await waitUntil('all connections and servers are gone', isGone, 20_000);
    } finally {
      for (const each of clients) each.kill('SIGKILL');
    }
  });
});
