import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { callCases } from '../conformance/cases/calls';
import { craftedCases } from '../conformance/cases/crafted';
import { privateDataCases } from '../conformance/cases/private-data';
import { publicStateCases } from '../conformance/cases/public-state';
import { streamCases } from '../conformance/cases/streams';
import { type ConformanceCase } from '../conformance/conformance-case';
import { conformanceConsortium } from '../conformance/conformance-consortium';
import { ConformanceNetwork } from '../conformance/conformance-network';
import { type Outcome } from '../conformance/outcome';
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

  // a BFT submit asks several orderers, and what each refused with is in the details (rows 40g-bft, 40h-bft)
  const isBft = process.env['FABRIC_ORDERING'] === 'bft';
  const severalOrderers = new Map(
    ['40g', '40h'].map((id) => [
      id,
      '14 UNAVAILABLE: insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    ]),
  );

  // 2.5 has no time window, and its gateway asks its own peer past the filters (internal/peer/node/start.go): an expired
  // certificate evaluates there, and its endorsement is refused by the other organisations' peers only
  const isOn25 = process.env['FABRIC_LINE'] === '2.5';
  const codesOn25 = new Map([...['39e', '39e2', '42a', '43a', '43a2', '43b'].map((id) => [id, 0] as const), ['42b', 10] as const]);

  /** The peer of another organisation commits a moment later than one's own: what is asked of it may come too early. */
  const patiently = async (each: ConformanceCase): Promise<Outcome> => {
    const outcome = await each.run(network);
    if (isDeepStrictEqual(outcome, each.expected)) return outcome;
    await new Promise((done) => setTimeout(done, 500));
    return each.run(network);
  };

  const cases = [...publicStateCases, ...privateDataCases, ...callCases, ...streamCases, ...craftedCases];
  it.each(cases.map((each) => [each.id, each.title, each] as const))('%s: %s', async (_id, _title, each) => {
    const outcome = await patiently(each);
    const underBft = isBft ? severalOrderers.get(each.id) : undefined;
    const codeOn25 = isOn25 ? codesOn25.get(each.id) : undefined;
    if (codeOn25 !== undefined) expect(outcome).toMatchObject({ grpcCode: codeOn25 });
    else if (underBft === undefined) expect(outcome).toEqual(each.expected);
    else expect(outcome).toMatchObject({ grpcCode: 14, message: underBft });
  });
});
