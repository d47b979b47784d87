import { join, resolve } from 'node:path';
import { type Command } from 'commander';
import { downEmbedded, examineEmbedded, findPrunableEmbedded, startEmbeddedNetwork, stopEmbedded } from '@lianyi/embedded-network';
import { loadConsortium, OperatorError } from '@lianyi/network-model';
import { addAdministrationCommands } from './administration-commands';
import { readLag } from './lag-option';
import { type Output } from './output';
import { addPruneVerb } from './prune';
import { reportFindings } from './report-findings';
import { untilAskedToStop } from './stop-request';
import { collect, readChaincodes, runUntilStopped } from './up-command';
import { addVerb, type VerbGroup } from './verb-group';

interface UpOptions {
  readonly consortium: string;
  readonly chaincode?: readonly string[];
  readonly dir: string;
  readonly json?: true;
  readonly lag?: readonly string[];
  readonly exitWithParent?: true;
}

const banner =
  'This is a workbench, not a network: one process plays all organisations, holds all their keys and protects nobody. It listens on this machine only.';

const DEFAULT_DIR = '.lianyi/embedded';
const DIR_TEXT = 'where certificates, chain and logs are kept';

export function addEmbeddedCommands(program: Command, output: Output): void {
  const embedded = program.command('embedded').description('the whole consortium in one process, with nothing else installed');
  addUp(embedded, output);
  const kind = {
    command: embedded,
    defaultDir: DEFAULT_DIR,
    stop: stopEmbedded,
    down: downEmbedded,
    logsFolder: (dataDir: string) => join(dataDir, 'logs'),
  };
  addDoctor(embedded, output);
  addAdministrationCommands(kind, output);
  addPruneVerb(kind, output, {
    find: findPrunableEmbedded,
    explanation: `Of a running network. Removed are: folders of chaincode services of superseded definitions; certificates, keys and packages of
organisations that left; logs of services that are no more; what killed verbs left.`,
  });
  refuseSnapshots(kind);
}

function addUp(embedded: Command, output: Output): void {
  embedded
    .command('up')
    .description('start it in the foreground; Ctrl-C stops it, and a second start on the same directory continues')
    .option('--consortium <file>', 'definition of the consortium', 'consortium.yaml')
    .option('--chaincode <dir>', 'directory of a chaincode package; NAME=DIR where the consortium defines several', collect)
    .option('--dir <dir>', DIR_TEXT, DEFAULT_DIR)
    .option('--lag <name=ms>', 'let a peer, or all of an organisation (MSP id), commit each block so much later', collect)
    .option('--json', 'print one JSON line when everything is ready')
    .option('--exit-with-parent', 'also stop when standard input closes')
    .addHelpText(
      'after',
      `
The chaincode is started once per organisation by the script "start:server" of its package.json (no shell; $NAME is
filled in from Fabric's environment: CORE_CHAINCODE_ID, CORE_CHAINCODE_ADDRESS, CORE_CHAINCODE_TLS_*, CORE_PEER_LOCALMSPID),
else as "fabric-chaincode-node server".

Exit codes: 0 stopped when asked to; 1 could not start or failed; 2 wrong command line, definition or chaincode directory.

Example:
  lianyi-network embedded up --consortium consortium.yaml --chaincode chaincode`,
    )
    .action((options: UpOptions) => up(options, output));
}

async function up(options: UpOptions, output: Output): Promise<void> {
  const consortium = loadConsortium(options.consortium);
  const chaincodes = readChaincodes(options.chaincode ?? [], consortium);
  const stopRequest = untilAskedToStop(options.exitWithParent === true);
  output.err(banner);
  const network = await startEmbeddedNetwork({
    consortium,
    chaincodes,
    dir: resolve(options.dir),
    lag: readLag(options.lag ?? [], consortium),
    onProgress: (step) => {
      output.err(`  ready: ${step}`);
    },
  });
  await runUntilStopped(network, { chaincodes: [...chaincodes.keys()], json: options.json === true }, stopRequest, output);
}

function addDoctor(embedded: Command, output: Output): void {
  embedded
    .command('doctor')
    .description('what a start needs and what is missing; changes nothing')
    .option('--consortium <file>', 'definition of the consortium', 'consortium.yaml')
    .option('--dir <dir>', DIR_TEXT, DEFAULT_DIR)
    .option('--json', 'print JSON')
    .action(async ({ consortium, dir, json }: UpOptions) => {
      reportFindings(await examineEmbedded(loadConsortium(consortium), resolve(dir)), json === true, output);
    });
}

/** Registered all the same, so that whoever knows them from the other kind is told why. */
function refuseSnapshots(kind: VerbGroup): void {
  for (const name of ['snapshot', 'restore']) {
    addVerb(kind, name, 'not here: the peers of the embedded network share one ledger')
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new OperatorError(
          'NOT_BUILT',
          `the embedded network has no ${name}: its peers share one ledger, so there is no peer to rebuild; real Fabric has it (fabric ${name})`,
        );
      });
  }
}
