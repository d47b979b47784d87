import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { parseConsortium, type RunningNetwork } from '@lianyi/network-model';
import { conformanceCases } from './cases/all';
import { conformanceConsortium } from './conformance-consortium';
import { ConformanceNetwork } from './conformance-network';
import { Observations } from './observations';
import { type ClientRelease, stockClients } from './stock-client';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');

/** A busy machine takes seconds for a call of a hundred writes; two cases wait for the end of it. */
const EXECUTE_TIMEOUT_MILLIS = 5_000;

/** All cases through one release of the client, on a network of their own: the releases run side by side. */
export function describeEmbeddedCases(release: ClientRelease): void {
  const observations = new Observations('3.1', 'raft');

  describe(`the embedded network answers fabric-gateway ${release} as Fabric ${observations.fabric} did`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'lianyi-conformance-'));
    let running: RunningNetwork | undefined;
    let network: ConformanceNetwork;

    beforeAll(async () => {
      running = await startEmbeddedNetwork({
        consortium: parseConsortium(conformanceConsortium),
        chaincodes: new Map(['t', 'u', 'i'].map((name) => [name, chaincode])),
        dir,
        executeTimeoutMillis: EXECUTE_TIMEOUT_MILLIS,
      });
      const profiles = Object.fromEntries(running.organizations.map(({ mspId, profile }) => [mspId, profile]));
      network = new ConformanceNetwork(profiles, { tooLongMillis: EXECUTE_TIMEOUT_MILLIS + 1_000, library: stockClients[release].library });
    });

    afterAll(async () => {
      network.close();
      await running?.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    it.each(conformanceCases.map((each) => [each.id, each.title, each] as const))('%s: %s', async (id, _title, each) => {
      expect(await each.run(network)).toEqual(observations.answer(id));
    });
  });
}
