import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { conformanceCases } from '../conformance/cases/all';
import { type ConformanceCase } from '../conformance/conformance-case';
import { conformanceConsortium } from '../conformance/conformance-consortium';
import { A, B, C, ConformanceNetwork } from '../conformance/conformance-network';
import { Observations } from '../conformance/observations';
import { type Outcome } from '../conformance/outcome';
import { type ClientRelease, stockClients } from '../conformance/stock-client';
import { describeOnFabric, fabric, FabricUp } from './fabric-command';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');
// Fabric 3.1 with Raft answered everything; FABRIC_LINE=2.5 and FABRIC_ORDERING=bft try what differs elsewhere
const line = process.env['FABRIC_LINE'] === '2.5' ? '2.5' : '3.1';
const ordering = process.env['FABRIC_ORDERING'] === 'bft' ? 'bft' : 'raft';
const observations = new Observations(line, ordering);
/** Writes down what has not been asked before instead of failing at it. */
const isRecording = process.env['CONFORMANCE_RECORD'] === '1';
const releases: readonly ClientRelease[] = ['1.12', '1.11'];
const cases = conformanceCases.filter(({ id }) => observations.isAsked(id));

describeOnFabric('real Fabric answers as it was recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-fabric-conformance-'));
  const dir = join(folder, 'network');
  let running: FabricUp;
  let version: string;
  let ran = 0;

  beforeAll(async () => {
    const file = join(folder, 'consortium.yaml');
    writeFileSync(file, JSON.stringify({ ...Object(conformanceConsortium), ordering }));
    const chaincodes = ['t', 'u', 'i'].flatMap((name) => ['--chaincode', `${name}=${chaincode}`]);
    running = await FabricUp.start(dir, [...chaincodes, '--execute-timeout', '5'], file);
    version = (JSON.parse(fabric(['status', '--dir', dir, '--json']).stdout) as { readonly fabricVersion: string }).fabricVersion;
  });

  afterAll(async () => {
    const skipped = cases.length * releases.length - ran;
    process.stdout.write(
      `${cases.length} cases on Fabric ${version} (${ordering}) through fabric-gateway ${releases.join(' and ')}: ${ran} run, ${skipped} skipped\n`,
    );
    await running.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(releases)('through fabric-gateway %s', (release) => {
    let network: ConformanceNetwork;
    beforeAll(() => {
      network = new ConformanceNetwork(running.ready.profiles, {
        tooLongMillis: 6_000,
        gossipMillis: 2_500,
        library: stockClients[release].library,
      });
    });
    afterAll(() => {
      network.close();
    });

    /** The peer of another organisation commits a moment later than one's own: what is asked of it may come too early. */
    const patiently = async (each: ConformanceCase, expected: Outcome | undefined): Promise<Outcome> => {
      let outcome = await each.run(network);
      for (let more = 2; more > 0 && expected !== undefined && !isDeepStrictEqual(outcome, expected); more -= 1) {
        await network.level([A, B, C]);
        outcome = await each.run(network);
      }
      return outcome;
    };

    it.each(cases.map((each) => [each.id, each.title, each] as const))('%s: %s', async (id, _title, each) => {
      ran += 1;
      const expected = isRecording ? observations.heardOrRecorded(id) : observations.answer(id);
      const outcome = await patiently(each, expected ?? observations.mainAnswer(id));
      if (isRecording && expected === undefined) {
        process.stderr.write(`${id} `);
        observations.hear(id, outcome);
        observations.save(version); // at once: a recording takes minutes, and may be cut short
      } else expect(outcome).toEqual(expected);
    });
  });
});
