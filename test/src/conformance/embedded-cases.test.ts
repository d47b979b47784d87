import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseConsortium, type RunningNetwork, startEmbeddedNetwork } from '@lianyi/network';
import { conformanceCases } from './cases/all';
import { conformanceConsortium } from './conformance-consortium';
import { ConformanceNetwork } from './conformance-network';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');

describe('the embedded network answers as Fabric v3.1.5 did', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-conformance-'));
  let running: RunningNetwork | undefined;
  let network: ConformanceNetwork;

  beforeAll(async () => {
    running = await startEmbeddedNetwork({
      consortium: parseConsortium(conformanceConsortium),
      chaincodes: new Map(['t', 'u'].map((name) => [name, chaincode])),
      dir,
      executeTimeoutMillis: 2_000,
    });
    network = new ConformanceNetwork(Object.fromEntries(running.organizations.map(({ mspId, profile }) => [mspId, profile])), '3000');
  });

  afterAll(async () => {
    network.close();
    await running?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(conformanceCases.map((each) => [each.id, each.title, each] as const))('%s: %s', async (_id, _title, each) => {
    expect(await each.run(network)).toEqual(each.expected);
  });
});
