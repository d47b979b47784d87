/**
 * `npm run record:chain` records a chain of real Fabric for the replay test: a fresh network of native processes
 * (FABRIC_BIN or PATH), every conformance case that leaves transactions, then a seeded random workload with upgrades and
 * changes of the configuration between. FABRIC_LINE=2.5 records the other release line,
 * FABRIC_ORDERING=bft the other ordering, SEED=<number> other choices.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { common, parsePolicyText, peer } from '@lianyi/fabric-protocol';
import { fabric, FabricUp, whyNoFabric } from '../../fabric/fabric-command';
import { conformanceCases } from '../cases/all';
import { conformanceConsortium } from '../conformance-consortium';
import { A, B, ConformanceNetwork } from '../conformance-network';
import { changeEndorsementOfC } from './config-change';
import { type RecordedBlock, writeChain } from './recorded-chain';
import { SeededChoice } from './seeded-choice';
import { gatherGang } from './spoils';
import { upgradeChaincode } from './upgrade';
import { Workload } from './workload';

type Block = InstanceType<typeof common.Block>;

const chaincode = resolve(__dirname, '../../../fixtures/chaincode-conformance');
// as the observations; besides, BFT orderers drop an envelope that comes twice
const ordering = process.env['FABRIC_ORDERING'] ?? 'raft';
const seed = Number(process.env['SEED'] ?? '20261122');
const TARGET_HEIGHT = Number(process.env['BLOCKS'] ?? '560');
/** They wait for a time-out, end processes or fill megabytes, and leave no transaction worth it. */
const fruitless = new Set(['46a', '46b', '47a', '47b', '53l', '54', '54b', '54f', '54g']);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function runCases(network: ConformanceNetwork): Promise<void> {
  for (const each of conformanceCases) {
    if (!fruitless.has(each.id)) await each.run(network);
  }
}

/** Rounds until the chain is so high; every tenth is a big one, whose block holds many conflicts. */
async function work(network: ConformanceNetwork, workload: Workload, choice: SeededChoice, height: number): Promise<void> {
  for (let round = 1; (await network.height()) < height; round += 1) {
    await workload.round({ calls: round % 10 === 0 ? 40 : 2 + choice.below(7) });
    if (round % 10 === 0) say(`  height ${await network.height()}`);
  }
}

/** What happens to a channel in its life, with transactions endorsed before and sent after each event. */
async function live(network: ConformanceNetwork, workload: Workload, choice: SeededChoice): Promise<void> {
  const events: readonly (() => Promise<void>)[] = [
    () => upgradeChaincode(network, { chaincode: 't' }, () => workload.hold(6)),
    () =>
      upgradeChaincode(network, { chaincode: 'u', endorsementPolicy: "OR('HospitalAMSP.peer', 'HospitalBMSP.peer')" }, () =>
        workload.hold(6),
      ),
    // until the next event C's peer endorses nothing, not even for C's own collection
    () => changeEndorsementOfC(network, "OR('HospitalCMSP.admin')"),
    () => changeEndorsementOfC(network, "OR('HospitalCMSP.peer')"),
    () => upgradeChaincode(network, { chaincode: 't', version: '2.0', change: letBEndorseCep }, () => workload.hold(6)),
  ];
  const start = await network.height();
  const step = Math.ceil((TARGET_HEIGHT - start) / (events.length + 1));
  for (const [index, event] of events.entries()) {
    await work(network, workload, choice, start + step * (index + 1));
    await workload.hold(12);
    await event();
    await workload.flush();
    say(`  event ${index + 1} of ${events.length}`);
  }
  await workload.useAllSpoils();
  await work(network, workload, choice, TARGET_HEIGHT);
  await workload.flush();
}

function letBEndorseCep(collections: InstanceType<typeof peer.CollectionConfigPackage>): void {
  const cep = collections.getConfigList().find((each) => each.getStaticCollectionConfig()?.getName() === 'cep');
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(parsePolicyText("OR('HospitalBMSP.peer')"));
  cep?.getStaticCollectionConfig()?.setEndorsementPolicy(policy);
}

function recorded(block: Block): RecordedBlock {
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const commitHash = common.Metadata.deserializeBinary(metadata[common.BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array());
  return {
    number: block.getHeader()?.getNumber() ?? 0,
    block: Buffer.from(block.serializeBinary()).toString('base64'),
    flags: [...(metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? [])],
    commitHash: Buffer.from(commitHash.getValue_asU8()).toString('hex'),
  };
}

/** The whole chain, as the peer of an organisation delivers it. */
async function delivered(network: ConformanceNetwork, mspId: string, height: number): Promise<readonly RecordedBlock[]> {
  const blocks: RecordedBlock[] = [];
  const stream = await network.as(mspId).channel.getBlockEvents({ startBlock: 0n });
  for await (const block of stream) {
    if (blocks.push(recorded(common.Block.deserializeBinary(block.serializeBinary()))) === height) break;
  }
  stream.close();
  return blocks;
}

function countCodes(blocks: readonly RecordedBlock[]): Readonly<Record<string, number>> {
  const names = new Map<number, string>(Object.entries(peer.TxValidationCode).map(([name, code]) => [code, name]));
  const counts = new Map<number, number>();
  for (const code of blocks.flatMap(({ flags }) => flags)) counts.set(code, (counts.get(code) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => a - b).map(([code, count]) => [names.get(code) ?? String(code), count]));
}

async function write(network: ConformanceNetwork, fabricVersion: string): Promise<void> {
  const height = await network.height();
  const blocks = await delivered(network, A, height);
  const elsewhere = await delivered(network, B, height);
  const differing = blocks.filter(
    ({ flags, commitHash }, index) => flags.join() !== elsewhere[index]?.flags.join() || commitHash !== elsewhere[index].commitHash,
  );
  if (differing.length > 0) throw new Error(`the peers of A and B differ in block ${differing[0]?.number}`);
  const context = {
    fabricVersion,
    ordering,
    seed,
    blocks: blocks.length,
    transactions: blocks.flatMap(({ flags }) => flags).length,
    codes: countCodes(blocks),
  };
  say(JSON.stringify(context, null, 2));
  say(`written: ${writeChain(blocks, context)}`);
}

async function record(): Promise<void> {
  const missing = whyNoFabric();
  if (missing !== undefined) throw new Error(missing);
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-record-'));
  const dir = join(folder, 'network');
  const file = join(folder, 'consortium.yaml');
  writeFileSync(file, JSON.stringify({ ...Object(conformanceConsortium), ordering }));
  const chaincodes = ['t', 'u', 'i'].flatMap((name) => ['--chaincode', `${name}=${chaincode}`]);
  let running: FabricUp | undefined;
  let network: ConformanceNetwork | undefined;
  try {
    running = await FabricUp.start(dir, chaincodes, file);
    network = new ConformanceNetwork(running.ready.profiles);
    const status = JSON.parse(fabric(['status', '--dir', dir, '--json']).stdout) as { readonly fabricVersion: string };
    say(`Fabric ${status.fabricVersion}, ${ordering}: conformance cases`);
    await runCases(network);
    const choice = new SeededChoice(seed);
    const workload = new Workload(network, choice, await gatherGang(network));
    say(`random workload of seed ${seed} from height ${await network.height()}`);
    await live(network, workload, choice);
    say(`${workload.refused} calls and envelopes were refused`);
    await write(network, status.fabricVersion);
  } catch (error) {
    say(running?.progress.join('') ?? '');
    throw error;
  } finally {
    network?.close();
    await running?.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(folder, { recursive: true, force: true });
  }
}

void record().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
