import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callCases } from '../conformance/cases/calls';
import { craftedCases } from '../conformance/cases/crafted';
import { privateDataCases } from '../conformance/cases/private-data';
import { publicStateCases } from '../conformance/cases/public-state';
import { streamCases } from '../conformance/cases/streams';
import { conformanceConsortium } from '../conformance/conformance-consortium';
import { ConformanceNetwork } from '../conformance/conformance-network';
import { describeOnFabric, fabric, FabricUp } from './fabric-command';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');

// the observations were made on Raft; `ordering` in the environment tries the other
describeOnFabric('real Fabric answers as it was recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-fabric-conformance-'));
  const dir = join(folder, 'network');
  let running: FabricUp | undefined;
  let network: ConformanceNetwork;

  beforeAll(async () => {
    const file = join(folder, 'consortium.yaml');
    writeFileSync(file, JSON.stringify({ ...Object(conformanceConsortium), ordering: process.env['FABRIC_ORDERING'] ?? 'raft' }));
    const chaincodes = ['t', 'u'].flatMap((name) => ['--chaincode', `${name}=${chaincode}`]);
    running = await FabricUp.start(dir, [...chaincodes, '--execute-timeout', '5'], file);
    network = new ConformanceNetwork(running.ready.profiles);
  });

  afterAll(async () => {
    network.close();
    await running?.end();
    fabric(['down', '--dir', dir]);
    rmSync(folder, { recursive: true, force: true });
  });

  const cases = [...publicStateCases, ...privateDataCases, ...callCases, ...streamCases, ...craftedCases];
  it.each(cases.map((each) => [each.id, each.title, each] as const))('%s: %s', async (_id, _title, each) => {
    expect(await each.run(network)).toEqual(each.expected);
  });
});
