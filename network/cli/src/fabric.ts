import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { downFabric, examineFabric, fabricFolders, startFabricNetwork, stopFabric, type SupervisorEvent } from '@lianyi/fabric-processes';
import { type Consortium, loadConsortium, OperatorError } from '@lianyi/network-model';
import { addAdministrationCommands } from './administration-commands';
import { addPruneVerb } from './fabric-prune';
import { type Output } from './output';
import { reportFindings } from './report-findings';
import { addSnapshotVerbs } from './snapshot-commands';
import { untilAskedToStop } from './stop-request';
import { collect, readChaincodes, runUntilStopped } from './up-command';

interface DirOption {
  readonly dir: string;
  readonly json?: true;
}
interface UpOptions extends DirOption {
  readonly consortium: string;
  readonly certificates?: NonNullable<Consortium['certificates']>;
  readonly chaincode?: readonly string[];
  readonly exitWithParent?: true;
  readonly executeTimeout?: number;
  readonly despiteUnsafeKeys?: true;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError('a number of seconds up to 3600 is needed');
  return seconds;
}

const DEFAULT_DIR = '.lianyi/fabric';
const DIR_TEXT = 'where certificates, ledgers and logs are kept';

/** Registers `fabric …`: real Hyperledger Fabric as native processes of this machine. */
export function addFabricCommands(program: Command, output: Output): void {
  const fabric = program.command('fabric').description('real Hyperledger Fabric: peers and orderers as processes of this machine');
  addUp(fabric, output);
  addDoctor(fabric, output);
  const kind = {
    command: fabric,
    defaultDir: DEFAULT_DIR,
    stop: stopFabric,
    down: downFabric,
    logsFolder: (dataDir: string) => fabricFolders(dataDir).logs,
  };
  addAdministrationCommands(kind, output);
  addSnapshotVerbs(kind, output);
  addPruneVerb(kind, output);
}

const certificatesOption = (): Option =>
  new Option(
    '--certificates <by>',
    "who issues them, if not as the definition says: this program, or each organisation's own CA server",
  ).choices(['in-process', 'fabric-ca']);

/**
 * The definition. The command line overrules who issues certificates, FABRIC_LINE in the environment its release line, so that
 * one file is tried on all.
 */
function loadForFabric({ consortium: file, certificates }: UpOptions): Consortium {
  const consortium = { ...loadConsortium(file), ...(certificates && { certificates }) };
  const line = process.env['FABRIC_LINE'];
  if (line === undefined || line === '') return consortium;
  if (line !== '3.1' && line !== '2.5') throw new OperatorError('UNKNOWN_NAME', `FABRIC_LINE is '${line}'; it may be 3.1 or 2.5`);
  return { ...consortium, fabricLine: line };
}

function addUp(fabric: Command, output: Output): void {
  fabric
    .command('up')
    .description('start it in the foreground; Ctrl-C stops it, and a second start on the same directory continues')
    .option('--consortium <file>', 'definition of the consortium', 'consortium.yaml')
    .addOption(certificatesOption())
    .option('--chaincode <dir>', 'directory of a chaincode package; NAME=DIR where the consortium defines several', collect)
    .option('--dir <dir>', DIR_TEXT, DEFAULT_DIR)
    .option('--json', 'print one JSON line when everything is ready')
    .option('--exit-with-parent', 'also stop when standard input closes')
    .option('--despite-unsafe-keys', 'start although the endorsement policy of a key protects nothing, to put it right')
    .option('--execute-timeout <seconds>', 'how long one transaction may run in the chaincode', parseSeconds)
    .addHelpText(
      'after',
      `
Fabric's programs peer, orderer and configtxgen (and fabric-ca-server, where certificates are its work) are looked for in
FABRIC_BIN, then on PATH; "fabric doctor" says what is missing. The consortium's fabricLine chooses v3.1 (SmartBFT) or v2.5 (Raft). A node that ends is started again, and an
orderer whose height stands still while the others go on is restarted.`,
    )
    .action((options: UpOptions) => up(options, output));
}

async function up(options: UpOptions, output: Output): Promise<void> {
  const consortium = loadForFabric(options);
  const chaincodes = readChaincodes(options.chaincode ?? [], consortium);
  const stopRequest = untilAskedToStop(options.exitWithParent === true);
  const network = await startFabricNetwork({
    consortium,
    chaincodes,
    dir: resolve(options.dir),
    despiteUnsafeKeys: options.despiteUnsafeKeys === true,
    ...(options.executeTimeout !== undefined && { executeTimeoutMillis: options.executeTimeout * 1000 }),
    onStage: ({ stage, millis }) => {
      output.err(`  ${stage}: ${millis} ms`);
    },
    onEvent: (event) => {
      output.err(describeEvent(event));
    },
  });
  await runUntilStopped(network, { chaincodes: [...chaincodes.keys()], json: options.json === true }, stopRequest, output);
}

function describeEvent(event: SupervisorEvent): string {
  switch (event.kind) {
    case 'ended':
      return `${event.node} ended (${event.how}); it is started again in ${event.restartMillis} ms`;
    case 'restarted':
      return `${event.node} was restarted (${event.reason})`;
    case 'restartFailed':
      return `${event.node} could not be restarted: ${event.reason}`;
    case 'notStarted':
      return `${event.node} is not there (${event.reason}); the network works without it until a certificate is wanted`;
  }
}

function addDoctor(fabric: Command, output: Output): void {
  fabric
    .command('doctor')
    .description('what a start needs and what is missing; changes nothing')
    .option('--consortium <file>', 'definition of the consortium', 'consortium.yaml')
    .addOption(certificatesOption())
    .option('--dir <dir>', DIR_TEXT, DEFAULT_DIR)
    .option('--json', 'print JSON')
    .action(async (options: UpOptions) => {
      const { dir, json } = options;
      const findings = await examineFabric(loadForFabric(options), resolve(dir));
      reportFindings(findings, json === true, output);
    });
}
